import * as v from "valibot";
import { hashKey, isAccountKey, maskedLabel } from "./account.ts";
import {
  AUTH_CLAIM,
  AuthFileSchema,
  CLAIM_FIELDS,
  ExpirySchema,
  FILE_FIELDS,
  IdClaimsSchema,
  OTHER_KINDS,
  OTHER_MODES,
  PROFILE_CLAIM,
} from "./auth-json.ts";
import { parseJson } from "../json.ts";
import { storedPlan } from "./plans.ts";
import { isRepeated } from "../repeated.ts";

/** What an API key's owner is, by `GET /v1/me`; of an access token `USER::WORKSPACE`, by `whoami`. `email` is lower case, `""` where the API gives none. */
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
  /** The auth.json, as Codex can use it. */
  text: string;
  apiKey: string;
  keyHash: string;
}

/** A personal access token of a ChatGPT user in a workspace; whose it is only OpenAI or a record of the same sha256 can tell. */
export interface TokenCredential {
  kind: "token";
  text: string;
  token: string;
  keyHash: string;
}

/** What is known by its sha256. */
export type KeyedCredential = ApiKeyCredential | TokenCredential;

/** The content of an auth.json that logs Codex in: a secret. */
export type Credential = ChatgptCredential | KeyedCredential;

/** Returns the secret itself. */
export const secretOf = (credential: KeyedCredential) =>
  credential.kind === "token" ? credential.token : credential.apiKey;

/** Returns what people see of it. */
export const maskedLabelOf = ({ kind, keyHash }: KeyedCredential) =>
  maskedLabel(keyHash, kind === "token" ? "at" : "sk");

/** Why a text is no credential: the older tool's names. */
export type CredentialFault =
  | "MalformedJson"
  | "MissingEmail"
  | "MissingAccountId"
  | "MissingChatgptUserId"
  | "AccountIdMismatch"
  | "MissingRefreshToken"
  /** A kind of login that codex-auth does not manage, by its name. */
  | `UnsupportedLogin: ${string}`;

/**
 * Takes the text of an auth.json as Codex writes it; returns the credential, or why it is none. The rule is Codex's: `auth_mode` decides; without
 * one a personal access token comes first, then a key makes it an API key; else the tokens. A ChatGPT login may carry a key beside its tokens, which
 * Codex asks for at login and does not bill.
 */
export function parseCredential(text: string): Credential | CredentialFault {
  const file = v.safeParse(AuthFileSchema, parseJson(text));
  if (!file.success || isRepeated(text, FILE_FIELDS)) return "MalformedJson";
  const { auth_mode: mode, OPENAI_API_KEY: key, personal_access_token: token, tokens } = file.output;
  const other = otherKindOf(file.output);
  if (other !== undefined) return `UnsupportedLogin: ${other}`;
  // what Codex cannot read it refuses as a whole
  if (tokens && !(isToken(tokens.id_token) && isText(tokens.access_token))) return "MalformedJson";
  if (tokens && !isText(tokens.refresh_token)) return "MissingRefreshToken";
  if (mode === TOKEN_MODE || (!mode && isText(token))) return parseToken(text, token ?? "");
  if (mode === "apikey" || (!mode && isText(key))) return parseApiKey(text, key ?? "");
  return parseChatgpt(text, file.output);
}

/** Returns what people call a kind of login that codex-auth does not manage, where that is the fault. */
export const otherKind = (fault: CredentialFault): string | undefined => /^UnsupportedLogin: (.*)$/.exec(fault)?.[1];

/** Whether a text was a credential after all. */
export const isCredential = (value: Credential | CredentialFault): value is Credential => typeof value === "object";

type AuthFileContent = v.InferOutput<typeof AuthFileSchema>;

const isText = (value: string | null | undefined): value is string => typeof value === "string";
const isToken = (value: string | null | undefined): value is string => isText(value) && readIdClaims(value).success;

function otherKindOf(file: AuthFileContent): string | undefined {
  const { auth_mode: mode } = file;
  const [, kind] =
    Object.entries(OTHER_KINDS).find(([field]) => file[field] !== undefined && file[field] !== null) ?? [];
  if (kind !== undefined || !mode || MODES.has(mode)) return kind;
  return OTHER_MODES[mode] ?? `auth_mode ${mode}`;
}

