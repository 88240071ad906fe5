import type { Context } from "../../context.ts";
import { type Account, labelOf } from "../../core/accounts/account.ts";
import { ASKING, changeState } from "../../core/state/change.ts";
import { askWhich, chooseAccount } from "../../core/selectors/choose.ts";
import { putAccount } from "../../core/accounts/registry.ts";
import { checkAlias } from "../../core/selectors/selectors.ts";

/** Names an account. Returns its label. Throws UserError when the alias can't be one or is taken. */
export async function setAlias(ctx: Context, selector: string, alias: string): Promise<string> {
  return await rename(ctx, selector, alias);
}

/** Takes an account's alias away. Returns its label. */
export async function clearAlias(ctx: Context, selector: string): Promise<string> {
  return await rename(ctx, selector, "");
}

async function rename(ctx: Context, selector: string, alias: string): Promise<string> {
  const which = await askWhich(ctx, selector);
  return await changeState(ctx, ASKING, async (store) => {
    const account: Account = chooseAccount(ctx, store.registry, which);
    const renamed = { ...account, alias: alias === "" ? "" : checkAlias(store.registry, alias, account.account_key) };
    store.registry = putAccount(store.registry, renamed);
    return labelOf(renamed);
  });
}
