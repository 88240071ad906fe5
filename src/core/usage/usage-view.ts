import { type Account, isApiKey, isForeignProvider } from "../accounts/account.ts";
import { parseUsage, type Usage } from "../accounts/usage.ts";

/** What asking for an account's usage came to, in this run of the program; the field names are those of the JSON documents. */
export interface Refresh {
  requested: boolean;
  method: "api" | "local" | null;
  status: "not_requested" | "ok" | "no_data" | "http_error" | "missing_auth" | "error";
  http_status: number | null;
  error_code: string | null;
}

/** An account's usage as it is shown. */
export interface UsageView {
  usage: Usage | null;
  /** Since when it is as it is, in seconds since 1970. */
  updatedAt: number | null;
  source: "api" | "local" | "cache" | "none";
  refresh: Refresh;
  /** What the table says in place of it: `401`, `TimedOut`, `MissingAuth`, `expired`. */
  failure: string | null;
  /** The session that told it, as the registry keeps it. */
  rollout?: { path: string; event_timestamp_ms: number };
}

/** How the usage of some accounts is shown, by account key. */
export type UsageViews = ReadonlyMap<string, UsageView>;

const NOT_REQUESTED: Refresh = {
  requested: false,
  method: null,
  status: "not_requested",
  http_status: null,
  error_code: null,
};

/** Whether usage is kept for this account: API keys have none. */
export const hasUsage = (account: Account) => !isApiKey(account) && !isForeignProvider(account);

/** Returns what the registry knows of an account's usage; with `refresh`, what asking for more came to. */
export function cachedView(account: Account, refresh = NOT_REQUESTED, failure: string | null = null): UsageView {
  const usage = hasUsage(account) ? parseUsage(account.last_usage) : null;
  return {
    usage,
    updatedAt: usage && account.last_usage_at,
    source: usage ? "cache" : "none",
    refresh,
    failure,
  };
}
