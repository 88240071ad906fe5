import { resolve } from "node:path";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { environmentFor } from "../core/here/acting.ts";
import { UserError } from "../core/errors.ts";

export default defineVerb({
  args: {
    account: {
      type: "string",
      description: "the account (default: the one of this directory)",
      valueHint: "SELECTOR",
      offers: "accounts",
    },
  },
  rest: { name: "command", description: "the command and its arguments", required: true, offers: "command" },
  examples: ["codex-auth exec -- codex", 'codex-auth exec --account work -- codex exec "say hello"'],
  async run(ctx, { account, _: command }) {
    const env = await environmentFor(ctx, account);
    const [name = ""] = command;
    const program = programOf(ctx, name, env.PATH ?? "");
    if (program === undefined) throw notRunnable(ctx, name);
    ctx.become(program, command, env);
  },
});

/** Returns the program that a name leads to. Of `codex` the real one: a shim would look for an account once more. */
function programOf(
  { programs, cwd }: Pick<Context, "programs" | "cwd">,
  name: string,
  path: string,
): string | undefined {
  if (name.includes("/")) {
    const file = resolve(cwd ?? "/", name);
    return (cwd !== undefined || name.startsWith("/")) && programs.isProgram(file) ? file : undefined;
  }
  for (const program of programs.named(name, path, cwd)) if (name !== "codex" || !program.shim) return program.path;
  return undefined;
}

/** Returns what to say of a command that cannot be run, with the exit code that a shell gives: 127 where there is none, 126 where it may not run. */
function notRunnable({ files, cwd }: Pick<Context, "files" | "cwd">, name: string): UserError {
  if (name.includes("/") && files.exists(resolve(cwd ?? "/", name)))
    return new UserError(`"${name}" cannot be run`, { hint: "it is a directory, or lacks chmod +x", exitCode: 126 });
  const hint = name === "codex" ? "npm install -g @openai/codex" : "check its name and PATH";
  return new UserError(`there is no command "${name}"`, { hint, exitCode: 127 });
}
