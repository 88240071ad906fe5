import { type Account, planName } from "./account.ts";
import { compare, distinctTexts, type Texts } from "./distinct.ts";
import { shownPlan } from "./usage.ts";
import { fold } from "../printable.ts";
import type { Registry } from "./registry.ts";

/** An account as people see it and type it. No two accounts of a registry have a name or a label in common. */
export interface NamedAccount extends Texts {
  account: Account;
  /** What `list` shows and a selector takes: 1 for `01`. It changes only when accounts come or go. */
  number: number;
}

/** Registries never change: each is named once. By account key, in the order of the table. */
const known = new WeakMap<Registry, ReadonlyMap<string, NamedAccount>>();

/** Returns the accounts in the order of the table, numbered and named. Nothing in it holds control characters. */
export const nameAccounts = (registry: Registry): readonly NamedAccount[] => [...namesOf(registry).values()];

function namesOf(registry: Registry): ReadonlyMap<string, NamedAccount> {
  const before = known.get(registry);
  if (before) return before;
  const accounts = registry.accounts.toSorted(byDisplayOrder);
  const texts = distinctTexts(accounts);
  const named = accounts.map((account, index) => ({ account, number: index + 1, ...textsOf(texts, account) }));
  const byKey = new Map(named.map((one) => [one.account.account_key, one]));
  known.set(registry, byKey);
  return byKey;
}

/** Returns an account with its name; of one that is not in the registry as it would be alone. */
export function namedIn(registry: Registry, account: Account): NamedAccount {
  return (
    namesOf(registry).get(account.account_key) ?? {
      account,
      number: 0,
      ...textsOf(distinctTexts([account]), account),
    }
  );
}

/** Returns the label of an account. */
export const labelOf = (registry: Registry, account: Account): string => namedIn(registry, account).label;

/** Returns an account's number as shown: two digits or more. */
export const numberText = (number: number) => String(number).padStart(2, "0");

// by the login's own plan: what the usage tells of it may change between two looks, and no number moves for that
function byDisplayOrder(a: Account, b: Account): number {
  return (
    compare(fold(a.email), fold(b.email)) ||
    planRank(a) - planRank(b) ||
    compare(planName(a), planName(b)) ||
    compare(a.account_key, b.account_key)
  );
}

const WORKSPACE_PLANS = new Set(["Business", "Enterprise", "Edu"]);
const PERSONAL_PLANS = new Set(["Free", "Go", "Plus", "Pro Lite", "Pro"]);
const planRank = (account: Account) =>
  WORKSPACE_PLANS.has(planName(account)) ? 0 : PERSONAL_PLANS.has(planName(account)) ? 1 : 2;

/** Whether the account belongs to a workspace, which has a name: every plan is taken for one's that is told and is none of a person's. */
export const isWorkspace = (account: Account) => account.plan !== null && !PERSONAL_PLANS.has(shownPlan(account));

const textsOf = (texts: ReadonlyMap<string, Texts>, { account_key: key }: Account): Texts =>
  texts.get(key) ?? { name: key, label: key, row: key, group: null };
