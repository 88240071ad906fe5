import type { Context } from "../../context.ts";
import { type Account, homeIdOf } from "../../core/accounts/account.ts";
import { checkHomeLoggedIn } from "../../core/here/acting.ts";
import { checkAllowed } from "../../core/homes/allowed.ts";
import { changeState, WITHOUT_ASKING } from "../../core/state/change.ts";
import { askWhich, chooseAccount } from "../../core/selectors/choose.ts";
import { UserError } from "../../core/errors.ts";

/** Makes ready what a shell needs to use an account; returns it with the value for CODEX_AUTH_USE. Throws UserError without the snippet. */
export async function useAccount(
  ctx: Context,
  selector: string | undefined,
): Promise<{ account: Account; homeId: string }> {
  const which = await askWhich(ctx, selector);
  return await changeState(ctx, WITHOUT_ASKING, async (store) => {
    const account = chooseAccount(ctx, store.registry, which);
    checkAllowed(ctx, account);
    await store.needHome(account);
    checkHomeLoggedIn(store, account);
    return { account, homeId: homeIdOf(account.account_key) };
  });
}

/** Throws UserError unless the shell's function called us: no program can change the shell that starts it. */
export function checkSnippet({ env }: Pick<Context, "env">): void {
  if (env.CODEX_AUTH_SNIPPET) return;
  throw new UserError("`use` needs the shell snippet", {
    hint: 'eval "$(codex-auth init zsh)" (bash, fish, pwsh too), or codex-auth exec --account SELECTOR -- COMMAND',
  });
}
