import { createHash } from "node:crypto";
import {
  apiKeyAuth,
  type ApiKeyAuth,
  chatgptAuth,
  type ChatgptAuth,
  chatgptLogin,
  type FakeKey,
  fakeKey,
} from "../fake/accounts.ts";

/** An account of the shell tests. */
export interface Account {
  /** What the tests call it. */
  name: string;
  /** The account key. */
  key: string;
  /** The home id. */
  id: string;
  email: string;
  /** As CODEX_AUTH_PLAN says it. */
  plan: string;
  /** "" for none. */
  alias: string;
  /** Of API-key accounts. */
  apiKey?: string;
  /** The same, for a fake server. */
  fake?: FakeKey;
  /** The content of its auth.json. */
  auth: ChatgptAuth | ApiKeyAuth;
}

/** The label as DESIGN.md has it. */
export const labelOf = ({ alias, email, apiKey }: Account): string =>
  (alias || email) + (apiKey === undefined ? "" : " API_KEY");

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

function chatgpt(name: string, email: string, plan: string, alias = ""): Account {
  const options = { email, name, plan: plan.toLowerCase() };
  const { userId, accountId } = chatgptLogin(options);
  const key = `${userId}::${accountId}`;
  return { name, key, id: sha256(key).slice(0, 16), email, plan, alias, auth: chatgptAuth(options) };
}

function apiKey(name: string, email: string, alias = ""): Account {
  const fake = fakeKey(name, { email });
  const key = `apikey::${fake.id}::${sha256(fake.key)}`;
  const id = sha256(key).slice(0, 16);
  return { name, key, id, email, plan: "API_KEY", alias, apiKey: fake.key, fake, auth: apiKeyAuth(fake) };
}

/** `own` is the default account. */
export const ACCOUNTS = {
  own: chatgpt("own", "me@example.com", "Plus"),
  acme: chatgpt("acme", "work@example.com", "Pro", "acme"),
  keyed: apiKey("keyed", "key@example.com"),
  lab: apiKey("lab", "lab@example.com", "the lab"),
} as const satisfies Record<string, Account>;

/** What Codex and other tools read, and so what a shell sets and restores: DESIGN.md, «What a shell gets». */
export const STRAYS = [
  "CODEX_API_KEY",
  "CODEX_ACCESS_TOKEN",
  "CODEX_AUTHAPI_BASE_URL",
  "OPENAI_FEDERATION_RULE_ID",
  "OPENAI_IDENTITY_TOKEN_FILE",
  "OPENAI_ORGANIZATION",
  "OPENAI_PROJECT",
] as const;
export const MANAGED = ["CODEX_HOME", "CODEX_SQLITE_HOME", "OPENAI_API_KEY", ...STRAYS] as const;
export const TOLD = [
  "CODEX_AUTH_ACCOUNT",
  "CODEX_AUTH_EMAIL",
  "CODEX_AUTH_PLAN",
  "CODEX_AUTH_LABEL",
  "CODEX_AUTH_SOURCE",
] as const;

export type Environment = Record<string, string | undefined>;

/** Takes an environment; returns only what is codex-auth's business in it, and of that only what is set. */
export function relevant(env: Environment): Environment {
  return Object.fromEntries(
    [...MANAGED, ...TOLD].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
}
