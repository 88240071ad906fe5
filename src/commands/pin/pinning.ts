import { resolve } from "node:path";
import type { Context } from "../../context.ts";
import { checkAllowed } from "../../core/homes/allowed.ts";
import { changeState, WITHOUT_ASKING } from "../../core/state/change.ts";
import { askWhich, chooseAccount } from "../../core/selectors/choose.ts";
import type { Account } from "../../core/accounts/account.ts";
import { UserError } from "../../core/errors.ts";
import { checkPinnable, findPin, listPins } from "../../core/active/pins.ts";

/** Pins a directory (default: this one) to an account (default: asked for). Returns both; the directory by its physical path. */
export async function pinDirectory(
  ctx: Context,
  selector: string | undefined,
  directory: string | undefined,
): Promise<{ account: Account; directory: string }> {
  const physical = physicalDirectory(ctx, directory);
  checkPinnable(ctx.layout, physical);
  const which = await askWhich(ctx, selector);
  return await changeState(ctx, WITHOUT_ASKING, async (store) => {
    const account = chooseAccount(ctx, store.registry, which);
    checkAllowed(ctx, account);
    await store.needHome(account, true);
    store.pin(physical, account);
    return { account, directory: physical };
  });
}

/** Takes the pin of a directory (default: this one) away; returns its path. Throws UserError where there is none, naming the parent that is pinned. */
export async function unpinDirectory(ctx: Context, directory: string | undefined): Promise<string> {
  const path = ctx.files.physical(resolve(here(ctx), directory ?? ".")) ?? resolve(here(ctx), directory ?? ".");
  return await changeState(ctx, WITHOUT_ASKING, (store) => {
    if (store.unpin(path)) return path;
    const parent = findPin(ctx.files, ctx.layout, path)?.path;
    if (parent === undefined) throw new UserError(`${path} is not pinned`, { hint: "codex-auth pins" });
    throw new UserError(`${path} is not pinned, but ${parent} is`, { hint: `codex-auth unpin ${parent}` });
  });
}

/** Takes the pins of directories that are gone away; returns their paths. */
export async function prunePins(ctx: Context): Promise<string[]> {
  return await changeState(ctx, WITHOUT_ASKING, (store) => {
    const gone = listPins(ctx.files, ctx.layout).filter(({ path }) => ctx.files.mtimeMs(path) === undefined);
    for (const { path } of gone) store.unpin(path);
    return gone.map(({ path }) => path);
  });
}

function physicalDirectory(ctx: Context, directory: string | undefined): string {
  const named = resolve(here(ctx), directory ?? ".");
  const physical = ctx.files.physical(named);
  if (physical === undefined) throw new UserError(`${named} does not exist`, { hint: "make the directory first" });
  if (ctx.files.entry(physical)?.kind === "directory") return physical;
  throw new UserError(`${named} is not a directory`, { hint: "pin the directory that it lies in" });
}

function here({ cwd }: Context): string {
  if (cwd !== undefined) return cwd;
  throw new UserError("the working directory is gone", { hint: "cd to one that exists" });
}
