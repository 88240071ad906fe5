import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf, hashKey } from "../../src/core/accounts/account.ts";
import { apiKeyAuth, chatgptAuth, type ChatgptOptions, fakeKey } from "../fake/accounts.ts";
import type { User } from "./user.ts";

export const ALICE = { email: "alice@example.com" };
export const BOB = { email: "bob@example.com", plan: "pro" };
export const KEY = fakeKey("acme", { email: "Billing@Acme.example" });
export const KEY_ACCOUNT = `apikey::${KEY.id}::${hashKey(KEY.key)}`;

/** The auth.json of a login, or of a key. */
export const auth = (who: ChatgptOptions) => JSON.stringify(chatgptAuth(who), null, 2);
export const keyAuth = (key = KEY) => JSON.stringify(apiKeyAuth(key), null, 2);

/** What a user's `accounts/` holds. */
export function storeOf(user: User) {
  const accounts = join(user.base, "accounts");
  const registryFile = join(accounts, "registry.json");
  const registry = () => JSON.parse(readFileSync(registryFile, "utf8"));
  return {
    accounts,
    registryFile,
    registry,
    keys: (): string[] => registry().accounts.map((account: { account_key: string }) => account.account_key),
    credential: (key: string) => readFileSync(join(accounts, `${fileKeyOf(key)}.auth.json`), "utf8"),
  };
}
