import { type Account, labelOf } from "../accounts/account.ts";
import { withoutControls } from "../printable.ts";
import { numberText, type ShownAccount, showAccounts } from "../accounts/shown.ts";
import { UserError } from "../errors.ts";
import type { Registry } from "../accounts/registry.ts";
import { type Describe, labelWithEmail, type Resolution, resolutionError, textsOf } from "./selector-errors.ts";

/**
 * Returns the accounts that a selector may mean, best kind of match only: the number that `list` shows (`1` is `01`), the account key, the
 * alias, the e-mail, the name, else a part of one of the last three. Upper and lower case are the same, but for keys.
 */
export function matchAccounts(shown: readonly ShownAccount[], selector: string): ShownAccount[] {
  const wanted = fold(selector);
  if (wanted === "") return [];
  const numbered = /^\d+$/.test(wanted) ? shown.filter(({ number }) => number === Number(wanted)) : [];
  if (numbered.length > 0) return numbered;
  const keyed = shown.filter(({ account }) => account.account_key === selector);
  const exact = EXACT.map((read) => shown.filter((one) => read(one).some((text) => text && fold(text) === wanted)));
  const found = [keyed, ...exact].find((matches) => matches.length > 0);
  if (found) return found;
  if (looksLikeNumber(wanted, shown.length)) return [];
  return shown.filter(({ account }) => textsOf(account).some((text) => fold(text).includes(wanted)));
}

/** What a selector may be in full, besides a key: the most telling first. */
const EXACT: ((shown: ShownAccount) => (string | null)[])[] = [
  ({ account }) => [account.alias],
  ({ account }) => [account.email],
  ({ account, name, group }) => [account.account_name, labelOf(account), group === null ? name : null],
];

/** Returns a text for comparing: what people see of it, in lower case. */
const fold = (text: string) => withoutControls(text).normalize("NFC").toLowerCase();

/** A number that `list` could show is meant as one: the 12 of a list of 3 is a slip, no part of an address. */
const looksLikeNumber = (text: string, count: number) => /^\d+$/.test(text) && text.length <= numberText(count).length;

/** Returns what a selector picks. */
export function resolveSelector(shown: readonly ShownAccount[], selector: string): Resolution {
  const candidates = matchAccounts(shown, selector);
  const status = candidates.length === 0 ? "not_found" : candidates.length === 1 ? "resolved" : "ambiguous";
  return { selector, status, candidates };
}

/** Returns the accounts that the selectors pick, each once. Throws UserError, naming every selector that fails, unless each picks one; `describe` makes its JSON. */
export function selectAccounts(registry: Registry, selectors: readonly string[], describe: Describe): Account[] {
  const shown = showAccounts(registry);
  const resolutions = selectors.map((selector) => resolveSelector(shown, selector));
  const failed = resolutions.filter(({ status }) => status !== "resolved");
  if (failed.length > 0) throw resolutionError(shown, resolutions, failed, describe);
  const accounts = resolutions.flatMap(({ candidates }) => candidates.map(({ account }) => account));
  return [...new Set(accounts)];
}

/**
 * Returns an alias as it is stored. Throws UserError when it can't be one: it is empty, a number, `-` or has control characters, or
 * another account than that of `accountKey` has it.
 */
export function checkAlias(registry: Registry, alias: string, accountKey: string | undefined): string {
  const name = alias.trim();
  const refuse = (why: string) => new UserError(`an alias ${why}`, { hint: 'a word like "work"', exitCode: 2 });
  if (name === "") throw refuse("cannot be empty");
  if (withoutControls(name) !== name) throw refuse("cannot have control characters");
  if (/^\d+$/.test(name)) throw refuse(`cannot be a number, as "${name}" is`);
  if (name === "-") throw refuse('cannot be "-", which means the account before');
  const other = registry.accounts.find(
    (account) => account.account_key !== accountKey && fold(account.alias) === fold(name),
  );
  if (!other) return name;
  throw new UserError(`the alias "${name}" is taken by ${labelWithEmail(other)}`, {
    hint: `another one, or first: codex-auth alias clear ${name}`,
  });
}
