import { dirname } from "node:path";
import type { Context } from "../../context.ts";
import { keptNote, keptPaths } from "../base/kept.ts";
import { UserError } from "../errors.ts";
import { checkBaseHome, loadRegistry } from "./state.ts";

const LOCK_LIMIT_MS = 60_000;

/** Throws UserError when nothing can be changed here: for what would ask the user for something first, or make something before it has our lock. */
export function checkChangeable(ctx: Context): void {
  checkBaseHome(ctx);
  checkOwner(ctx);
  loadRegistry(ctx);
}

/**
 * Runs `work` alone: no other codex-auth changes this base home meanwhile. Throws UserError when it is another user's, or stays locked for
 * `limitMs` milliseconds.
 */
export async function underOurLock<T>(ctx: Context, work: () => Promise<T>, limitMs = LOCK_LIMIT_MS): Promise<T> {
  const { files, layout } = ctx;
  checkOwner(ctx);
  files.makeDirectory(layout.ours);
  const late = () =>
    new UserError(`another codex-auth holds ${layout.lock}`, {
      hint: "wait for it, or end it, then try again",
      code: "state_uncertain",
    });
  return await ctx.locks.hold([layout.lock], limitMs, late, () => tellKept(ctx, work));
}

/** Tells, once, what has gone to `kept/` meanwhile. */
async function tellKept<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  const before = new Set(keptPaths(ctx));
  try {
    return await work();
  } finally {
    for (const path of keptPaths(ctx).filter((one) => !before.has(one))) ctx.log.warn(keptNote(path));
  }
}

function checkOwner({ files, layout, uid }: Context): void {
  if (uid === 0 && files.entry(layout.base) === undefined) checkRootsOwn(files, layout.base);
  for (const path of [layout.base, layout.ours]) {
    const owner = files.physical(path);
    const entry = owner === undefined ? undefined : files.entry(owner);
    if (!entry || uid === undefined || entry.uid === uid) continue;
    throw new UserError(`${path} belongs to another user`, {
      hint: "run codex-auth as that user, or set CODEX_HOME to a directory of yours",
    });
  }
}

/** Root in somebody's HOME makes no base home there: its owner could not use it. */
function checkRootsOwn(files: Context["files"], base: string): void {
  let parent = dirname(base);
  while (files.physical(parent) === undefined) parent = dirname(parent);
  if (files.entry(files.physical(parent) ?? parent)?.uid === 0) return;
  throw new UserError(`${parent} belongs to another user`, {
    hint: "run codex-auth as that user, or set HOME to your own",
  });
}
