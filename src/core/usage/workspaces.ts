import { isWorkspace } from "../accounts/names.ts";
import * as v from "valibot";
import type { Account } from "../accounts/account.ts";
import { hasUsage } from "./view.ts";

const AnswerSchema = v.looseObject({
  accounts: v.record(
    v.string(),
    v.fallback(
      v.nullable(
        v.looseObject({
          account: v.looseObject({
            account_id: v.optional(v.nullable(v.string())),
            name: v.optional(v.nullable(v.string())),
          }),
        }),
      ),
      null,
    ),
  ),
});

/**
 * Returns the accounts whose workspaces' names one request tells, a list for each user: those of users who have a workspace without a name.
 * Source: Loongphy's codex-auth, docs/api-refresh.md; but one account of a user is enough.
 */
export function namelessUsers(accounts: readonly Account[]): Account[][] {
  const users = Map.groupBy(accounts.filter(hasUsage), (account) => account.chatgpt_user_id);
  const isNameless = (account: Account) => isWorkspace(account) && !account.account_name;
  return [...users.values()].filter((ofUser) => ofUser.some(isNameless));
}

/**
 * Takes an answer of `accounts/check` and the accounts of the user who asked; returns their names by account key, null for those that have
 * none. What is no answer tells nothing.
 */
export function workspaceNames(answer: unknown, ofUser: readonly Account[]): Map<string, string | null> {
  const parsed = v.safeParse(AnswerSchema, answer);
  if (!parsed.success) return new Map();
  const names = new Map(
    Object.entries(parsed.output.accounts).flatMap(([id, entry]) =>
      entry ? [[entry.account.account_id || id, entry.account.name || null] as const] : [],
    ),
  );
  return new Map(
    ofUser.flatMap((account) => {
      const name = names.get(account.chatgpt_account_id);
      if (name === undefined && !isWorkspace(account) && !account.account_name) return [];
      return [[account.account_key, name ?? null] as const];
    }),
  );
}
