import { join } from "node:path";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { listShims, removeShims } from "../core/base/shims.ts";
import { UserError } from "../core/errors.ts";
import { pathFromHere } from "../core/here/directory.ts";
import { underOurLock } from "../core/state/our-lock.ts";
import { installShim } from "./shim/install.ts";
import { tellShims } from "./shim/status.ts";

export default defineVerb({
  args: {
    action: {
      type: "positional",
      required: false,
      options: ["install", "remove"],
      description: "install or remove; without one: what a bare `codex` runs here, and as whom",
      words: { install: "put one in front of codex", remove: "take them away" },
    },
    dir: {
      type: "positional",
      required: false,
      description: "where (default: ~/.local/bin; to remove: all)",
      offers: "directories",
    },
    account: {
      type: "string",
      description: "always this account, whatever the directory says; needs --as",
      valueHint: "SELECTOR",
      offers: "accounts",
    },
    as: { type: "string", description: "its name in place of `codex`", valueHint: "NAME" },
  },
  examples: [
    "codex-auth shim install",
    "codex-auth shim install ~/bin --account work --as codex-work",
    "codex-auth shim",
    "codex-auth shim remove",
  ],
  async run(ctx, { action, dir, account, as }) {
    if (action !== "install" && (account ?? as) !== undefined) throw usage("--account and --as are for install");
    if (action === undefined) return tellShims(ctx);
    if (action === "remove") return await remove(ctx, dir);
    // what is called codex is always the account of the directory: everything here relies on it
    if (account !== undefined && (as === undefined || as === "codex"))
      throw usage("--account needs --as NAME, another name than codex");
    if (as !== undefined && !/^[\w.+-]+$/.test(as)) throw usage(`"${as}" is no name for a program`);
    await installShim(ctx, { directory: dir, account, as: as ?? "codex" });
  },
});

async function remove(ctx: Context, dir: string | undefined): Promise<void> {
  const directory = dir === undefined ? undefined : pathFromHere(ctx, dir);
  const known = listShims(ctx);
  const there = directory === undefined ? [] : [join(directory, "codex")].filter((path) => isOurs(ctx, path));
  const wanted = directory === undefined ? known : known.filter((path) => join(path, "..") === directory);
  const going = [...new Set([...wanted, ...there])];
  if (going.length === 0)
    throw new UserError(directory === undefined ? "there is no shim" : `there is no shim in ${directory}`, {
      hint: "codex-auth shim",
    });
  await underOurLock(ctx, async () => removeShims(ctx, going));
  for (const path of going) ctx.terminal.out(`removed ${path}\n`);
}

const isOurs = ({ programs, layout }: Context, path: string) => programs.shimAt(path)?.base === layout.base;

const usage = (message: string) => new UserError(message, { exitCode: 2, hint: "codex-auth shim --help" });
