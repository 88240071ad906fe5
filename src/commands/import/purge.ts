import { labelOf } from "../../core/accounts/names.ts";
import type { Context } from "../../context.ts";
import { type Account, homeIdOf, isForeignProvider } from "../../core/accounts/account.ts";
import { changeState, CREATING } from "../../core/state/change.ts";
import { takesPlaceOf } from "../../core/accounts/later.ts";
import { adopt, type Imported, importedOf, skipped } from "./adopt.ts";
import { findOwners, isOwned, keyOf, type Owned, ownerInName } from "./owned.ts";
import { type Candidate, isFound, readFolder, type Source, type SourceContext } from "./sources.ts";
import { findAccount, type Registry } from "../../core/accounts/registry.ts";
import { successorOf } from "../../core/homes/rotated.ts";
import { underOurLock } from "../../core/state/our-lock.ts";
import { isRotating } from "../../core/state/rotation.ts";
import { saveRegistry } from "../../core/state/state.ts";
import { type Salvaged, salvageRegistry } from "./salvage.ts";

/** Returns the credentials that lie in `accounts/`: live ones, and the older tool's copies of what was logged in. */
export function readOwnFolder(ctx: SourceContext & Pick<Context, "layout">): Source {
  const isCredentialFile = (name: string) => /\.auth\.json$|^auth\.json\.bak\./.test(name);
  const { accounts } = ctx.layout;
  return { scanned: accounts, candidates: readFolder(ctx, accounts, isCredentialFile) };
}

/**
 * Rebuilds the registry from credentials: an account for each, and for whom the base home is logged in as; no others. What the registry and its
 * backups know of them stays, and so do its settings.
 */
export async function purgeRegistry(ctx: Context, source: Source, unverified: boolean): Promise<Imported> {
  // what was broken off goes on first, where that can be: else the key that goes would be taken up again
  if (isRotating(ctx) && salvageRegistry(ctx).isWhole) await changeState(ctx, CREATING, () => {});
  const salvaged = salvageRegistry(ctx);
  const owned = await findAllOwners(ctx, source.candidates, salvaged.known.accounts, unverified);
  const candidates = owned.map((candidate) => withoutReplaced(ctx, candidate, salvaged));
  const { scanned } = source;
  if (scanned === undefined && !candidates.some(isOwned)) {
    return { scanned, outcomes: candidates.map(skipped), after: undefined, dropped: [], needsDefault: false };
  }
  const latest = latestOf(candidates, salvaged.known.accounts, ctx.now());
  const known = withLogins(salvaged, latest);
  if (!salvaged.isWhole) await saveKnown(ctx, known);
  return await changeState(ctx, CREATING, async (store) => {
    store.registry = rebuilt(store.registry, known, latest);
    const outcomes = [];
    const before = known.accounts.map((account) => account.account_key);
    for (const candidate of candidates) {
      const isTaken = isOwned(candidate) && [...latest.values()].includes(candidate);
      // what lies here is no copy of what is here
      outcomes.push(isTaken ? { ...(await adopt(store, candidate, before)), kept: null } : skipped(candidate));
    }
    store.registry = { ...store.registry, accounts: store.registry.accounts.toSorted(byEmail) };
    const isLeft = (account: Account) => findAccount(store.registry, account.account_key) !== undefined;
    const dropped = known.accounts
      .filter((account) => !isLeft(account))
      .map((account) => ({ accountKey: account.account_key, label: labelOf(known, account) }));
    return { ...importedOf(ctx, store, scanned, outcomes), dropped };
  });
}

/** Returns what is known without the accounts that were removed: those that only older backups know, and of which there is no login. */
function withLogins({ known, newest }: Salvaged, logins: ReadonlyMap<string, unknown>): Registry {
  const keys = new Set([...newest.map((account) => account.account_key), ...logins.keys()]);
  return { ...known, accounts: known.accounts.filter((account) => keys.has(account.account_key)) };
}

/** Finds out whose the API keys are. The name of a file in `accounts/` tells it too, all but the e-mail, when OpenAI can't be asked. */
async function findAllOwners(
  ctx: Context,
  candidates: readonly Candidate[],
  accounts: readonly Account[],
  unverified: boolean,
) {
  const asked = await findOwners(ctx, candidates, accounts, unverified);
  return asked.map((answer, at): Candidate | Owned => {
    const before = candidates[at];
    if (answer.found !== "IdentityUnavailable" || !before || !isFound(before)) return answer;
    const identity = before.found.kind !== "chatgpt" ? ownerInName(before.name, before.found.keyHash) : undefined;
    return identity ? { ...before, identity } : answer;
  });
}

/** A key that was replaced is no account any more, wherever a copy of it lies; unless somebody has added it again. */
function withoutReplaced(
  { files, layout }: Context,
  candidate: Candidate | Owned,
  { known, newest }: Salvaged,
): Candidate | Owned {
  const key = isOwned(candidate) ? keyOf(candidate, known.accounts) : undefined;
  if (key === undefined || newest.some((account) => account.account_key === key)) return candidate;
  if (successorOf(files, layout, homeIdOf(key)) === undefined) return candidate;
  const { name, mtimeMs } = candidate;
  return { name, mtimeMs, found: "SupersededByNewerSnapshot", why: "the key was replaced: codex-auth rotate" };
}

/** Returns the latest credential of each account, by account key. */
function latestOf(
  candidates: readonly (Candidate | Owned)[],
  accounts: readonly Account[],
  now: number,
): Map<string, Owned> {
  const latest = new Map<string, Owned>();
  for (const candidate of candidates.filter(isOwned)) {
    const key = keyOf(candidate, accounts);
    const other = key === undefined ? undefined : latest.get(key);
    if (key !== undefined && takesPlaceOf(loginOf(candidate), other && loginOf(other), now)) latest.set(key, candidate);
  }
  return latest;
}

const loginOf = ({ found, mtimeMs }: Owned) => ({ credential: found, mtimeMs });

/** Returns the registry as reconciling left it, but with what is known of the accounts, and only with those of these keys and the default one. */
function rebuilt(reconciled: Registry, known: Registry, keys: ReadonlyMap<string, unknown>): Registry {
  const records = new Map([...reconciled.accounts, ...known.accounts].map((account) => [account.account_key, account]));
  const {
    active_account_key: active,
    active_account_activated_at_ms,
    previous_active_account_key: previous,
  } = reconciled;
  const accounts = [...records.values()].filter(
    (account) => keys.has(account.account_key) || account.account_key === active || isForeignProvider(account),
  );
  return {
    ...known,
    active_account_key: active,
    active_account_activated_at_ms,
    previous_active_account_key: previous !== null && keys.has(previous) ? previous : null,
    accounts,
  };
}

/** As the older tool orders a registry that it rebuilds. */
function byEmail(a: Account, b: Account): number {
  const [textA, textB] = [`${a.email}\n${a.account_key}`, `${b.email}\n${b.account_key}`];
  return textA < textB ? -1 : 1;
}

/** Puts what is known in the place of a registry that is missing or damaged, which becomes a backup: broken off, nothing is lost, and it can be run again. */
async function saveKnown(ctx: Context, known: Registry): Promise<void> {
  if (known.accounts.length === 0 && ctx.files.entry(ctx.layout.registry) === undefined) return;
  await underOurLock(ctx, async () => saveRegistry(ctx, known));
}
