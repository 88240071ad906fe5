import * as v from "valibot";
import { type Account, planName } from "./account.ts";
import { storedPlan } from "./plans.ts";

/**
 * What is used of an account's limits, as registry.json keeps it in `last_usage`. Times in seconds since 1970.
 * Source of the format: Loongphy's codex-auth 0.2 to 0.3.
 */
export type Usage = v.InferOutput<typeof UsageSchema>;

/** One limit: how much of it is used, how long it is, and when it starts anew. */
export type Window = v.InferOutput<typeof WindowSchema>;

const orNull = <T>(schema: v.GenericSchema<unknown, T>) => v.fallback(v.nullable(schema), null);
const finite = v.pipe(v.number(), v.finite());
const whole = v.pipe(finite, v.transform(Math.round));
const text = orNull(v.string());
const flag = v.fallback(v.boolean(), false);

const WindowSchema = v.object({ used_percent: finite, window_minutes: orNull(whole), resets_at: orNull(whole) });
const CreditsSchema = v.object({ has_credits: flag, unlimited: flag, balance: text });
// fields of newer builds (`reset_credit_details`) are kept
const UsageSchema = v.looseObject({
  primary: orNull(WindowSchema),
  secondary: orNull(WindowSchema),
  credits: orNull(CreditsSchema),
  reset_credits: orNull(whole),
  plan_type: text,
});

/** Takes a stored snapshot, whatever it is; returns what can be read of it, or null: a damaged one is no error. */
export function parseUsage(stored: unknown): Usage | null {
  const usage = v.safeParse(UsageSchema, stored);
  return usage.success && tellsLimits(usage.output) ? usage.output : null;
}

const AnswerWindow = v.pipe(
  v.object({ used_percent: finite, limit_window_seconds: orNull(finite), reset_at: orNull(whole) }),
  v.transform(({ used_percent, limit_window_seconds, reset_at }): Window => {
    const minutes = limit_window_seconds && limit_window_seconds > 0 ? Math.ceil(limit_window_seconds / 60) : null;
    return { used_percent, window_minutes: minutes, resets_at: reset_at };
  }),
);
const AnswerSchema = v.object({
  plan_type: text,
  rate_limit: orNull(v.object({ primary_window: orNull(AnswerWindow), secondary_window: orNull(AnswerWindow) })),
  credits: orNull(CreditsSchema),
  rate_limit_reset_credits: orNull(v.object({ available_count: orNull(whole) })),
});

/** Takes an answer of `GET /wham/usage`; returns the usage, or null when it tells no limit. */
export function usageOfAnswer(answer: unknown): Usage | null {
  const parsed = v.safeParse(AnswerSchema, answer);
  if (!parsed.success) return null;
  const { plan_type, rate_limit, credits, rate_limit_reset_credits } = parsed.output;
  return parseUsage({
    primary: rate_limit?.primary_window,
    secondary: rate_limit?.secondary_window,
    credits,
    reset_credits: rate_limit_reset_credits?.available_count,
    plan_type: plan_type && storedPlan(plan_type),
  });
}

const CodexWindow = v.pipe(
  v.object({ usedPercent: finite, windowDurationMins: orNull(whole), resetsAt: orNull(whole) }),
  v.transform((window): Window => ({
    used_percent: window.usedPercent,
    window_minutes: window.windowDurationMins,
    resets_at: window.resetsAt,
  })),
);
const CodexSchema = v.object({
  rateLimits: v.object({
    primary: orNull(CodexWindow),
    secondary: orNull(CodexWindow),
    credits: orNull(v.object({ hasCredits: flag, unlimited: flag, balance: text })),
    planType: text,
  }),
  rateLimitResetCredits: orNull(v.object({ availableCount: orNull(whole) })),
});

/** Takes what Codex's own server answers to `account/rateLimits/read`; returns the usage, or null when it tells no limit. */
export function usageOfCodex(answer: unknown): Usage | null {
  const parsed = v.safeParse(CodexSchema, answer);
  if (!parsed.success) return null;
  const { primary, secondary, credits, planType } = parsed.output.rateLimits;
  return parseUsage({
    primary,
    secondary,
    credits: credits && {
      has_credits: credits.hasCredits,
      unlimited: credits.unlimited,
      balance: credits.balance,
    },
    reset_credits: parsed.output.rateLimitResetCredits?.availableCount,
    plan_type: planType && storedPlan(planType),
  });
}

const tellsLimits = ({ primary, secondary }: Usage) => primary !== null || secondary !== null;

/** Whether nothing was used between two snapshots: a window of which nothing is used moves on by itself. */
export function isSameUsage(a: Usage, b: Usage): boolean {
  const rest = ({ credits, reset_credits, plan_type }: Usage) => ({ credits, reset_credits, plan_type });
  return (
    isSameWindow(a.primary, b.primary) &&
    isSameWindow(a.secondary, b.secondary) &&
    Bun.deepEquals(rest(a), rest(b), true)
  );
}

function isSameWindow(a: Window | null, b: Window | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.used_percent !== b.used_percent || a.window_minutes !== b.window_minutes) return false;
  return a.used_percent === 0 || a.resets_at === b.resets_at;
}

/** Returns the account with the plan that holds now: what the usage tells is newer than what the login's token does. */
export function withPlan(account: Account): Account {
  return { ...account, plan: parseUsage(account.last_usage)?.plan_type ?? account.plan };
}

/** Returns the plan as shown; what the usage tells of it is newer than what the login's token does. */
export const shownPlan = (account: Account) => planName(withPlan(account));
