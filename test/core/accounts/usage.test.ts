import { describe, expect, test } from "bun:test";
import { agoText, nextReset, remainingPercent, windowsOf, windowText } from "../../../src/core/usage/view.ts";
import {
  isSameUsage,
  parseUsage,
  type Usage,
  usageOfAnswer,
  usageOfCodex,
  withPlan,
} from "../../../src/core/accounts/usage.ts";
import { record } from "../registries.ts";
import { at, NOON } from "../tables.ts";

const window = (used_percent: number, minutes: number | null = 300, resets_at: number | null = at(150)) => ({
  used_percent,
  window_minutes: minutes,
  resets_at,
});
const usage = (primary: unknown, secondary: unknown = null) => parseUsage({ primary, secondary });

describe("stored snapshots", () => {
  const readable: [string, unknown, Partial<Usage>][] = [
    ["a whole one", { primary: window(12), secondary: window(29, 10_080), plan_type: "plus" }, { plan_type: "plus" }],
    ["only the first window", { primary: window(12) }, { secondary: null, credits: null, reset_credits: null }],
    ["a damaged second window", { primary: window(12), secondary: { used_percent: "x" } }, { secondary: null }],
    ["a damaged reset", { primary: { used_percent: 5, resets_at: "soon" } }, { primary: window(5, null, null) }],
    ["fractions", { primary: { used_percent: 5.5, window_minutes: 299.6 } }, { primary: window(5.5, 300, null) }],
    ["fields of newer builds", { primary: window(1), reset_credit_details: [1] }, { reset_credit_details: [1] }],
    ["damaged credits", { primary: window(1), credits: 7 }, { credits: null }],
  ];
  test.each(readable)("%s", (_what, stored, expected) => expect(parseUsage(stored)).toMatchObject(expected));

  const unreadable = [null, undefined, 7, "damaged", [], {}, { primary: null }, { primary: { used_percent: NaN } }];
  test.each(unreadable.map((stored) => [stored]))("%p is none", (stored) => expect(parseUsage(stored)).toBeNull());
});

describe("answers", () => {
  const windows = {
    primary_window: { used_percent: 12, limit_window_seconds: 17_999, reset_after_seconds: 1, reset_at: at(150) },
    secondary_window: { used_percent: 29, limit_window_seconds: 604_800, reset_at: at(1260) },
  };
  const credits = { has_credits: true, unlimited: false, balance: "9.99" };
  const expected = {
    primary: window(12),
    secondary: window(29, 10_080, at(1260)),
    credits,
    reset_credits: 2,
    plan_type: "plus",
  };

  test("of wham/usage", () => {
    const answer = {
      plan_type: "plus",
      rate_limit: windows,
      credits,
      rate_limit_reset_credits: { available_count: 2 },
    };
    expect(usageOfAnswer(answer)).toEqual(expected);
  });

  test.each([[{}], [null], ["<html>"], [{ rate_limit: null }], [{ plan_type: "free", rate_limit: {} }]])(
    "%p of wham/usage tells nothing",
    (answer) => expect(usageOfAnswer(answer)).toBeNull(),
  );

  test("plans are called as the registry calls them", () => {
    const planOf = (plan_type: string) => usageOfAnswer({ plan_type, rate_limit: windows })?.plan_type;
    expect(["Plus", "team", "business"].map(planOf)).toEqual(["plus", "team", "business"]);
  });

  test("of Codex's own server", () => {
    const answer = {
      rateLimits: {
        primary: { usedPercent: 12, windowDurationMins: 300, resetsAt: at(150) },
        secondary: { usedPercent: 29, windowDurationMins: 10_080, resetsAt: at(1260) },
        credits: { hasCredits: true, unlimited: false, balance: "9.99" },
        planType: "plus",
      },
      rateLimitResetCredits: { availableCount: 2 },
    };
    expect(usageOfCodex(answer)).toEqual(expected);
    expect(usageOfCodex({ rateLimits: {} })).toBeNull();
    expect(usageOfCodex("no")).toBeNull();
  });
});

test.each([
  ["the usual order", window(1), window(2, 10_080), [1, 2]],
  ["the other order", window(1, 10_080), window(2), [2, 1]],
  ["only a week", window(1, 10_080), null, [undefined, 1]],
  ["only five hours", window(1), null, [1, undefined]],
  ["other lengths", window(1, 180), window(2, 43_200), [1, 2]],
  ["only a month", window(1, 43_200), null, [undefined, 1]],
  ["unknown lengths", window(1, null), window(2, null), [1, 2]],
  ["five hours second", null, window(2), [2, undefined]],
])("windows: %s", (_what, primary, secondary, expected) => {
  const { fiveHours, week } = windowsOf(usage(primary, secondary));
  expect([fiveHours?.used_percent, week?.used_percent]).toEqual(expected);
});

test.each([
  [window(12), "88% (14:30)"],
  [window(12.9), "87% (14:30)"],
  [window(0), "100% (14:30)"],
  [window(100), "0% (14:30)"],
  [window(130), "0% (14:30)"],
  [window(-5), "100% (14:30)"],
  [window(29, 10_080, at(21 * 60)), "71% (09:00 on 27 Jul)"],
  [window(29, 10_080, at(12 * 60)), "71% (00:00 on 27 Jul)"],
  [window(29, 10_080, at(12 * 60 - 1)), "71% (23:59)"],
  [window(29, 10_080, at(365 * 24 * 60)), "71% (12:00 on 26 Jul)"],
  [window(90, 300, at(0)), "100%"],
  [window(90, 300, at(-1)), "100%"],
  [window(12, 300, null), "88%"],
  [null, "-"],
])("%p shows %s", (shown, expected) => {
  expect(windowText(shown, NOON)).toBe(expected);
  if (shown) expect(windowText(shown, NOON, true)).toBe(`${remainingPercent(shown, NOON)}%`);
});

test.each([
  [at(0), "Now"],
  [at(5), "Now"],
  [at(-1), "1m ago"],
  [at(-59), "59m ago"],
  [at(-60), "1h ago"],
  [at(-60 * 23), "23h ago"],
  [at(-60 * 24 * 400), "400d ago"],
  [0, "-"],
  [null, "-"],
])("activity at %p: %s", (seconds, expected) => expect(agoText(seconds, NOON)).toBe(expected));

test("the next reset is the earliest that is still to come", () => {
  expect(nextReset(usage(window(1, 300, at(-1)), window(2, 10_080, at(9))), NOON)).toBe(at(9));
  expect(nextReset(usage(window(1, 300, at(3)), window(2, 10_080, at(9))), NOON)).toBe(at(3));
  expect(nextReset(usage(window(1, 300, null)), NOON)).toBeNull();
  expect(nextReset(null, NOON)).toBeNull();
});

test.each([
  ["equal", window(12), window(12), true],
  ["more is used", window(12), window(13), false],
  ["another reset", window(12), window(12, 300, at(1)), false],
  ["nothing is used: the window moves along", window(0), window(0, 300, at(1)), true],
  ["a window has gone", window(12), null, false],
])("same usage: %s", (_what, before, after, expected) => {
  const other = window(3, 10_080);
  const [a, b] = [usage(before, other), usage(after, other)];
  expect(a && b && isSameUsage(a, b)).toBe(expected);
});

test.each([
  ["plus", undefined, "plus"],
  ["plus", "pro", "pro"],
  ["team", undefined, "team"],
  [null, undefined, null],
])("plan %p, usage says %p: %p", (plan, plan_type, expected) => {
  const account = record({ account_key: "u::w", plan, last_usage: { primary: window(1), plan_type } });
  expect(withPlan(account).plan).toBe(expected);
});
