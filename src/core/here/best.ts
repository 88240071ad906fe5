import type { Context } from "../../context.ts";
import { UserError } from "../errors.ts";
import { type State, viewState } from "../state/state.ts";
import { refreshUsage } from "../usage/refresh.ts";
import { saveRefreshed } from "../usage/save-usage.ts";
import { mostLeft } from "./more-left.ts";

/**
 * Asks for the limits of all ChatGPT accounts and returns the key of the one with the most left, by its lower limit; says which and why. Of
 * equals the first in `list`. Throws UserError when nobody's are known.
 */
export async function bestAccount(ctx: Context): Promise<string> {
  const state = viewState(ctx);
  const views = await askViews(ctx, state);
  const known = mostLeft(state, views, ctx.now());
  const [best] = known;
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
