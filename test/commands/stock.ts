import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Account, apiKeyAccountKey, fileKeyOf, hashKey, maskedLabel } from "../../src/core/accounts/account.ts";
import { renderRegistry, type Registry } from "../../src/core/accounts/registry.ts";
import { record, registryOf } from "../core/registries.ts";
import { apiKeyAuth, chatgptAuth, chatgptLogin, type ChatgptOptions, fakeKey } from "../fake/accounts.ts";

/** An account as it lies in a base home: its record, and its credential unless it has none. */
export interface Stocked {
  account: Account;
  auth: object | undefined;
}

/** Returns a ChatGPT account; `own` are fields of its record. */
export function login(options: ChatgptOptions, own: Partial<Account> = {}): Stocked {
  const { userId, accountId, email, plan } = chatgptLogin(options);
  const ids = { chatgpt_user_id: userId, chatgpt_account_id: accountId, email, plan };
  return { account: record({ account_key: `${userId}::${accountId}`, ...ids, ...own }), auth: chatgptAuth(options) };
}

/** Returns an API key's account. */
export function apiKey(name: string, own: Partial<Account> = {}): Stocked {
  const key = fakeKey(name);
  const hash = hashKey(key.key);
  const account_key = apiKeyAccountKey(key.id, hash);
  const fields = { email: key.email ?? "", account_name: maskedLabel(hash), auth_mode: "apikey", plan: null };
  return { account: record({ account_key, chatgpt_user_id: key.id, ...fields, ...own }), auth: apiKeyAuth(key) };
}

/** Lays accounts into a base home, as codex-auth leaves them; the first is the default one. */
export function stock(base: string, stocked: readonly Stocked[], own: Partial<Registry> = {}): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text);
    chmodSync(path, 0o600);
  };
  const accounts = join(base, "accounts");
  const [first] = stocked;
  const registry = registryOf(
    stocked.map(({ account }) => account),
    first?.account.account_key ?? null,
  );
  write(join(accounts, "registry.json"), renderRegistry({ ...registry, ...own }));
  for (const { account, auth } of stocked) {
    if (auth) write(join(accounts, `${fileKeyOf(account.account_key)}.auth.json`), JSON.stringify(auth, null, 2));
  }
  if (first?.auth) symlinkSync(`accounts/${fileKeyOf(first.account.account_key)}.auth.json`, join(base, "auth.json"));
}

/** Returns the registry as it lies in a base home. */
export const savedRegistry = (base: string): Registry =>
  JSON.parse(readFileSync(join(base, "accounts", "registry.json"), "utf8"));
