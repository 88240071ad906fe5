import { styleText } from "node:util";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf } from "../accounts/account.ts";
import { type NamedAccount, nameAccounts, numberText } from "../accounts/names.ts";
import { shownPlan } from "../accounts/usage.ts";
import type { Registry } from "../accounts/registry.ts";
import { credentialPath } from "../base/layout.ts";
import { accountDocuments, documentInput } from "../documents/accounts.ts";
import { UserError } from "../errors.ts";
import { viewState } from "../state/state.ts";
import { padEnd, widest } from "../width.ts";
import { resolveSelector } from "./match.ts";
import { type PickerStyle, pickerView } from "./picker.ts";
import { type Describe, noAccounts, nobodyToAsk, resolutionError, selectorError } from "./refuse.ts";

/** How a selector is taken. */
export interface Asking {
  /** Nobody is asked. */
  json?: boolean;
  /** A part of a name does not decide by itself: for what takes away, or acts where nobody sees it. */
  exact?: boolean;
}

/**
 * Asks on the terminal which account is meant where a selector leaves it open: there is none, it matches several, or it is only a part where
 * that does not do. Returns the selector that says it. To be called before the lock is taken: nobody shall wait for an answer. Without a
 * terminal, and with `json`, nobody is asked. Throws UserError when the picker is left (exit code 1, with Ctrl-C 130).
 */
export async function askWhich(
  ctx: Context,
  selector: string | undefined,
  { json = false, exact = false }: Asking = {},
): Promise<string | undefined> {
  if (json || !hasTerminal(ctx)) return selector;
  const { registry } = viewState(ctx);
  const accounts = nameAccounts(registry);
  if (selector === undefined)
    return accounts.length === 0 ? undefined : await pick(ctx, registry, accounts, "which account?");
  const { status, candidates, isExact } = resolveSelector(accounts, selector);
  const isOpen = status === "ambiguous" || (status === "resolved" && exact && !isExact);
  return isOpen ? await pick(ctx, registry, candidates, `which "${selector}"?`) : selector;
}

/** Asks for each selector that leaves it open, or is only a part; returns selectors that don't. */
export async function askEach(ctx: Context, selectors: readonly string[], { json = false }: Asking): Promise<string[]> {
  const asked: string[] = [];
  for (const selector of selectors) asked.push((await askWhich(ctx, selector, { json, exact: true })) ?? selector);
  return asked;
}

/** Returns the account that a selector picks. Throws UserError when it picks none or several, or when there is no selector. */
export function chooseAccount(
  ctx: Context,
  registry: Registry,
  selector: string | undefined,
  { exact = false }: Asking = {},
): Account {
  const accounts = nameAccounts(registry);
  const describe = describeIn(ctx, registry);
  if (selector === undefined) throw accounts.length === 0 ? noAccounts() : nobodyToAsk(accounts, describe);
  const resolution = resolveSelector(accounts, selector);
  const [only] = resolution.candidates;
  if (resolution.status === "resolved" && only && (resolution.isExact || !exact)) return only.account;
  throw selectorError(accounts, resolution, describe);
}

/** Returns the accounts that the selectors pick, each once; parts of names don't do. Throws UserError, naming every one that fails, unless each picks one. */
export function chooseAccounts(ctx: Context, registry: Registry, selectors: readonly string[]): Account[] {
  const accounts = nameAccounts(registry);
  const resolutions = selectors.map((selector) => resolveSelector(accounts, selector));
  const failed = resolutions.filter(({ status, isExact }) => status !== "resolved" || !isExact);
  if (failed.length > 0) throw resolutionError(accounts, resolutions, failed, describeIn(ctx, registry));
  return [...new Set(resolutions.flatMap(({ candidates }) => candidates.map(({ account }) => account)))];
}

/** Returns how accounts are described where none can be chosen; what that takes is looked for when it is asked. */
function describeIn(ctx: Context, registry: Registry): Describe {
  let describe: Describe | undefined;
  const isGone = ({ account_key: key }: Account) => !ctx.files.entry(credentialPath(ctx.layout, fileKeyOf(key)));
  const make = () => {
    const loggedOut = new Set(registry.accounts.filter(isGone).map((account) => account.account_key));
    return accountDocuments(documentInput(ctx, { registry, loggedOut }));
  };
  return (account) => (describe ??= make())(account);
}

const hasTerminal = ({ terminal: { tty }, env }: Context) => tty.in && tty.err && env.TERM !== "dumb";

/** Returns the key of the account that is picked. */
async function pick(
  { terminal, env }: Context,
  registry: Registry,
  accounts: readonly NamedAccount[],
  question: string,
): Promise<string> {
  const marked = accounts.findIndex(({ account }) => account.account_key === registry.active_account_key);
  const view = pickerView(question, itemsOf(accounts), Math.max(0, marked), env.NO_COLOR ? PLAIN : STYLED);
  const picked = (await terminal.interact(view)) ?? { is: "cancelled" };
  const chosen = picked.is === "chosen" ? accounts[picked.index] : undefined;
  if (chosen) return chosen.account.account_key;
  throw new UserError("no account was chosen, nothing has changed", {
    exitCode: picked.is === "interrupted" ? 130 : 1,
    code: "cancelled",
  });
}

/** Returns the accounts as lines: number, name with its e-mail, plan. */
function itemsOf(accounts: readonly NamedAccount[]): string[] {
  const names = accounts.map(({ row, group }) => (group === null ? row : `${row} (${group})`));
  const width = widest(names);
  return accounts.map(
    ({ account, number }, at) => `${numberText(number)} ${padEnd(names[at] ?? "", width)}  ${shownPlan(account)}`,
  );
}

const PLAIN: PickerStyle = { faint: (text) => text, strong: (text) => text };
const STYLED: PickerStyle = {
  faint: (text) => styleText("dim", text, { validateStream: false }),
  strong: (text) => styleText("bold", text, { validateStream: false }),
};
