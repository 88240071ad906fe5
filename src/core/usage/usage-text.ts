import type { Usage, Window } from "../accounts/usage.ts";

const FIVE_HOURS = 300;
const WEEK = 10_080;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The two limits of the table. */
export interface ShownWindows {
  fiveHours: Window | null;
  week: Window | null;
}

/** Returns which window is the one of five hours and which the week's: by their lengths, else the first and the second. */
export function windowsOf(usage: Usage | null): ShownWindows {
  const windows = [usage?.primary ?? null, usage?.secondary ?? null];
  const ofLength = (minutes: number) => windows.find((window) => window?.window_minutes === minutes) ?? null;
  const [fiveHours, week] = [ofLength(FIVE_HOURS), ofLength(WEEK)];
  const [first, second] = windows;
  return {
    fiveHours: fiveHours ?? (first !== week ? (first ?? null) : null),
    week: week ?? (second !== fiveHours ? (second ?? null) : null),
  };
}

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
