import { styleText } from "node:util";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, labelOf } from "../accounts/account.ts";
import { withoutControls } from "../printable.ts";
import { padEnd } from "../width.ts";
import { numberText, type ShownAccount, showAccounts, shownPlan } from "../accounts/shown.ts";
import { documentInput, accountDocuments } from "../documents/accounts.ts";
import { UserError } from "../errors.ts";
import { credentialPath } from "../base/layout.ts";
import { type PickerStyle, pickerView } from "./picker.ts";
import type { Registry } from "../accounts/registry.ts";
import { noAccounts, nobodyToAsk, selectorError } from "./selector-errors.ts";
import { resolveSelector } from "./selectors.ts";
import { viewState } from "../state/state.ts";

/**
 * Asks on the terminal which account is meant where a selector leaves it open: there is none, or it matches several. Returns the selector
 * that says it. To be called before the lock is taken: nobody shall wait for an answer. Without a terminal, and with `json`, nobody is asked.
 * Throws UserError when the picker is left (exit code 1, with Ctrl-C 130).
 */
export async function askWhich(
  ctx: Context,
  selector: string | undefined,
  { json = false } = {},
): Promise<string | undefined> {
  if (json || !hasTerminal(ctx)) return selector;
  const { registry } = viewState(ctx);
  const shown = showAccounts(registry);
  const { status, candidates } =
    selector === undefined ? { status: "ambiguous", candidates: shown } : resolveSelector(shown, selector);
  if (status !== "ambiguous" || candidates.length === 0) return selector;
  const question = selector === undefined ? "which account?" : `which "${withoutControls(selector)}"?`;
  return (await pick(ctx, registry, candidates, question)).account_key;
}

/** Returns the account that a selector picks. Throws UserError when it picks none or several, or when there is no selector. */
export function chooseAccount(ctx: Context, registry: Registry, selector: string | undefined): Account {
  const shown = showAccounts(registry);
  if (selector === undefined) throw shown.length === 0 ? noAccounts() : nobodyToAsk(shown, describe(ctx, registry));
  const resolution = resolveSelector(shown, selector);
  const [only] = resolution.candidates;
  if (resolution.status === "resolved" && only) return only.account;
  throw selectorError(shown, resolution, describe(ctx, registry));
}

function describe(ctx: Context, registry: Registry) {
  const isGone = ({ account_key: key }: Account) => !ctx.files.entry(credentialPath(ctx.layout, fileKeyOf(key)));
  const loggedOut = new Set(registry.accounts.filter(isGone).map((account) => account.account_key));
  return accountDocuments(documentInput(ctx, { registry, loggedOut }));
}

const hasTerminal = ({ terminal: { tty }, env }: Context) => tty.in && tty.err && env.TERM !== "dumb";

async function pick(
  { terminal, env }: Context,
  registry: Registry,
  shown: readonly ShownAccount[],
  question: string,
): Promise<Account> {
  const marked = shown.findIndex(({ account }) => account.account_key === registry.active_account_key);
  const view = pickerView(question, itemsOf(shown), Math.max(0, marked), env.NO_COLOR ? PLAIN : STYLED);
  const picked = (await terminal.interact(view)) ?? { is: "cancelled" };
  const chosen = picked.is === "chosen" ? shown[picked.index] : undefined;
  if (chosen) return chosen.account;
  throw new UserError("no account was chosen, nothing has changed", {
    exitCode: picked.is === "interrupted" ? 130 : 1,
    code: "cancelled",
  });
}

/** Returns the accounts as lines: number, name with its e-mail, plan. */
function itemsOf(shown: readonly ShownAccount[]): string[] {
  const names = shown.map(({ name, group }) => (group === null ? name : `${name} (${group})`));
  const width = Math.max(...names.map((name) => Bun.stringWidth(name)));
  return shown.map(
    ({ account, number }, at) =>
      `${numberText(number)} ${padEnd(names[at] ?? labelOf(account), width)}  ${shownPlan(account)}`,
  );
}

const PLAIN: PickerStyle = { faint: (text) => text, strong: (text) => text };
const STYLED: PickerStyle = {
  faint: (text) => styleText("dim", text, { validateStream: false }),
  strong: (text) => styleText("bold", text, { validateStream: false }),
};
