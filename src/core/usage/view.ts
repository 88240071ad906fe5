import { type Account, isApiKey, isForeignProvider, isRefused } from "../accounts/account.ts";
import { parseUsage, type Usage, type Window } from "../accounts/usage.ts";

/** What asking for an account's usage came to, in this run of the program; the field names are those of the JSON documents. */
export interface Refresh {
  requested: boolean;
  method: "api" | "local" | null;
  status: "not_requested" | "ok" | "no_data" | "http_error" | "missing_auth" | "error";
  http_status: number | null;
  error_code: string | null;
}

/** What was asked for and came, in the order of the JSON documents. */
export const REQUESTED = { requested: true, method: "api", status: "ok", http_status: null, error_code: null } as const;

/** An account's usage as it is shown. */
export interface UsageView {
  usage: Usage | null;
  /** Since when it is as it is, in seconds since 1970. */
  updatedAt: number | null;
  source: "api" | "local" | "cache" | "none";
  refresh: Refresh;
  /** What kept it from being told: `401 token_invalidated`, `429`, `TimedOut`, `MissingAuth`, `expired`. */
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
export function cachedView(
  account: Account,
  refresh = NOT_REQUESTED,
  failure: string | null = isRefused(account) ? "401" : null,
): UsageView {
  const usage = hasUsage(account) ? parseUsage(account.last_usage) : null;
  return {
    usage,
    updatedAt: usage && account.last_usage_at,
    source: usage ? "cache" : "none",
    refresh,
    failure,
  };
}

/** Whether a failure means that the login does not work: what was known of its limits is of no use. */
export const isRefusal = (failure: string | null) => failure !== null && /^(40[123]|MissingAuth)\b/.test(failure);

const FIVE_HOURS = 300;
const DAY = 1440;
const WEEK = 10_080;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The two limits of the table. */
export interface ShownWindows {
  fiveHours: Window | null;
  week: Window | null;
}

/** Returns which window is the one of five hours and which the week's: by their lengths, else the first and the second; one of more than a day is none of hours. */
export function windowsOf(usage: Usage | null): ShownWindows {
  const windows = [usage?.primary ?? null, usage?.secondary ?? null];
  const ofLength = (minutes: number) => windows.find((window) => window?.window_minutes === minutes) ?? null;
  const [fiveHours, week] = [ofLength(FIVE_HOURS), ofLength(WEEK)];
  const [first, second] = windows;
  return {
    fiveHours: fiveHours ?? (first !== week && !isLong(first) ? (first ?? null) : null),
    week: week ?? (second && second !== fiveHours ? second : isLong(first) ? first : null),
  };
}

const isLong = (window: Window | null | undefined): window is Window => (window?.window_minutes ?? 0) > DAY;

/** Whether a window is longer than a week. */
export const isMonth = ({ window_minutes }: Window) => (window_minutes ?? 0) > WEEK;

/** Returns how much of a window remains, in whole percent, at `now` in milliseconds: all of it when its reset has passed. */
export function remainingPercent(window: Window, now: number): number {
  if (hasReset(window, now)) return 100;
  return Math.min(100, Math.max(0, Math.trunc(100 - window.used_percent)));
}

const hasReset = ({ resets_at }: Window, now: number) => resets_at !== null && resets_at * 1000 <= now;

/** Returns `88% (14:30)`, on another day `71% (09:00 on 27 Jul)`, or only the percentage when `brief`; `-` for no window. */
export function windowText(window: Window | null, now: number, brief = false): string {
  if (!window) return "-";
  const percent = `${remainingPercent(window, now)}%`;
  if (brief || window.resets_at === null || hasReset(window, now)) return percent;
  return `${percent} (${momentText(window.resets_at * 1000, now)})`;
}

/** Returns a time of day, with the day unless it is today's; both in milliseconds, shown in the local time zone. */
function momentText(moment: number, now: number): string {
  const [then, today] = [new Date(moment), new Date(now)];
  const time = `${pad(then.getHours())}:${pad(then.getMinutes())}`;
  if (then.toDateString() === today.toDateString()) return time;
  return `${time} on ${then.getDate()} ${MONTHS[then.getMonth()]}`;
}

const pad = (value: number) => String(value).padStart(2, "0");

/** Takes seconds since 1970 (or null) and `now` in milliseconds; returns `Now`, `2m ago`, `3h ago`, `12d ago` or `-`. */
export function agoText(seconds: number | null, now: number): string {
  if (seconds === null || !(seconds > 0)) return "-";
  const minutes = Math.floor(Math.max(0, now / 1000 - seconds) / 60);
  if (minutes < 1) return "Now";
  if (minutes < 60) return `${minutes}m ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours}h ago` : `${Math.floor(hours / 24)}d ago`;
}

/** Returns the earliest reset that is still to come, in seconds since 1970; `now` in milliseconds. */
export function nextReset(usage: Usage | null, now: number): number | null {
  const resets = [usage?.primary?.resets_at, usage?.secondary?.resets_at].filter(
    (reset): reset is number => typeof reset === "number" && reset * 1000 > now,
  );
  return resets.length > 0 ? Math.min(...resets) : null;
}
