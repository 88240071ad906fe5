import { isMonth, isRefusal, remainingPercent, type UsageView, windowsOf } from "./view.ts";

/** What is left of an account: the least of its limits, in whole percent, and which that is. */
export interface Left {
  percent: number;
  limit: "5 hours" | "week" | "month";
}

/** Returns what is left by the limits that are known, at `now` in milliseconds; undefined where none is, or the login does not work. */
export function leftOf({ usage, failure }: Pick<UsageView, "usage" | "failure">, now: number): Left | undefined {
  if (isRefusal(failure)) return undefined;
  const { fiveHours, week } = windowsOf(usage);
  const all: Left[] = [];
  if (fiveHours) all.push({ percent: remainingPercent(fiveHours, now), limit: "5 hours" });
  if (week) all.push({ percent: remainingPercent(week, now), limit: isMonth(week) ? "month" : "week" });
  return all.toSorted((a, b) => a.percent - b.percent)[0];
}
