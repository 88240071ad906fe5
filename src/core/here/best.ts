import type { Context } from "../../context.ts";
import { type Account, isRefused } from "../accounts/account.ts";
import { nameAccounts } from "../accounts/names.ts";
import { UserError } from "../errors.ts";
import { type State, viewState } from "../state/state.ts";
import { refreshUsage } from "../usage/refresh.ts";
import { saveRefreshed } from "../usage/save-usage.ts";
import { leftOf } from "../usage/left.ts";
import { cachedView, hasUsage } from "../usage/view.ts";

/**
 * Asks for the limits of all ChatGPT accounts and returns the key of the one with the most left, by its lower limit; says which and why. Of
 * equals the first in `list`. Throws UserError when nobody's are known.
 */
export async function bestAccount(ctx: Context): Promise<string> {
  const state = viewState(ctx);
  const views = await askViews(ctx, state);
  const known = nameAccounts(state.registry).flatMap(({ account, label }) => {
    const view = views.get(account.account_key) ?? cachedView(account);
    const left = isUsable(state, account) ? leftOf(view, ctx.now()) : undefined;
    return left ? [{ key: account.account_key, label, left }] : [];
  });
  const [best] = known.toSorted((a, b) => b.left.percent - a.left.percent);
  if (!best)
    throw new UserError("nobody knows what is left of any ChatGPT account", {
      hint: "codex-auth list",
      code: "account_not_found",
    });
  const { percent, limit } = best.left;
  const among = known.length === 1 ? "the only one whose limits are known" : `the most of ${known.length} accounts`;
  ctx.log.info(`${best.label} has ${percent}% left of its ${limit}: ${among}`);
  return best.key;
}

const isUsable = ({ loggedOut, strange }: State, account: Account) =>
  hasUsage(account) && !isRefused(account) && !loggedOut.has(account.account_key) && !strange.has(account.account_key);

async function askViews(ctx: Context, { registry, loggedOut, settings }: State) {
  const refreshed = await refreshUsage(ctx, registry.accounts, {
    defaultKey: registry.active_account_key,
    share: settings.share,
    loggedOut,
    progress: ctx.terminal.progress,
  });
  for (const note of refreshed.notes) ctx.log.info(note);
  await saveRefreshed(ctx, refreshed);
  return refreshed.views;
}
