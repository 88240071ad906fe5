import { type Account, isApiKey, labelOf } from "../accounts/account.ts";
import { withoutControls } from "../printable.ts";
import { closest } from "../closest.ts";
import { numberText, type ShownAccount, shownPlan } from "../accounts/shown.ts";
import { UserError } from "../errors.ts";

/** What became of a selector; `status` as in the JSON documents. */
export interface Resolution {
  selector: string;
  status: "resolved" | "ambiguous" | "not_found";
  candidates: ShownAccount[];
}

/** Returns what an account may be found by, also by a part of it. */
export const textsOf = (account: Account): string[] => [account.alias, account.email, account.account_name ?? ""];

/** Makes an account's object for the JSON document of an error. */
export type Describe = (account: Account) => object;

/** Returns what to tell of a selector that picks none or several accounts. */
export function selectorError(
  shown: readonly ShownAccount[],
  { selector, candidates }: Resolution,
  describe: Describe,
): UserError {
  if (candidates.length === 0) {
    return new UserError(`no account matches "${selector}"${guess(shown, selector)}`, {
      hint: "codex-auth list",
      code: "account_not_found",
    });
  }
  return severalMatch(
    `"${selector}" matches ${candidates.length} accounts`,
    "a number, or more of the name",
    candidates,
    describe,
  );
}

/** Returns what to tell where there is nothing to select from. */
export const noAccounts = (): UserError =>
  new UserError("there are no accounts", {
    hint: "codex-auth login, or codex-auth import PATH",
    code: "account_not_found",
  });

/** Returns what to tell where a selector is missing and nobody can be asked. */
export const nobodyToAsk = (shown: readonly ShownAccount[], describe: Describe): UserError =>
  severalMatch("which account?", "name one, by its number or a part of its name", shown, describe);

function severalMatch(message: string, hint: string, shown: readonly ShownAccount[], describe: Describe): UserError {
  return new UserError(message, {
    hint: hint + listOf(shown),
    code: "ambiguous_query",
    details: { candidates: shown.map(({ account }) => describe(account)) },
  });
}

/** Returns what to tell of selectors of which some fail: of all of them, as nothing is done. */
export function resolutionError(
  shown: readonly ShownAccount[],
  all: readonly Resolution[],
  failed: readonly Resolution[],
  describe: Describe,
): UserError {
  const told = failed.map((resolution) => selectorError(shown, resolution, describe));
  return new UserError(told.map(({ message }) => message).join("\n  "), {
    hint: told[0]?.hint ?? "codex-auth list",
    code: "selector_resolution_failed",
    details: { resolutions: all.map((resolution) => resolutionDocument(resolution, describe)) },
  });
}

function guess(shown: readonly ShownAccount[], selector: string): string {
  const names = shown.flatMap(({ account }) => textsOf(account)).filter(Boolean);
  const near = selector === "" ? undefined : closest(selector, names.map(withoutControls));
  return near === undefined ? "" : `, did you mean "${near}"?`;
}

/** Returns accounts as lines below an error: number, label and plan. */
function listOf(candidates: readonly ShownAccount[]): string {
  const line = ({ account, number }: ShownAccount) =>
    `\n    ${numberText(number)} ${labelWithEmail(account)}${isApiKey(account) ? "" : ` ${shownPlan(account)}`}`;
  return candidates.map(line).join("");
}

/** Returns the label of an account, with its e-mail where that is another. */
export function labelWithEmail(account: Account): string {
  const label = labelOf(account);
  return account.alias && account.email ? `${label} (${withoutControls(account.email)})` : label;
}

const resolutionDocument = ({ selector, status, candidates }: Resolution, describe: Describe) => ({
  selector,
  status,
  account_key: status === "resolved" ? (candidates[0]?.account.account_key ?? null) : null,
  candidates: status === "ambiguous" ? candidates.map(({ account }) => describe(account)) : [],
});
