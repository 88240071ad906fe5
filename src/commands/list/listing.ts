import { nameAccounts } from "../../core/accounts/names.ts";
import type { Context } from "../../context.ts";
import { type Note, systemFault, UserError } from "../../core/errors.ts";
import { type Active, activeHere } from "../../core/active/active.ts";
import { localViews } from "../../core/usage/local-usage.ts";
import { type Refreshed, refreshUsage } from "../../core/usage/refresh.ts";
import { failureNotes } from "./failures.ts";
import { accountRows, type Row } from "./rows.ts";
import { saveRefreshed, withRefreshed } from "../../core/usage/save-usage.ts";
import { ASKING, changeState } from "../../core/state/change.ts";
import { type State, viewState } from "../../core/state/state.ts";
import { renderTable, type TableOptions } from "./table.ts";

/** Whose usage is refreshed, and how. */
export interface ListOptions {
  /** Only the account that is active in this directory. */
  activeOnly: boolean;
  /** Nobody is asked; Codex's own sessions are read. */
  skipApi: boolean;
  /** Ends the asking early. */
  signal?: AbortSignal;
  /** Says how far it is. */
  progress?: Context["terminal"]["progress"] | undefined;
}

/** The accounts and their usage. */
export interface Listing extends Refreshed {
  state: State;
  active: Active;
}

const NOTHING: Refreshed = { views: new Map(), names: new Map(), notes: [] };

/** Returns the accounts with the usage that is known. */
export function knownListing(ctx: Context): Listing {
  const state = viewState(ctx);
  return { ...NOTHING, state, active: activeHere(ctx, state.registry), notes: notesOf(state) };
}

/** Returns the accounts after refreshing their usage. A refresh that fails is told in its place. */
export async function refreshedListing(ctx: Context, options: ListOptions): Promise<Listing> {
  if (!options.skipApi) await takeUp(ctx);
  const { state, active, notes } = knownListing(ctx);
  const { registry, settings, loggedOut } = state;
  const accounts = options.activeOnly ? [active.account].filter((account) => account !== undefined) : registry.accounts;
  const refreshed = options.skipApi
    ? { ...NOTHING, views: localViews(ctx, accounts, { registry, settings, active }) }
    : await refreshUsage(ctx, accounts, {
        defaultKey: registry.active_account_key,
        share: settings.share,
        loggedOut,
        signal: options.signal,
        progress: options.progress,
      });
  return {
    ...refreshed,
    active,
    state: { ...state, registry: withRefreshed(registry, refreshed) },
    notes: [...notes, ...refreshed.notes, ...failureNotes(nameAccounts(registry), refreshed.views)],
  };
}

/** Makes an account of a key that `codex login` has left in the base home, if OpenAI tells whose it is; what keeps it from that is no reason to fail. */
async function takeUp(ctx: Context): Promise<void> {
  const { unregistered } = viewState(ctx);
  if (!unregistered || unregistered.isOtherKind) return;
  try {
    await changeState(ctx, ASKING, () => {});
  } catch (error) {
    if (!(error instanceof UserError) && !systemFault(error)) throw error;
  }
}

/** What is told already, and can be asked for again, is not worth a long wait. */
const LOCK_LIMIT_MS = 2000;

/** Saves what refreshing has brought; what keeps it from being saved is returned, for it is no reason to fail. */
export async function saveListing(ctx: Context, listing: Listing): Promise<Note | undefined> {
  try {
    await saveRefreshed(ctx, listing, LOCK_LIMIT_MS);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { message: `the usage could not be saved: ${error.message}` };
  }
}

/** Returns the rows of the table; `now` in milliseconds. */
export function rowsOf({ state: { registry, loggedOut, damaged }, views, active }: Listing, now: number): Row[] {
  return accountRows({
    named: nameAccounts(registry),
    views,
    defaultKey: registry.active_account_key,
    activeKey: active.account?.account_key ?? null,
    loggedOut,
    damaged,
    now,
  });
}

/** Returns the table as text; `now` in milliseconds. */
export function renderListing(listing: Listing, options: TableOptions, now: number): string {
  const { head, body } = renderTable(rowsOf(listing, now), options);
  return [...head, ...body].map((line) => `${line}\n`).join("");
}

function notesOf({ registry, unregistered }: State): Note[] {
  if (unregistered?.isOtherKind)
    return [{ message: `the base home has a login that codex-auth does not manage: ${unregistered.label}` }];
  if (unregistered) {
    const message = `the login of the base home, ${unregistered.label}, is no account yet`;
    return [{ message, hint: "codex-auth sync" }];
  }
  const hint = "codex-auth login, or codex-auth import PATH";
  return registry.accounts.length === 0 ? [{ message: "no accounts yet", hint }] : [];
}
