import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { UserError } from "../core/errors.ts";
import { canAsk, confirm } from "../core/selectors/confirm.ts";
import { isProcessShell } from "../process-shell.ts";
import { SERVED, type ServedShell, SETUP, shellNamed } from "../setup.ts";
import { blockOf, isWritten, lineOf, withBlock, withoutBlock } from "./setup/block.ts";
import { placesOf } from "./setup/places.ts";
import { backupOf, openStartFile, shown, type StartFile } from "./setup/start-file.ts";

export default defineVerb({
  args: {
    shell: {
      type: "positional",
      required: false,
      description: `${SERVED.join(", ")}; without one, yours`,
      options: [...SERVED],
    },
    yes: { type: "boolean", alias: "y", description: "do not ask" },
    print: { type: "boolean", description: "print the lines, change nothing" },
    remove: { type: "boolean", description: "take out what setup has added, for every shell where none is named" },
  },
  examples: ["codex-auth setup", "codex-auth setup zsh --yes", "codex-auth setup --print", "codex-auth setup --remove"],
  async run(ctx, { shell, yes, print, remove }) {
    if (remove) return await takeOut(ctx, shell ? [shell] : SERVED, yes);
    const chosen = shell ?? ownShell(ctx);
    if (print) return printLines(ctx, chosen);
    await add(ctx, chosen, yes);
  },
});

/**
 * Returns the shell of the user: the one that SHELL names, else the one that has started this process. Of the shells that few log in with, which
 * a terminal starts beside SHELL, the one that has started it goes first. Throws UserError for one that is not known.
 */
function ownShell({ env, files, parent }: Context): ServedShell {
  // xonsh sets its title: its name, and words behind it
  const parents = shellNamed(files.readQuietly(`/proc/${parent}/comm`)?.trim().split(" ")[0]);
  const shell = parents && isProcessShell(parents) ? parents : (shellNamed(env.SHELL) ?? parents);
  if (shell) return shell;
  throw new UserError(`which shell is yours? SHELL is ${env.SHELL ? `"${env.SHELL}"` : "not set"}`, {
    hint: `codex-auth setup ${SERVED.join("|")}`,
  });
}

function printLines(ctx: Context, shell: ServedShell): void {
  ctx.terminal.out(blockOf(shell));
  ctx.log.info(`these lines belong at the end of ${shown(ctx, placesOf(ctx, shell).file)}`);
}

async function add(ctx: Context, shell: ServedShell, yes: boolean): Promise<void> {
  const { file: path, always, sometimes } = placesOf(ctx, shell);
  const there = [path, ...always, ...sometimes].find((each) => lineOf(ctx.files.bytes(each) ?? "", shell));
  if (there !== undefined) return tellThere(ctx, shell, there, sometimes.includes(there) ? path : undefined);
  checkOnPath(ctx);
  const file = openStartFile(ctx, path, `give it this line where it is made: ${SETUP[shell].line}`);
  const lines = blockOf(shell).trimEnd().split("\n");
  if (!yes) await ask(ctx, [`${shown(ctx, path)} gets at its end:`, ...lines.map((line) => `  ${line}`)], "Add it?");
  const backup = file.text === undefined ? undefined : backupOf(path);
  if (file.text !== undefined && backup !== undefined) ctx.files.writeBytes(backup, file.text);
  ctx.files.writeBytes(file.physical, withBlock(file.text, shell));
  ctx.terminal.out(`added to ${shown(ctx, path)}\n`);
  if (backup !== undefined) ctx.log.info(`the file as it was: ${shown(ctx, backup)}`);
  // what nushell's line writes is read where it starts
  if (shell === "nu") ctx.log.info("open a new terminal");
  else ctx.log.info({ message: "open a new terminal, or type the line in this one", hint: SETUP[shell].line });
}

/** Says that the line is there; `belongs`: where else it should be, as not every shell reads the file that has it. */
function tellThere(ctx: Context, shell: ServedShell, path: string, belongs: string | undefined): void {
  const at = `${shown(ctx, path)}:${lineOf(ctx.files.bytes(path) ?? "", shell)}`;
  if (belongs === undefined) return ctx.terminal.out(`the line is there already: ${at}\n`);
  const hint = `if a terminal shows no account, move the line to ${shown(ctx, belongs)}`;
  ctx.log.warn({ message: `the line is in ${at}, which not every ${shell} reads`, hint });
}

/** Throws UserError where a new shell would not find `codex-auth`; what npx puts on PATH is there for one command. */
function checkOnPath({ env }: Context): void {
  const lasting = (env.PATH ?? "")
    .split(":")
    .filter((one) => one.startsWith("/") && !/node_modules\/\.bin\/?$/.test(one));
  if (Bun.which("codex-auth", { PATH: lasting.join(":") || "/nowhere" })) return;
  throw new UserError("codex-auth is not on PATH, where each new shell looks for it", {
    hint: "install it, or link it into a directory on PATH",
  });
}

async function takeOut(ctx: Context, shells: readonly ServedShell[], yes: boolean): Promise<void> {
  const { files, log, terminal } = ctx;
  const places = shells.map((shell) => ({ shell, ...placesOf(ctx, shell) }));
  const read = places.flatMap(({ shell, file, always, sometimes }) =>
    [file, ...always, ...sometimes].map((path) => ({ path, shell })),
  );
  const added = [...new Set(read.map(({ path }) => path))].filter(
    (path) => withoutBlock(files.bytes(path) ?? "") !== undefined,
  );
  const opened = added.map((path) => openStartFile(ctx, path, "take the lines of codex-auth out where it is made"));
  const written = places.flatMap(({ written = [] }) => written).filter((path) => isWritten(files.bytes(path)));
  if (opened.length + written.length > 0 && !yes) {
    const going = opened.map(({ path }) => `what setup has added goes from ${shown(ctx, path)}`);
    await ask(ctx, [...going, ...written.map((path) => `${shown(ctx, path)} goes`)], "Take it out?");
  }
  for (const file of opened) takeOutOf(ctx, file);
  for (const path of written) {
    files.remove(path);
    terminal.out(`removed ${shown(ctx, path)}\n`);
  }
  const own = read.flatMap(({ path, shell }) => {
    const line = lineOf(files.bytes(path) ?? "", shell);
    return line === undefined ? [] : [`${shown(ctx, path)}:${line}`];
  });
  for (const at of own) log.info(`${at} is a line of your own: take it out by hand`);
  if (opened.length + written.length + own.length === 0) log.info("no start file has lines of codex-auth");
}

function takeOutOf(ctx: Context, { path, physical, text = "" }: StartFile): void {
  const { files, terminal } = ctx;
  const before = withoutBlock(text);
  const backup = backupOf(path);
  if (before === undefined) return;
  // without a newline before it, the file was made for the block
  if (before === "" && !text.startsWith("\n") && files.entry(path)?.kind === "file") files.remove(path);
  else files.writeBytes(physical, before);
  if (files.bytes(backup) === before) files.remove(backup);
  terminal.out(`taken out of ${shown(ctx, path)}\n`);
}

/** Asks. Throws UserError unless the answer is yes, or where nobody can be asked. */
async function ask(ctx: Context, going: readonly string[], question: string): Promise<void> {
  if (canAsk(ctx)) return await confirm(ctx, { going, question, otherwise: "nothing has changed" });
  throw new UserError("nobody can be asked here whether the file may be changed", { hint: "the same with --yes" });
}
