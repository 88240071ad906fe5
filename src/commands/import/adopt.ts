import type { Context } from "../../context.ts";
import { type Account, keyHashOf } from "../../core/accounts/account.ts";
import { changeState, CREATING } from "../../core/state/change.ts";
import { documentInput, type DocumentInput } from "../../core/documents/accounts.ts";
import { findOwners, isOwned, keyOf, type Owned } from "./owned.ts";
import { type Reason, wordsFor } from "./reasons.ts";
import type { Candidate, Source } from "./sources.ts";
import { findAccount, putAccount } from "../../core/accounts/registry.ts";
import { checkAlias } from "../../core/selectors/alias.ts";
import type { Manifest } from "../../core/accounts/manifest.ts";
import { listPins } from "../../core/active/pins.ts";
import { loadRegistry } from "../../core/state/state.ts";
import type { Kept, Store } from "../../core/state/store.ts";

/** What became of a credential. */
export interface Outcome {
  name: string;
  status: "imported" | "updated" | "skipped";
  /** Why it was skipped. */
  reason: Reason | null;
  /** The same in words, where there are more. */
  why?: string | undefined;
  /** The account's key. */
  accountKey: string | null;
  /** The account keeps what it has: the same login, or a later one. */
  kept: Kept;
  /** The file that it is of, where that was named by itself. */
  named?: string | undefined;
  /** The auth.json of another tool's home that it came from. */
  home?: Candidate["home"];
}

/** What became of an import. */
export interface Imported {
  scanned: string | undefined;
  outcomes: Outcome[];
  /** The accounts since; undefined when nothing was changed. */
  after: DocumentInput | undefined;
  /** Accounts that are none any more, as no credential of them was found. */
  dropped: { accountKey: string; label: string }[];
  /** There are accounts, but the base home is logged in as nobody. */
  needsDefault: boolean;
}

/** Takes credentials up as accounts; the default account stays. When none of them can be, nothing is changed. An alias is for a single one. */
export async function importAccounts(
  ctx: Context,
  source: Source,
  { alias, unverified }: { alias: string | undefined; unverified: boolean },
): Promise<Imported> {
  const { accounts } = loadRegistry(ctx);
  const candidates = await findOwners(ctx, source.candidates, accounts, unverified);
  const owned = candidates.filter(isOwned);
  if (owned.length === 0) {
    return {
      scanned: source.scanned,
      outcomes: candidates.map(skipped),
      after: undefined,
      dropped: [],
      needsDefault: false,
    };
  }
  return await changeState(ctx, CREATING, async (store) => {
    const [only] = owned;
    if (alias !== undefined && only) checkAlias(store.registry, alias, keyOf(only, store.registry.accounts));
    const outcomes: Outcome[] = [];
    for (const candidate of candidates) {
      outcomes.push(
        isOwned(candidate) ? await adopt(store, candidate, keysOf(accounts, outcomes)) : skipped(candidate),
      );
    }
    if (alias !== undefined) nameAccount(store, outcomes, alias);
    for (const outcome of outcomes) nameAsHome(store, outcome);
    if (source.manifest) await takeManifest(ctx, store, source.manifest, outcomes);
    return importedOf(ctx, store, source.scanned, outcomes);
  });
}

/** Gives accounts that came with a manifest what it tells, where they have nothing of the kind: alias, name, and pins of directories that are there. */
async function takeManifest(
  ctx: Context,
  store: Store,
  manifest: Manifest,
  outcomes: readonly Outcome[],
): Promise<void> {
  const came = new Set(outcomes.map(({ accountKey }) => accountKey));
  const pinned = new Set(listPins(ctx.files, ctx.layout).map(({ path }) => path));
  for (const { account_key: key, alias, account_name: name, pins } of manifest.accounts) {
    const account = findAccount(store.registry, key);
    if (!account || !came.has(key)) continue;
    const told = {
      ...account,
      alias: account.alias || freeAlias(store, alias, key),
      account_name: account.account_name ?? name,
    };
    store.registry = putAccount(store.registry, told);
    const there = pins.filter((path) => !pinned.has(path) && ctx.files.physical(path) === path);
    if (there.length > 0) await store.needHome(told);
    for (const path of there) store.pin(path, told);
  }
}

/** Returns an alias if an account of this key can have it, else none. */
function freeAlias(store: Store, alias: string, key: string): string {
  try {
    return alias && checkAlias(store.registry, alias, key);
  } catch {
    return "";
  }
}

/** Returns what an import came to, with the accounts as they are now. */
export function importedOf(ctx: Context, store: Store, scanned: string | undefined, outcomes: Outcome[]): Imported {
  const { registry, loggedOut, unregistered } = store;
  return {
    scanned,
    outcomes,
    after: documentInput(ctx, { registry, loggedOut: new Set(loggedOut) }),
    dropped: [],
    needsDefault: registry.accounts.length > 0 && registry.active_account_key === null && unregistered === undefined,
  };
}

/** Takes a credential up; `before` are the keys of the accounts that there were. */
export async function adopt(store: Store, owned: Owned, before: readonly string[]): Promise<Outcome> {
  const { account, kept } = await store.adopt(owned.found, owned, owned.identity);
  const isKnown = before.some((key) => key === account.account_key || isSameKey(key, account.account_key));
  const status = isKnown ? "updated" : "imported";
  const { name, named, home } = owned;
  return { name, named, status, reason: null, accountKey: account.account_key, kept, ...(home && { home }) };
}

/** Returns the keys of the accounts that there were, and of those that have come since. */
const keysOf = (accounts: readonly Account[], outcomes: readonly Outcome[]): string[] => [
  ...accounts.map((account) => account.account_key),
  ...outcomes.flatMap(({ accountKey }) => accountKey ?? []),
];

const isSameKey = (a: string, b: string) => keyHashOf(a) !== undefined && keyHashOf(a) === keyHashOf(b);

/** Returns what became of a candidate that is not taken. */
export function skipped({ name, named, found, why }: Candidate): Outcome {
  const reason = typeof found === "string" ? found : "SupersededByNewerSnapshot";
  return { name, named, status: "skipped", reason, why: why ?? wordsFor(reason), accountKey: null, kept: null };
}

/** An account that another tool has a home for is called as that, where it has no alias and the name is free. */
function nameAsHome(store: Store, { accountKey, home }: Outcome): void {
  const account = findAccount(store.registry, accountKey);
  if (!account || account.alias || !home) return;
  store.registry = putAccount(store.registry, { ...account, alias: freeAlias(store, home.alias, account.account_key) });
}

function nameAccount(store: Store, outcomes: readonly Outcome[], alias: string): void {
  const account = findAccount(store.registry, outcomes.find(({ accountKey }) => accountKey !== null)?.accountKey);
  if (!account) return;
  const name = checkAlias(store.registry, alias, account.account_key);
  store.registry = putAccount(store.registry, { ...account, alias: name });
}
