import type { Context } from "../../context.ts";
import { type Account, homeIdOf, isApiKey } from "../../core/accounts/account.ts";
import type { Credential } from "../../core/accounts/credential.ts";
import type { Identity } from "../../core/accounts/credential.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { UserError } from "../../core/errors.ts";
import { findAccount, putAccount, type Registry } from "../../core/accounts/registry.ts";
import { chosenHere } from "../../core/active/active.ts";
import { checkAllowed } from "../../core/homes/allowed.ts";
import { hasHome } from "../../core/homes/derive.ts";
import { checkAlias } from "../../core/selectors/alias.ts";
import { inQuotes } from "../../core/printable.ts";
import { canAsk, confirm } from "../../core/selectors/confirm.ts";
import { changeState, CREATING } from "../../core/state/change.ts";
import type { Store } from "../../core/state/store.ts";
import { finishRefreshes } from "../../core/usage/refreshing.ts";

/** What becomes of the account: `pin` is the physical directory to pin to it; without one it becomes the default. */
export interface Options {
  alias: string | undefined;
  pin: string | undefined;
}

/** An account that has logged in, as it is now. */
export interface Added {
  account: Account;
  registry: Registry;
  isNew: boolean;
  /** The default account before. */
  before: Account | undefined;
}

/**
 * Takes a credential up: the account becomes the default, or the directory's. One that is known is only renewed where a pin or `use` decides who
 * is active, and keeps its alias. Throws UserError when another account has the alias: the login is kept all the same.
 */
export async function addAccount(
  ctx: Context,
  credential: Credential,
  owner: Identity | undefined,
  { alias, pin }: Options,
): Promise<Added> {
  if (pin === undefined) await finishRefreshes(ctx, [ctx.layout.auth]);
  return await changeState(ctx, CREATING, async (store) => {
    const before = findAccount(store.registry, store.registry.active_account_key);
    const { account: added, isNew } = await store.adopt(credential, { mtimeMs: ctx.now(), isInteractive: true }, owner);
    // a login is kept whatever becomes of the alias: a second one would have to be made
    if (alias !== undefined && added.alias === "") nameKept(store, added, alias);
    const account = findAccount(store.registry, added.account_key) ?? added;
    const isRenewed = !isNew && pin === undefined && chosenHere(ctx, store.registry) !== undefined;
    checkAllowed(ctx, store.registry, account, { as: pin === undefined ? "default" : "own home", directory: pin });
    if (pin !== undefined || (isRenewed && hasHome(ctx, homeIdOf(account.account_key))))
      await store.needHome(account, true);
    if (pin !== undefined) store.pin(pin, account);
    else if (!isRenewed) await store.setDefault(account);
    return { account, registry: store.registry, isNew, before };
  });
}

/** Names an account. Throws UserError where it cannot be called so, and tells where the login is now. */
function nameKept(store: Store, account: Account, alias: string): void {
  try {
    name(store, account, alias);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const label = labelOf(store.registry, account);
    throw new UserError(`${error.message}; the login is kept, and neither default nor pinned`, {
      hint: `codex-auth alias set ${inQuotes(label)} ALIAS, or codex-auth switch ${inQuotes(label)}`,
      exitCode: error.exitCode,
    });
  }
}

function name(store: Store, account: Account, alias: string): void {
  const checked = checkAlias(store.registry, alias, account.account_key);
  store.registry = putAccount(store.registry, { ...account, alias: checked });
}

/** Says who has logged in and what has become of it; asks on a terminal before another alias takes the place of one that is there. */
export async function report(ctx: Context, added: Added, { alias, pin }: Options): Promise<void> {
  const { account, registry, isNew, before } = added;
  const label = labelOf(registry, account);
  const active = findAccount(registry, registry.active_account_key);
  if (!isNew) ctx.log.info(isApiKey(account) ? { message: `${label}: this key was here already` } : again(label));
  if (pin !== undefined) ctx.terminal.out(`${pin} uses ${label}\n`);
  else if (active?.account_key === account.account_key) ctx.terminal.out(`${label} is the default account\n`);
  else
    ctx.terminal.out(
      `${label} is logged in again; the default account is ${active ? labelOf(registry, active) : "none"}, as before\n`,
    );
  const hasMoved = before && active && before.account_key !== active.account_key;
  if (hasMoved)
    ctx.log.info({ message: `it was ${labelOf(registry, before)}`, hint: "codex-auth switch -, to go back" });
  if (alias !== undefined && account.alias !== alias.trim()) await rename(ctx, added, label, alias);
}

const again = (label: string) => ({
  message: `${label} again, who was here already`,
  hint: "for another account: log out in the browser first, or open the link in a private window",
});

async function rename(ctx: Context, { account }: Added, label: string, alias: string): Promise<void> {
  const set = `codex-auth alias set ${inQuotes(account.alias)} ${inQuotes(alias)}`;
  if (!canAsk(ctx)) return ctx.log.warn({ message: `${label} keeps its alias`, hint: set });
  await confirm(ctx, {
    going: [],
    question: `Call it ${alias} in place of ${account.alias}?`,
    otherwise: `${label} keeps its alias`,
  });
  await changeState(ctx, CREATING, (store) => {
    const now = findAccount(store.registry, account.account_key);
    if (now) name(store, now, alias);
  });
}
