import { type Account, homeIdOf, labelOf } from "../accounts/account.ts";
import type { Active } from "../active/active.ts";
import { showAccounts } from "../accounts/shown.ts";
import type { Pin } from "../active/pins.ts";
import type { Registry } from "../accounts/registry.ts";
import { nextReset } from "../usage/usage-text.ts";
import { cachedView, type UsageView, type UsageViews } from "../usage/usage-view.ts";
import { withPlan } from "../accounts/usage.ts";
import { SCHEMA_VERSION } from "./render-document.ts";

/** What the accounts of a document are told from. */
export interface DocumentInput {
  registry: Registry;
  pins: readonly Pin[];
  /** The account that is active in this directory, if any. */
  active: Pick<Active, "account">;
  loggedOut: ReadonlySet<string>;
  /** When an account's access token ends, in seconds since 1970; null where it isn't known. */
  expiresAt(account: Account): number | null;
  /** What has been refreshed in this run. */
  views?: UsageViews;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Returns what makes an account's object for a document: the same numbers in every one. Source of the format: Loongphy's codex-auth,
 * schema_version 1; `label` and what follows it are ours.
 */
export function accountDocuments(input: DocumentInput) {
  const { registry, pins, active, loggedOut, now } = input;
  const numbers = new Map(showAccounts(registry).map(({ account, number }) => [account.account_key, number]));
  return (account: Account) => {
    const key = account.account_key;
    const homeId = homeIdOf(key);
    return {
      number: numbers.get(key) ?? null,
      account_key: key,
      email: account.email,
      alias: account.alias || null,
      account_name: account.account_name || null,
      plan: withPlan(account).plan,
      auth_mode: account.auth_mode,
      auth_expires_at: input.expiresAt(account),
      active: key === registry.active_account_key,
      created_at: account.created_at,
      last_used_at: account.last_used_at,
      usage: usageDocument(input.views?.get(key) ?? cachedView(account), now),
      label: labelOf(account),
      home_id: homeId,
      pins: pins.filter((pin) => pin.homeId === homeId).map((pin) => pin.path),
      active_here: key === active.account?.account_key,
      logged_out: loggedOut.has(key),
    };
  };
}

function usageDocument({ source, updatedAt, usage, refresh }: UsageView, now: number) {
  return {
    source,
    updated_at: updatedAt,
    primary: usage?.primary ?? null,
    secondary: usage?.secondary ?? null,
    credits: usage?.credits ?? null,
    reset_credits: usage?.reset_credits ?? null,
    reset_credit_details: usage?.reset_credit_details ?? null,
    next_reset_at: nextReset(usage, now),
    refresh,
  };
}

/** Returns the document of `list`: all accounts in the table's order. */
export function listDocument(input: DocumentInput) {
  const accounts = showAccounts(input.registry).map(({ account }) => account);
  return {
    schema_version: SCHEMA_VERSION,
    command: "list",
    active_account_key: input.registry.active_account_key,
    accounts: accounts.map(accountDocuments(input)),
  };
}

/** Returns the document of `current`; `codexHome` is the home that Codex would use here. */
export function currentDocument(input: DocumentInput, active: Active, codexHome: string) {
  return {
    schema_version: SCHEMA_VERSION,
    command: "current",
    account: active.account ? accountDocuments(input)(active.account) : null,
    source: active.source,
    pin: active.pin,
    codex_home: codexHome,
  };
}

/** Returns the document of `switch`. */
export function switchDocument(input: DocumentInput, account: Account) {
  return { schema_version: SCHEMA_VERSION, command: "switch", switched_to: accountDocuments(input)(account) };
}

/** Returns the document of `remove`: `input` is as it was before, `newActive` the key of the default account since. */
export function removeDocument(input: DocumentInput, removed: readonly Account[], newActive: string | null) {
  return {
    schema_version: SCHEMA_VERSION,
    command: "remove",
    removed: removed.map(accountDocuments(input)),
    new_active_account_key: newActive,
  };
}

/** Returns the document of `pins`, in their order. A pin whose account is not there has none. */
export function pinsDocument(input: DocumentInput) {
  const byHome = new Map(input.registry.accounts.map((account) => [homeIdOf(account.account_key), account]));
  const document = accountDocuments(input);
  const pins = input.pins.map(({ path, homeId }) => {
    const account = homeId === undefined ? undefined : byHome.get(homeId);
    return { path, home_id: homeId ?? null, account: account ? document(account) : null };
  });
  return { schema_version: SCHEMA_VERSION, command: "pins", pins };
}

/** One finding of `doctor`. */
export interface Finding {
  id: string;
  level: "ok" | "warn" | "fail";
  message: string;
  remedy: string | null;
}

/** Returns the document of `doctor`. */
export const doctorDocument = (findings: readonly Finding[]) => ({
  schema_version: SCHEMA_VERSION,
  command: "doctor",
  findings,
});
