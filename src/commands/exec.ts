import { defineVerb } from "../command.ts";
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
    const program = Bun.which(name, { PATH: env.PATH ?? "", ...(ctx.cwd !== undefined && { cwd: ctx.cwd }) });
    if (program === null) throw new UserError(`there is no command "${name}"`, { hint: "check its name and PATH" });
    ctx.become(program, command, env);
  },
});
