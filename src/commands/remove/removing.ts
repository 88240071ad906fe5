import type { Context } from "../../context.ts";
import { type Account, homeIdOf } from "../../core/accounts/account.ts";
import { changeState, ASKING } from "../../core/state/change.ts";
import { documentInput } from "../../core/documents/document-input.ts";
import { accountDocuments, type DocumentInput } from "../../core/documents/documents.ts";
import { listPins } from "../../core/active/pins.ts";
import { noAccounts } from "../../core/selectors/selector-errors.ts";
import { selectAccounts } from "../../core/selectors/selectors.ts";
import { viewState } from "../../core/state/state.ts";

/** Which accounts to remove, and whether their pins go too. */
export interface Removal {
  selectors: readonly string[];
  all: boolean;
  unpin: boolean;
  /** Asked before all are removed; false leaves everything. */
  confirm(accounts: readonly Account[]): Promise<boolean>;
}

/** What was removed, what there was before, the default account's key since, and the pins that fail closed from now on. */
export interface Removed {
  accounts: readonly Account[];
  before: DocumentInput;
  newDefault: string | null;
  orphanedPins: string[];
}

/** Removes accounts; every selector is resolved before the first one goes. Returns undefined when it was not confirmed. */
export async function removeAccounts(ctx: Context, removal: Removal): Promise<Removed | undefined> {
  // nobody is asked under our lock: every shell would wait for the answer
  const meant = removal.all ? await confirmed(ctx, removal) : [];
  if (meant === undefined) return undefined;
  return await changeState(ctx, ASKING, async (store) => {
    const before = documentInput(ctx, { registry: store.registry, loggedOut: new Set(store.loggedOut) });
    const accounts = removal.all
      ? store.registry.accounts.filter(({ account_key: key }) => meant.includes(key))
      : selectAccounts(store.registry, removal.selectors, accountDocuments(before));
    if (accounts.length === 0) throw noAccounts();
    await store.remove(accounts);
    const ids = new Set(accounts.map((account) => homeIdOf(account.account_key)));
    const pins = listPins(ctx.files, ctx.layout).filter(({ homeId }) => homeId !== undefined && ids.has(homeId));
    if (removal.unpin || removal.all) for (const { path } of pins) store.unpin(path);
    const orphanedPins = removal.unpin || removal.all ? [] : pins.map(({ path }) => path);
    return { accounts, before, newDefault: store.registry.active_account_key, orphanedPins };
  });
}

/** Returns the keys of all accounts, when the user wants them removed. */
async function confirmed(ctx: Context, { confirm }: Removal): Promise<string[] | undefined> {
  const { accounts } = viewState(ctx).registry;
  if (accounts.length === 0) throw noAccounts();
  return (await confirm(accounts)) ? accounts.map(({ account_key: key }) => key) : undefined;
}
