import * as v from "valibot";
import {
  type Account,
  AccountSchema,
  apiKeyAccountKey,
  hashKey,
  isAccountKey,
  keyHashOf,
  maskedLabel,
  withRefused,
} from "./account.ts";
import { AUTH_CLAIM, AuthFileSchema, ExpirySchema, IdClaimsSchema } from "./auth-json.ts";
import { parseJson } from "../json.ts";
import { storedPlan } from "./plans.ts";

/** What an API key's owner is, by `GET /v1/me`. `email` is lower case, `""` where the API gives none. */
export interface Identity {
  id: string;
  email: string;
}

/** A ChatGPT login, as the claims of its id_token tell it. */
export interface ChatgptCredential {
  kind: "chatgpt";
  text: string;
  accountKey: string;
  userId: string;
  accountId: string;
  email: string;
  plan: string | null;
  accessToken: string;
  /** When the access token ends, in seconds since 1970; null where it doesn't say. */
  expiresAt: number | null;
  /** When Codex refreshed it last, in milliseconds since 1970; null where it doesn't say. */
  lastRefresh: number | null;
}

/** An API key; whose it is only the API or a record of the same sha256 can tell. */
export interface ApiKeyCredential {
  kind: "apikey";
  text: string;
  apiKey: string;
  keyHash: string;
}

/** The content of an auth.json that logs Codex in: a secret. */
export type Credential = ChatgptCredential | ApiKeyCredential;

/** Why a text is no credential: the older tool's names. */
export type CredentialFault =
  | "MalformedJson"
  | "MissingEmail"
  | "MissingAccountId"
  | "MissingChatgptUserId"
  | "AccountIdMismatch"
  | "MissingRefreshToken";

/**
 * Takes the text of an auth.json as Codex writes it; returns the credential, or why it is none. The rule is Codex's: `auth_mode` decides; without
 * one a key makes it an API key; else the tokens. A ChatGPT login may carry a key beside its tokens, which Codex asks for at login and does not bill.
 */
export function parseCredential(text: string): Credential | CredentialFault {
  const file = v.safeParse(AuthFileSchema, parseJson(text));
  if (!file.success) return "MalformedJson";
  const { auth_mode: mode } = file.output;
  const apiKey = mode === "chatgpt" ? undefined : file.output.OPENAI_API_KEY?.trim();
  if (apiKey && /[\s\p{Cc}]/u.test(apiKey)) return "MalformedJson";
  if (apiKey) return { kind: "apikey", text, apiKey, keyHash: hashKey(apiKey) };
  return mode === "apikey" ? "MalformedJson" : parseChatgpt(text, file.output);
}

/** Whether a text was a credential after all. */
export const isCredential = (value: Credential | CredentialFault): value is Credential => typeof value === "object";

function parseChatgpt(text: string, file: v.InferOutput<typeof AuthFileSchema>): ChatgptCredential | CredentialFault {
  const { tokens } = file;
  if (!tokens?.id_token || !tokens.access_token) return "MalformedJson";
  const claims = v.safeParse(IdClaimsSchema, readClaims(tokens.id_token));
  if (!claims.success) return "MalformedJson";
  const auth = claims.output[AUTH_CLAIM];
  const email = claims.output.email?.toLowerCase();
  const userId = auth?.chatgpt_user_id || auth?.user_id;
  const accountId = auth?.chatgpt_account_id;
  if (!email) return "MissingEmail";
  if (!accountId || !tokens.account_id) return "MissingAccountId";
  if (!userId) return "MissingChatgptUserId";
  if (accountId !== tokens.account_id) return "AccountIdMismatch";
  if (!isAccountKey(`${userId}::${accountId}`)) return "MalformedJson";
  const expiry = v.safeParse(ExpirySchema, readClaims(tokens.access_token));
  return {
    kind: "chatgpt",
    text,
    accountKey: `${userId}::${accountId}`,
    userId,
    accountId,
    email,
    plan: auth.chatgpt_plan_type ? storedPlan(auth.chatgpt_plan_type) : null,
    accessToken: tokens.access_token,
    expiresAt: expiry.success ? expiry.output.exp : null,
    lastRefresh: file.last_refresh ? Date.parse(file.last_refresh) || null : null,
  };
}

function readClaims(jwt: string): unknown {
  return parseJson(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
}

/** Takes an API key; returns the auth.json that `codex login --with-api-key` would write for it. */
export function renderApiKeyFile(apiKey: string): string {
  return JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: apiKey }, null, 2);
}

/** Returns the account key of a credential; of an API key undefined when neither a record nor `identities` knows its sha256. */
export function identify(
  credential: Credential,
  accounts: readonly Account[],
  identities: ReadonlyMap<string, Identity>,
): string | undefined {
  if (credential.kind === "chatgpt") return credential.accountKey;
  const record = accounts.find((account) => keyHashOf(account.account_key) === credential.keyHash);
  if (record) return record.account_key;
  const owner = identities.get(credential.keyHash);
  return owner && apiKeyAccountKey(owner.id, credential.keyHash);
}

/**
 * Returns the record of a credential's account: the known one with e-mail and plan taken over, or a new one made at `now` (milliseconds).
 * `identity` is the key's owner when the API has just told it.
 */
export function recordOf(
  credential: Credential,
  key: string,
  known: Account | undefined,
  identity: Identity | undefined,
  now: number,
): Account {
  const base = known ?? v.parse(AccountSchema, { account_key: key, created_at: Math.floor(now / 1000) });
  if (credential.kind === "chatgpt") {
    return {
      ...base,
      chatgpt_account_id: credential.accountId,
      chatgpt_user_id: credential.userId,
      email: credential.email,
      plan: credential.plan ?? base.plan,
      auth_mode: "chatgpt",
    };
  }
  return {
    ...withRefused(base, false),
    chatgpt_user_id: identity?.id ?? base.chatgpt_user_id,
    email: identity?.email || base.email,
    account_name: maskedLabel(credential.keyHash),
    plan: null,
    auth_mode: "apikey",
  };
}
