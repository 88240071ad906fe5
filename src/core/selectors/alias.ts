import { hasBytes } from "../bytes.ts";
import type { Account } from "../accounts/account.ts";
import { labelOf } from "../accounts/names.ts";
import { asWord, fold, withoutControls, withoutKeys } from "../printable.ts";
import type { Registry } from "../accounts/registry.ts";
import { UserError } from "../errors.ts";

/** Returns the account, other than that of a key, which has an alias. */
export const aliasedAs = ({ accounts }: Registry, alias: string, accountKey?: string): Account | undefined =>
  accounts.find(
    (account) => account.account_key !== accountKey && account.alias !== "" && fold(account.alias) === fold(alias),
  );

/**
 * Returns an alias as it is stored. Throws UserError when it can't be one (see checkAliasText), or another account than that of `accountKey`
 * has it.
 */
export function checkAlias(registry: Registry, alias: string, accountKey: string | undefined): string {
  const name = checkAliasText(alias);
  const other = aliasedAs(registry, name, accountKey);
  if (!other) return name;
  throw new UserError(`the alias "${name}" is taken by ${labelOf(registry, other)}`, {
    hint: `another one, or first: codex-auth alias clear ${asWord(name)}`,
  });
}

/**
 * Returns an alias as it is stored. Throws UserError when it is empty, a number, `-`, an API key, or has control characters, or bytes that are no
 * text.
 */
export function checkAliasText(alias: string): string {
  const name = alias.trim();
  const refuse = (why: string) => new UserError(`an alias ${why}`, { hint: 'a word like "work"', exitCode: 2 });
  if (name === "") throw refuse("cannot be empty");
  if (hasBytes(name)) throw refuse("cannot have bytes that are no UTF-8: nobody could type it");
  if (withoutControls(name) !== name) throw refuse("cannot have control characters");
  if (withoutKeys(name) !== name) throw refuse("cannot be an API key");
  if (/^\d+$/.test(name)) throw refuse(`cannot be a number, as "${name}" is`);
  if (name === "-") throw refuse('cannot be "-", which means the account before');
  return name;
}
