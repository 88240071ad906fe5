import { type Account, isApiKey, keyHashOf, maskedLabel, planName } from "./account.ts";
import { withoutControls } from "../printable.ts";
import type { Registry } from "./registry.ts";
import { withPlan } from "./usage.ts";

/** An account as people see it. */
export interface ShownAccount {
  account: Account;
  /** What `list` shows and a selector takes: 1 for `01`; the same in every command. */
  number: number;
  /** What stands for it in the table; in a group only what tells it from the others. */
  name: string;
  /** The e-mail of its group, when the e-mail has several accounts. */
  group: string | null;
}

/** Returns the accounts in the order of the table, numbered. Names hold no control characters. */
export function showAccounts(registry: Registry): ShownAccount[] {
  const accounts = registry.accounts.toSorted(byDisplayOrder(registry.active_account_key));
  const groups = Map.groupBy(accounts, groupOf);
  return accounts.map((account, index) => {
    const group = groups.get(groupOf(account)) ?? [];
    const grouped = group.length > 1;
    const name = grouped ? nameInGroup(account, group) : nameAlone(account);
    return { account, number: index + 1, name, group: grouped ? withoutControls(account.email) : null };
  });
}

/** Returns an account's number as shown: two digits or more. */
export const numberText = (number: number) => String(number).padStart(2, "0");

/** Returns the plan as shown; what the usage tells of it is newer than what the login's token does. */
export const shownPlan = (account: Account) => planName(withPlan(account));

// accounts without an e-mail (keys of projects and service accounts) have nothing in common
const groupOf = (account: Account) => emailOf(account) || account.account_key;
const emailOf = (account: Account) => account.email.toLowerCase();

function byDisplayOrder(defaultKey: string | null) {
  const isDefault = (account: Account) => (account.account_key === defaultKey ? 0 : 1);
  return (a: Account, b: Account) =>
    compare(emailOf(a), emailOf(b)) ||
    isDefault(a) - isDefault(b) ||
    planRank(a) - planRank(b) ||
    compare(shownPlan(a), shownPlan(b)) ||
    compare(a.account_key, b.account_key);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const WORKSPACE_PLANS = new Set(["Business", "Enterprise", "Edu"]);
const PERSONAL_PLANS = new Set(["Free", "Go", "Plus", "Pro Lite", "Pro"]);

/** Whether the account belongs to a workspace, which has a name. */
export const isWorkspace = (account: Account) => WORKSPACE_PLANS.has(shownPlan(account));

const planRank = (account: Account) => (isWorkspace(account) ? 0 : PERSONAL_PLANS.has(shownPlan(account)) ? 1 : 2);

function nameAlone(account: Account): string {
  const { alias, email, name } = partsOf(account);
  if (isApiKey(account)) return enclose(alias, email || name) || account.account_key;
  if (!email) return enclose(alias, name) || account.account_key;
  return enclose(alias || name, alias && name ? `${name}, ${email}` : email);
}

function nameInGroup(account: Account, group: readonly Account[]): string {
  const { alias, name } = partsOf(account);
  return enclose(alias, name) || planInGroup(account, group);
}

/** Returns the plan, numbered by the accounts' keys where several of the group have nothing but the same plan. */
function planInGroup(account: Account, group: readonly Account[]): string {
  const plan = shownPlan(account);
  const isNameless = (other: Account) => shownPlan(other) === plan && !partsOf(other).alias && !partsOf(other).name;
  const keys = group.filter(isNameless).map((other) => other.account_key);
  return keys.length > 1 ? `${plan} #${keys.toSorted(compare).indexOf(account.account_key) + 1}` : plan;
}

/** Returns `outer(inner)`, or whichever of the two there is. */
const enclose = (outer: string, inner: string) => (outer && inner ? `${outer}(${inner})` : outer || inner);

function partsOf(account: Account) {
  const keyHash = keyHashOf(account.account_key);
  return {
    alias: withoutControls(account.alias),
    email: withoutControls(account.email),
    name: keyHash ? maskedLabel(keyHash) : withoutControls(account.account_name ?? ""),
  };
}
