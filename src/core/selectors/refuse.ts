import type { Account } from "../accounts/account.ts";
import { type NamedAccount, numberText } from "../accounts/names.ts";
import { shownPlan } from "../accounts/usage.ts";
import { closest } from "../closest.ts";
import { UserError } from "../errors.ts";
import { inQuotes, withoutControls } from "../printable.ts";
import { type Resolution, textsOf } from "./match.ts";

/** Makes an account's object for the JSON document of an error. */
export type Describe = (account: Account) => object;

/** Returns what to tell of a selector that picks none or several accounts, or that only stands for a part where that does not do. */
export function selectorError(
  accounts: readonly NamedAccount[],
  { selector, candidates, status }: Resolution,
  describe: Describe,
): UserError {
  if (candidates.length === 0) {
    return new UserError(`no account matches "${selector}"${guess(accounts, selector)}`, {
      hint: "codex-auth list",
      code: "account_not_found",
    });
  }
  const [message, hint] =
    status === "resolved"
      ? [`"${selector}" is only a part of a name`, "the whole name, or its number"]
      : [`"${selector}" matches ${candidates.length} accounts`, "a number, or one of these names"];
  return withCandidates(message, hint, candidates, describe);
}

/** Returns what to tell where there is nothing to select from. */
export const noAccounts = (): UserError =>
  new UserError("there are no accounts", {
    hint: "codex-auth login, or codex-auth import PATH",
    code: "account_not_found",
  });

/** Returns what to tell where a selector is missing and nobody can be asked. */
export const nobodyToAsk = (accounts: readonly NamedAccount[], describe: Describe): UserError =>
  withCandidates("which account?", "name one, by its number or a part of its name", accounts, describe);

function withCandidates(
  message: string,
  hint: string,
  accounts: readonly NamedAccount[],
  describe: Describe,
): UserError {
  return new UserError(message, {
    hint: hint + accounts.map(candidateLine).join(""),
    code: "ambiguous_query",
    details: { candidates: accounts.map(({ account }) => describe(account)) },
  });
}

/** Returns an account as a line below an error; its label stands in quotes of the shell, to be copied into the command line. */
function candidateLine({ account, number, label }: NamedAccount): string {
  const about = account.alias && account.email ? ` (${account.email})` : "";
  return `\n    ${numberText(number)} ${inQuotes(label)}${about} ${shownPlan(account)}`;
}

/** Returns what to tell of selectors of which some fail: of all of them, as nothing is done. */
export function resolutionError(
  accounts: readonly NamedAccount[],
  all: readonly Resolution[],
  failed: readonly Resolution[],
  describe: Describe,
): UserError {
  const errors = failed.map((resolution) => selectorError(accounts, resolution, describe));
  return new UserError(errors.map(({ message }) => message).join("\n  "), {
    hint: errors[0]?.hint ?? "codex-auth list",
    code: "selector_resolution_failed",
    details: { resolutions: all.map((resolution) => resolutionDocument(resolution, describe)) },
  });
}

/** Takes what picks no account; returns what to add to a message about it: which one may have been meant, `""` where none is near. */
export function guess(accounts: readonly NamedAccount[], selector: string): string {
  const names = accounts.flatMap(({ account }) => textsOf(account)).filter(Boolean);
  const near = selector === "" ? undefined : closest(selector, names.map(withoutControls));
  return near === undefined ? "" : `, did you mean "${near}"?`;
}

const resolutionDocument = ({ selector, status, candidates }: Resolution, describe: Describe) => ({
  selector,
  status,
  account_key: status === "resolved" ? (candidates[0]?.account.account_key ?? null) : null,
  candidates: status === "ambiguous" ? candidates.map(({ account }) => describe(account)) : [],
});