const TOKEN_MODE = "personalAccessToken";
const MODES = new Set(["apikey", "chatgpt", "chatgptAuthTokens", TOKEN_MODE]);

function parseToken(text: string, raw: string): TokenCredential | CredentialFault {
  const token = raw.trim();
  if (token === "" || /[\s\p{Cc}]/u.test(token)) return "MalformedJson";
  const usable = token === raw ? text : renderTokenFile(token);
  return { kind: "token", text: usable, token, keyHash: hashKey(token) };
}

/** Codex sends a key as it stands: with a blank or a line feed around it, no request gets through. What we store is the key alone. */
function parseApiKey(text: string, raw: string): ApiKeyCredential | CredentialFault {
  const apiKey = raw.trim();
  if (apiKey === "" || /[\s\p{Cc}]/u.test(apiKey)) return "MalformedJson";
  const usable = apiKey === raw ? text : renderApiKeyFile(apiKey);
  return { kind: "apikey", text: usable, apiKey, keyHash: hashKey(apiKey) };
}

function parseChatgpt(text: string, { tokens, last_refresh }: AuthFileContent): ChatgptCredential | CredentialFault {
  const claims = readIdClaims(tokens?.id_token ?? "");
  if (!tokens || !claims.success) return "MalformedJson";
  const auth = claims.output[AUTH_CLAIM];
  // without an e-mail (somebody who signed up by phone) the account is called by its workspace
  const email = claims.output.email || claims.output[PROFILE_CLAIM]?.email || "";
  const userId = auth?.chatgpt_user_id || auth?.user_id;
  const claimed = auth?.chatgpt_account_id;
  const accountId = tokens.account_id ?? claimed;
  if (!accountId || !claimed) return "MissingAccountId";
  if (!userId) return "MissingChatgptUserId";
  if (accountId !== claimed) return "AccountIdMismatch";
  if (!isAccountKey(`${userId}::${accountId}`)) return "MalformedJson";
  const accessToken = tokens.access_token ?? "";
  const expiry = v.safeParse(ExpirySchema, parseJson(payloadOf(accessToken)));
  return {
    kind: "chatgpt",
    text,
    accountKey: `${userId}::${accountId}`,
    userId,
    accountId,
    email: email.toLowerCase(),
    plan: auth.chatgpt_plan_type ? storedPlan(auth.chatgpt_plan_type) : null,
    accessToken,
    expiresAt: accessToken === "" ? 0 : expiry.success ? expiry.output.exp : null,
    lastRefresh: last_refresh ? Date.parse(last_refresh) || null : null,
  };
}

/** Returns the claims of an id_token, if Codex would read them. */
function readIdClaims(jwt: string) {
  const text = payloadOf(jwt);
  const claims = v.safeParse(IdClaimsSchema, parseJson(text));
  return claims.success && isRepeated(text, CLAIM_FIELDS) ? ({ success: false } as const) : claims;
}

/** Returns what a JWT says, as text: three parts, the middle one strictly base64url. */
function payloadOf(jwt: string): string {
  const [head, payload = "", signature] = jwt.split(".");
  const bytes = Buffer.from(payload, "base64url");
  return head && signature && bytes.toString("base64url") === payload ? bytes.toString() : "";
}

/** Whether two files are the very same login, however they are written. */
export function isSameLogin(one: Credential | CredentialFault, other: Credential): boolean {
  if (!isCredential(one)) return false;
  if (one.kind !== "chatgpt" && other.kind !== "chatgpt")
    return one.kind === other.kind && one.keyHash === other.keyHash;
  return Bun.deepEquals(parseJson(one.text), parseJson(other.text), true);
}

/** Takes an API key; returns the auth.json that `codex login --with-api-key` would write for it. */
export function renderApiKeyFile(apiKey: string): string {
  return JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: apiKey }, null, 2);
}

/** Takes a personal access token; returns the auth.json that `codex login --with-access-token` would write for it. */
export function renderTokenFile(token: string): string {
  return JSON.stringify({ OPENAI_API_KEY: null, personal_access_token: token }, null, 2);
}
