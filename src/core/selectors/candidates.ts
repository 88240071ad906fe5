import { labelOf, nameAccounts } from "../accounts/names.ts";
import { shownPlan } from "../accounts/usage.ts";
import { type Account, homeIdOf } from "../accounts/account.ts";
import { withoutControls } from "../printable.ts";
import { MISSING_LABEL } from "../homes/environment.ts";
import type { Pin } from "../active/pins.ts";
import type { Registry } from "../accounts/registry.ts";
import { resolveSelector } from "./match.ts";

/** A word that a completion offers, and what stands beside it. */
export interface Candidate {
  word: string;
  about: string;
}

/** Returns a selector for each account, the one that a person would type. */
export function accountCandidates(registry: Registry): Candidate[] {
  const shown = nameAccounts(registry);
  return shown.flatMap((one) => {
    const { account } = one;
    const names = [account.alias, account.email, account.account_name ?? "", account.account_key];
    const picksIt = (name: string) => {
      const { status, candidates } = resolveSelector(shown, name);
      return status === "resolved" && candidates[0] === one;
    };
    const word = names.find((name) => isOneLine(name) && picksIt(name));
    return word === undefined ? [] : [{ word, about: aboutAccount(account, word) }];
  });
}

/** Returns each pinned directory with its account. */
export function pinCandidates(pins: readonly Pin[], registry: Registry): Candidate[] {
  const labels = new Map(
    registry.accounts.map((account) => [homeIdOf(account.account_key), labelOf(registry, account)]),
  );
  return pins
    .filter(({ path }) => isOneLine(path))
    .map(({ path, homeId }) => ({ word: path, about: labels.get(homeId ?? "") ?? MISSING_LABEL }));
}

/** Returns candidates as the completion scripts read them: a word, a tab, what it is; one a line. */
export const renderCandidates = (candidates: readonly Candidate[]) =>
  candidates.map(({ word, about }) => `${word}\t${about}\n`).join("");

const isOneLine = (text: string) => text !== "" && withoutControls(text) === text;

function aboutAccount(account: Account, word: string): string {
  const email = account.email === word ? "" : withoutControls(account.email);
  return [email, shownPlan(account)].filter(Boolean).join(" ");
}
