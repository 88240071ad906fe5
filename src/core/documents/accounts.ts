import { namedIn } from "../accounts/names.ts";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, homeIdOf } from "../accounts/account.ts";
import { readCredential } from "../accounts/auth-file.ts";
import type { Registry } from "../accounts/registry.ts";
import { withPlan } from "../accounts/usage.ts";
import { type Active, activeHere } from "../active/active.ts";
import { listPins, type Pin } from "../active/pins.ts";
import { credentialPath } from "../base/layout.ts";
import type { State } from "../state/state.ts";
import { cachedView, nextReset, type UsageView, type UsageViews } from "../usage/view.ts";

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

/** Returns what the JSON documents are made of, as things are in this directory. */
export function documentInput(
  ctx: Context,
  { registry, loggedOut }: Pick<State, "registry" | "loggedOut">,
): DocumentInput {
  const { files, layout } = ctx;
  return {
    registry,
    loggedOut,
    pins: listPins(files, layout),
    active: activeHere(ctx, registry),
    now: ctx.now(),
    expiresAt(account) {
      const credential = readCredential(files, credentialPath(layout, fileKeyOf(account.account_key)));
      return credential?.kind === "chatgpt" ? credential.expiresAt : null;
    },
  };
}

/**
 * Returns what makes an account's object for a document: the same numbers in every one. Source of the format: Loongphy's codex-auth,
 * schema_version 1; `label` and what follows it are ours.
 */
export function accountDocuments(input: DocumentInput) {
  const { registry, pins, active, loggedOut, now } = input;
  return (account: Account) => {
    const key = account.account_key;
    const homeId = homeIdOf(key);
    const { number, label } = namedIn(registry, account);
    return {
      number: number || null,
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
      label,
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
