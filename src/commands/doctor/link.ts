import { join } from "node:path";
import { fileKeyOf } from "../../core/accounts/account.ts";
import { asWord } from "../../core/printable.ts";

/** Returns the path of an account's login, as the base home's auth.json leads to it. */
export const linkOf = (accountKey: string): string => join("accounts", `${fileKeyOf(accountKey)}.auth.json`);

/** Returns what puts a link in the place of an auth.json, in one line: while nothing lies there, that is a logout. */
export const linkInstead = (auth: string, target: string): string =>
  `mv ${asWord(auth)} ${asWord(`${auth}.old`)} && ln -s ${asWord(target)} ${asWord(auth)} && codex-auth sync`;
