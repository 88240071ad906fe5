import type { Context } from "../../context.ts";
import { type Account, fileKeyOf } from "../accounts/account.ts";
import { type NamedAccount, nameAccounts, numberText } from "../accounts/names.ts";
import { shownPlan } from "../accounts/usage.ts";
import type { Registry } from "../accounts/registry.ts";
import { credentialPath } from "../base/layout.ts";
import { accountDocuments, documentInput } from "../documents/accounts.ts";
import { UserError } from "../errors.ts";
import { viewState } from "../state/state.ts";
import { leftOf } from "../usage/left.ts";
import { cachedView } from "../usage/view.ts";
import { padEnd, widest } from "../width.ts";
import { resolveSelector } from "./match.ts";
import { pickManyView } from "./pick-many.ts";
import { type PickerStyle, pickerView } from "./picker.ts";
import { type Describe, noAccounts, nobodyToAsk, resolutionError, selectorError } from "./refuse.ts";
import { styled } from "../style.ts";

/** How a selector is taken. */
export interface Asking {
  /** Nobody is asked. */
  json?: boolean;
  /** What the account is chosen for, as people are asked. */
  purpose?: string;
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
  { json = false, exact = false, purpose }: Asking = {},
): Promise<string | undefined> {
  if (json || !hasTerminal(ctx)) return selector;
  const { registry } = viewState(ctx);
  const accounts = nameAccounts(registry);
  if (selector === undefined)
    return accounts.length === 0
      ? undefined
      : await pick(ctx, registry, accounts, `which account?${purpose ? ` (${purpose})` : ""}`);
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

/**
 * Lets the user pick several accounts; returns their keys, undefined where nobody can be asked. Throws UserError when the picker is left, as
 * askWhich does, and when there are no accounts.
 */
export async function askMany(ctx: Context, question: string): Promise<string[] | undefined> {
  if (!hasTerminal(ctx)) return undefined;
  const accounts = nameAccounts(viewState(ctx).registry);
  if (accounts.length === 0) throw noAccounts();
  const view = pickManyView(question, itemsOf(accounts, ctx.now()), styleOf(ctx.env));
  const picked = (await ctx.terminal.interact(view)) ?? { is: "cancelled" };
  if (picked.is !== "chosen") throw leftAlone(picked.is);
  return picked.indexes.flatMap((index) => accounts[index]?.account.account_key ?? []);
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
  { terminal, env, now }: Context,
  registry: Registry,
  accounts: readonly NamedAccount[],
  question: string,
): Promise<string> {
  const marked = accounts.findIndex(({ account }) => account.account_key === registry.active_account_key);
  const view = pickerView(question, itemsOf(accounts, now()), Math.max(0, marked), styleOf(env));
  const picked = (await terminal.interact(view)) ?? { is: "cancelled" };
  const chosen = picked.is === "chosen" ? accounts[picked.index] : undefined;
  if (chosen) return chosen.account.account_key;
  throw leftAlone(picked.is);
}

const leftAlone = (how: string) =>
  new UserError("no account was chosen, nothing has changed", {
    exitCode: how === "interrupted" ? 130 : 1,
    code: "cancelled",
  });

/** Returns the accounts as lines: number, name with its e-mail, plan, what is known to be left. */
function itemsOf(accounts: readonly NamedAccount[], now: number): string[] {
  const names = accounts.map(({ row, group }) => (group === null ? row : `${row} (${group})`));
  const width = widest(names);
  const plans = accounts.map(({ account }) => shownPlan(account));
  const planWidth = widest(plans);
  return accounts.map(({ account, number }, at) => {
    const left = leftOf(cachedView(account), now);
    const about = left ? `${padEnd(plans[at] ?? "", planWidth)}  ${left.percent}% left` : (plans[at] ?? "");
    return `${numberText(number)} ${padEnd(names[at] ?? "", width)}  ${about}`;
  });
}

const styleOf = ({ NO_COLOR }: Context["env"]) => (NO_COLOR ? PLAIN : STYLED);

const PLAIN: PickerStyle = { faint: (text) => text, strong: (text) => text };
const STYLED: PickerStyle = {
  faint: (text) => styled("dim", text),
  strong: (text) => styled("bold", text),
};
