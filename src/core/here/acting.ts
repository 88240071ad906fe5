import { labelOf } from "../accounts/names.ts";
import type { Context } from "../../context.ts";
import { type Account, homeIdOf } from "../accounts/account.ts";
import { accountOfHome } from "../accounts/registry.ts";
import { checkPlace, chosenHere } from "../active/active.ts";
import { missingAccount } from "../active/missing.ts";
import { envPath } from "../base/layout.ts";
import { checkAllowed } from "../homes/allowed.ts";
import { changeState, WITHOUT_ASKING } from "../state/change.ts";
import { noAccounts } from "../selectors/refuse.ts";
import { underOurLock } from "../state/our-lock.ts";
import { askWhich, chooseAccount } from "../selectors/ask.ts";
import { environmentOf, environmentOfDefault } from "../homes/derive.ts";
import { renewGeneration } from "../homes/generation.ts";
import { besideOwn, type Environment, renderEnvFile, TOLD } from "../homes/environment.ts";
import { UserError } from "../errors.ts";
import { withDefault } from "./followed.ts";
import { ownEnvironment, withEnvironment } from "../homes/inherit.ts";
import { type State, viewState } from "../state/state.ts";
import { Store } from "../state/store.ts";
import { settleState } from "../state/settled.ts";
import { checkCredential, hasCredential } from "../state/usable.ts";
import { asWord } from "../printable.ts";

/** Returns the environment in which a command runs as an account: the selected one, else the one that is active here. Throws UserError when that is missing. */
export async function environmentFor(ctx: Context, selector: string | undefined): Promise<Record<string, string>> {
  const which = selector && (await askWhich(ctx, selector, { exact: true }));
  return await changeState(ctx, WITHOUT_ASKING, async (store) => {
    const own = ownEnvironment(ctx);
    const account =
      which === undefined ? activeAccount(ctx, store) : chooseAccount(ctx, store.registry, which, { exact: true });
    if (account === undefined) return withDefault(ctx, store, own);
    checkAllowed(ctx, store.registry, account, { as: "own home", directory: ctx.cwd });
    await store.needHome(account);
    checkHomeLoggedIn(store, account);
    const id = homeIdOf(account.account_key);
    // named here, it holds for what the command starts too, as `use` does
    const told = selector === undefined ? own : { ...own, CODEX_AUTH_USE: id };
    return withEnvironment(told, environmentOf(ctx, store, account), id, told.CODEX_AUTH_USE ? "use" : "pin");
  });
}

/** Returns the account that a pin or use names, making sure of its home; undefined when the default account is active. */
function activeAccount(ctx: Context, { registry }: Pick<State, "registry">): Account | undefined {
  checkPlace(ctx);
  const chosen = chosenHere(ctx, registry);
  if (!chosen) {
    // a job without its secret would go on as whatever lies there
    if (registry.accounts.length === 0 && ctx.files.entry(ctx.layout.auth) === undefined) throw noAccounts();
    return undefined;
  }
  const account = accountOfHome(registry, chosen.homeId);
  if (account) return account;
  throw missingAccount({ source: chosen.source, pin: chosen.pin });
}

/** Throws UserError for an account that is logged out: Codex would only run into refusals. */
export function checkHomeLoggedIn(store: Store, account: Account): void {
  store.checkLoggedIn(account);
  if (!store.loggedOut.has(account.account_key)) return;
  throw new UserError(`${labelOf(store.registry, account)} is logged out in its home`, {
    hint: `codex-auth pin ${asWord(labelOf(store.registry, account))}, which logs it in again`,
  });
}

/**
 * Returns the environment of an account for printing: of the selected one, else of the one that is active here, and what tells of another account
 * in this environment unset. The account's home is made where it is missing, and a key that is gone or damaged comes back from its backup. Throws
 * UserError when the account is missing.
 */
export async function environmentToPrint(ctx: Context, selector: string | undefined): Promise<Environment> {
  const environment = await environmentHere(ctx, selector);
  const { set, unset } = environment;
  // the source is the hook's to tell
  const stale = TOLD.filter((name) => name !== "CODEX_AUTH_SOURCE" && ctx.env[name] && set[name] === undefined);
  return { ...environment, unset: [...unset, ...stale] };
}

async function environmentHere(ctx: Context, selector: string | undefined): Promise<Environment> {
  const which = selector && (await askWhich(ctx, selector, { exact: true }));
  const state = viewState(ctx);
  const account =
    which === undefined ? activeAccount(ctx, state) : chooseAccount(ctx, state.registry, which, { exact: true });
  if (account === undefined)
    return besideOwn(environmentOfDefault(ctx, state) ?? { set: {}, unset: [] }, ownEnvironment(ctx));
  checkAllowed(ctx, state.registry, account, { as: "own home", directory: ctx.cwd });
  // a key comes back from its backup
  if (!hasCredential(ctx, account)) await settleState(ctx);
  checkCredential(ctx, state.registry, account);
  const environment = environmentOf(ctx, state, account);
  const id = homeIdOf(account.account_key);
  if (ctx.files.entry(envPath(ctx.layout, id)) === undefined) {
    await underOurLock(ctx, async () => {
      await new Store(ctx, state, []).needHome(account);
      ctx.files.write(envPath(ctx.layout, id), renderEnvFile(environment));
      renewGeneration(ctx, state.settings);
    });
  }
  // a hook obeys it: else it would take the rest away again
  return { ...environment, set: { ...environment.set, CODEX_AUTH_USE: id } };
}
