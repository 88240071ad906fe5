import { type Account, isApiKey, planName } from "../accounts/account.ts";
import { type NamedAccount, numberText } from "../accounts/names.ts";
import { fold } from "../printable.ts";
import { ELLIPSIS } from "../width.ts";

/** What became of a selector; `status` as in the JSON documents. */
export interface Resolution {
  selector: string;
  status: "resolved" | "ambiguous" | "not_found";
  candidates: readonly NamedAccount[];
  /** Whether it stands for the whole of something, not for a part of it. */
  isExact: boolean;
}

/** What a selector may be in full, the most telling first. All that is shown of an account picks it. */
const EXACT: ((named: NamedAccount) => string[])[] = [
  ({ name, label }) => [name, label],
  ({ row, account }) => [account.alias, account.email, row, account.account_name ?? ""],
  // what a key's label is where nobody else has its e-mail
  ({ account }) => (account.email && isApiKey(account) ? [`${account.email} ${planName(account)}`] : []),
];

/** Returns what an account may be found by, also by a part of it. */
export const textsOf = (account: Account): string[] => [account.alias, account.email, account.account_name ?? ""];

/**
 * Returns what a selector picks: of the accounts that it may mean those of the best kind of match only. It is the number that `list` shows (`1`
 * is `01`), the account key, the name or label, the alias, e-mail or row in `list`, else a part of alias, e-mail or name. Upper and
 * lower case are the same, but for keys.
 */
export function resolveSelector(accounts: readonly NamedAccount[], selector: string): Resolution {
  const exact = exactMatches(accounts, selector);
  const candidates = exact.length > 0 ? exact : partialMatches(accounts, selector);
  const status = candidates.length === 0 ? "not_found" : candidates.length === 1 ? "resolved" : "ambiguous";
  return { selector, status, candidates, isExact: exact.length > 0 };
}

function exactMatches(accounts: readonly NamedAccount[], selector: string): readonly NamedAccount[] {
  const wanted = fold(selector);
  if (wanted === "") return [];
  const numbered = /^\d+$/.test(wanted) ? accounts.filter(({ number }) => number === Number(wanted)) : [];
  const keyed = accounts.filter(({ account }) => account.account_key === selector);
  const kinds = EXACT.map((read) => accounts.filter((one) => read(one).some((text) => text && fold(text) === wanted)));
  return [numbered, keyed, ...kinds].find((matches) => matches.length > 0) ?? [];
}

function partialMatches(accounts: readonly NamedAccount[], selector: string): readonly NamedAccount[] {
  const wanted = fold(selector);
  if (wanted === "" || looksLikeNumber(wanted, accounts.length)) return [];
  return accounts.filter(
    (named) => textsOf(named.account).some((text) => fold(text).includes(wanted)) || isCutOf(named, wanted),
  );
}

/** Whether a text is an account's name, label or row with its middle cut out, as a narrow table and a short prompt show it. */
function isCutOf({ name, label, row }: NamedAccount, wanted: string): boolean {
  const [head = "", tail = "", ...more] = wanted.split(ELLIPSIS);
  if (head === "" || tail === "" || more.length > 0) return false;
  const isWhole = (text: string) => text.length > head.length + tail.length;
  return [name, label, row].map(fold).some((text) => isWhole(text) && text.startsWith(head) && text.endsWith(tail));
}

/** A number that `list` could show is meant as one: the 12 of a list of 3 is a slip, no part of an address. */
const looksLikeNumber = (text: string, count: number) => /^\d+$/.test(text) && text.length <= numberText(count).length;
