import { type Account, isRefused } from "../accounts/account.ts";
import { labelOf, nameAccounts } from "../accounts/names.ts";
import type { Note } from "../errors.ts";
import type { State } from "../state/state.ts";
import { type Left, leftOf } from "../usage/left.ts";
import { cachedView, hasUsage, type UsageViews } from "../usage/view.ts";

/** An account, and what is left of it. */
export interface KnownLeft {
  key: string;
  label: string;
  left: Left;
}

/** Less than that, in percent, is little. */
const LITTLE = 10;

/** Returns the ChatGPT accounts that work and whose limits are known, the one with the most left first, of equals the first in `list`; `now` in milliseconds. */
export function mostLeft(
  { registry, loggedOut, strange }: Pick<State, "registry" | "loggedOut" | "strange">,
  views: UsageViews,
  now: number,
): KnownLeft[] {
  const isUsable = (account: Account) =>
    hasUsage(account) && !isRefused(account) && ![loggedOut, strange].some((keys) => keys.has(account.account_key));
  return nameAccounts(registry)
    .flatMap(({ account, label }) => {
      const left = isUsable(account) ? leftOf(views.get(account.account_key) ?? cachedView(account), now) : undefined;
      return left ? [{ key: account.account_key, label, left }] : [];
    })
    .toSorted((a, b) => b.left.percent - a.left.percent);
}

/** Returns what to say where less than 10 % is known to be left of an account and another has more; `by` is the command that takes that. */
export function tellMoreLeft(
  state: Pick<State, "registry" | "loggedOut" | "strange">,
  account: Account,
  now: number,
  by: "switch" | "use",
): Note | undefined {
  const left = hasUsage(account) ? leftOf(cachedView(account), now) : undefined;
  const [best] = mostLeft(state, new Map(), now);
  if (!left || left.percent >= LITTLE || !best || best.left.percent <= left.percent) return undefined;
  const message = `${labelOf(state.registry, account)} has ${left.percent}% left of its ${left.limit}, ${best.label} has ${best.left.percent}%`;
  return { message, hint: `codex-auth ${by} --best` };
}
