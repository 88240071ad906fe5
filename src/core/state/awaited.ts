import type { Context } from "../../context.ts";
import { type Account, homeIdOf } from "../accounts/account.ts";
import { findAccount, type Registry } from "../accounts/registry.ts";
import { listPins } from "../active/pins.ts";
import { envPath, homePath } from "../base/layout.ts";
import { UserError } from "../errors.ts";
import { hasHome } from "../homes/derive.ts";
import type { Store } from "./store.ts";
import { hasCredential } from "./usable.ts";

type AwaitedContext = Pick<Context, "files" | "layout">;

/**
 * Makes the homes that somebody waits for: of accounts that were not there before and that a pin names, and those that are gone while shells
 * use them.
 */
export async function makeAwaitedHomes(ctx: AwaitedContext, store: Store, before: Registry): Promise<void> {
  const { files, layout } = ctx;
  const isNew = ({ account_key: key }: Account) => findAccount(before, key) === undefined;
  const isUsed = ({ account_key: key }: Account) =>
    files.entry(homePath(layout, homeIdOf(key))) === undefined &&
    files.entry(envPath(layout, homeIdOf(key))) !== undefined;
  const added = store.registry.accounts.filter(isNew);
  const pinned = added.length > 0 ? pinnedAmong(ctx, added) : [];
  await makeHomes(ctx, store, [...pinned, ...store.registry.accounts.filter(isUsed)]);
}

/** Makes the homes of all accounts that a pin names. */
export async function makePinnedHomes(ctx: AwaitedContext, store: Store): Promise<void> {
  await makeHomes(ctx, store, pinnedAmong(ctx, store.registry.accounts));
}

function pinnedAmong({ files, layout }: AwaitedContext, accounts: readonly Account[]): Account[] {
  const ids = new Set(listPins(files, layout).map(({ homeId }) => homeId));
  return accounts.filter(({ account_key: key }) => ids.has(homeIdOf(key)));
}

async function makeHomes(ctx: AwaitedContext, store: Store, accounts: readonly Account[]): Promise<void> {
  for (const account of accounts) {
    if (hasHome(ctx, homeIdOf(account.account_key)) || !hasCredential(ctx, account)) continue;
    try {
      await store.needHome(account);
    } catch (error) {
      // something is in its place: doctor tells it
      if (!(error instanceof UserError)) throw error;
    }
  }
}
