import * as v from "valibot";
import { type Account, AccountSchema } from "../../src/core/accounts/account.ts";
import { emptyRegistry, type Registry } from "../../src/core/accounts/registry.ts";

/** Returns an account's record with these fields, the rest as a new one has it. */
export function record(own: Partial<Account> & { account_key: string }): Account {
  return { ...v.parse(AccountSchema, { account_key: own.account_key, auth_mode: "chatgpt", plan: "plus" }), ...own };
}

/** Returns the record of an API key with this sha256 (by default that of REGISTRY's example). */
export function keyRecord(own: Partial<Account> = {}, hash = `eaa99${"0".repeat(55)}092f`): Account {
  const account_key = `apikey::user-owner::${hash}`;
  return record({ account_key, auth_mode: "apikey", plan: null, email: "bob@example.com", ...own });
}

/** Returns a registry with these accounts; the default is the one with `active`'s key. */
export function registryOf(accounts: Account[], active: string | null = null): Registry {
  return { ...emptyRegistry(), accounts, active_account_key: active };
}
