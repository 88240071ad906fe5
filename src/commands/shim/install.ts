import { delimiter, join } from "node:path";
import type { Context } from "../../context.ts";
import { homeIdOf } from "../../core/accounts/account.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { rememberShim, usualShimDirectory } from "../../core/base/shims.ts";
import { UserError } from "../../core/errors.ts";
import { codexHere, nextCodex } from "../../core/here/codex-here.ts";
import { pathFromHere } from "../../core/here/directory.ts";
import { checkAllowed } from "../../core/homes/allowed.ts";
import { inQuotes } from "../../core/printable.ts";
import { askWhich, chooseAccount } from "../../core/selectors/ask.ts";
import { changeState, WITHOUT_ASKING } from "../../core/state/change.ts";
import { underOurLock } from "../../core/state/our-lock.ts";
import { isProcessShell, quoteForProcessShell } from "../../process-shell.ts";
import { type ServedShell, SETUP, shellNamed } from "../../setup.ts";
import { quote } from "../../shell.ts";
import { renderShim } from "../../shim-script.ts";

/** Which shim to install: `as` is its file name. */
export interface Wanted {
  directory: string | undefined;
  account: string | undefined;
  as: string;
}

/** Installs a shim, or brings the one that is there up to date. Throws UserError when something else lies in its place. */
export async function installShim(ctx: Context, { directory: given, account: selector, as }: Wanted): Promise<void> {
  const directory = directoryOf(ctx, given);
  const path = join(directory, as);
  checkFree(ctx, path);
  const account = selector === undefined ? undefined : await accountOf(ctx, selector);
  const { base } = ctx.layout;
  await underOurLock(ctx, async () => {
    if (given === undefined) ctx.files.makeDirectory(directory);
    rememberShim(ctx, path);
    ctx.files.writeProgram(path, renderShim(ctx, { base, ...(account && { homeId: account.homeId }) }));
  });
  const who = account ? account.label : "the account of the directory that it is started in";
  ctx.terminal.out(`${path} runs codex as ${who}\n`);
  tellPlace(ctx, directory, as);
}

function directoryOf(ctx: Context, given: string | undefined): string {
  const directory = given === undefined ? usualShimDirectory(ctx) : pathFromHere(ctx, given);
  if (directory === undefined) throw new UserError("HOME is not set", { hint: "codex-auth shim install DIR" });
  const physical = ctx.files.physical(directory);
  const isMissing = physical === undefined && given !== undefined;
  if (!isMissing && (physical === undefined || ctx.files.entry(physical)?.kind === "directory")) return directory;
  throw new UserError(`${directory} is not a directory`, { hint: "make it first, and put it into PATH" });
}

/** Throws UserError when what lies there is not a shim of this base home. */
function checkFree({ files, programs, layout }: Context, path: string): void {
  if (files.entry(path) === undefined) return;
  const shim = files.entry(path)?.kind === "file" ? programs.shimAt(path) : undefined;
  if (shim?.base === layout.base) return;
  throw new UserError(shim ? `${path} is a shim of ${shim.base}` : `${path} is there, and no shim of codex-auth`, {
    hint: "codex-auth shim install DIR, in a directory that stands before it in PATH",
  });
}

/** Returns the account that a selector picks, with a home that is there. */
async function accountOf(ctx: Context, selector: string): Promise<{ label: string; homeId: string }> {
  const which = await askWhich(ctx, selector, { exact: true });
  return await changeState(ctx, WITHOUT_ASKING, async (store) => {
    const chosen = chooseAccount(ctx, store.registry, which, { exact: true });
    checkAllowed(ctx, store.registry, chosen, { as: "own home", directory: undefined });
    await store.needHome(chosen, true);
    return { label: labelOf(store.registry, chosen), homeId: homeIdOf(chosen.account_key) };
  });
}

/** Says where PATH does not lead to the shim, or behind it to no codex, and how to mend it. */
function tellPlace(ctx: Context, directory: string, as: string): void {
  const { env, log, files } = ctx;
  if (nextCodex(ctx, []).path === undefined)
    log.warn({ message: "there is no codex on PATH that it could become", hint: "npm install -g @openai/codex" });
  const physical = (path: string) => files.physical(path) ?? path;
  const isOnPath = (env.PATH ?? "").split(delimiter).some((one) => physical(one) === physical(directory));
  const first = codexHere(ctx);
  const hint = pathLine(env.SHELL, directory);
  if (!isOnPath) log.warn({ message: `${directory} is not in PATH: nothing finds it there`, hint });
  else if (as === "codex" && first && physical(first.directory) !== physical(directory))
    log.warn({ message: `${first.path} stands before it in PATH`, hint });
  else log.info("a shell that is open already may have to look again: hash -r");
}

/** Returns the line that puts a directory before all others in PATH, and where it belongs. */
function pathLine(program: string | undefined, directory: string): string {
  const shell = shellNamed(program);
  const own = shell && OWN_PATH_LINE[shell];
  const behind = "as the last line of";
  if (own)
    return `${own(isProcessShell(shell) ? quoteForProcessShell(shell, directory) : quote(shell, directory))} ${behind} ${SETUP[shell].file}`;
  return `PATH=${inQuotes(directory)}:$PATH ${behind} ${shell === "zsh" ? "~/.zshrc" : "~/.bashrc"}, and of ~/.profile for what starts without a shell`;
}

/** The same of the shells whose PATH is none of sh's; each takes the directory as its word. */
const OWN_PATH_LINE: Partial<Record<ServedShell, (word: string) => string>> = {
  fish: (word) => `fish_add_path --global --move --prepend ${word}`,
  pwsh: (word) => `$env:PATH = ${word} + ':' + $env:PATH`,
  elvish: (word) => `set paths = [${word} $@paths]`,
  nu: (word) => `$env.PATH = ($env.PATH | prepend ${word})`,
  xonsh: (word) => `$PATH.insert(0, ${word})`,
  tcsh: (word) => `set path = (${word} $path:q)`,
};
