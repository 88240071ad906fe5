import * as v from "valibot";

const text = v.optional(v.nullable(v.string()), null);
const required = v.optional(v.nullable(v.string()), "");
const count = v.optional(v.nullable(v.number()), null);

/** An account's record in registry.json, version 4 of Loongphy's codex-auth. Unknown fields are kept. */
export const AccountSchema = v.looseObject({
  account_key: v.pipe(v.string(), v.check(isAccountKey, "no account key")),
  chatgpt_account_id: v.pipe(required, v.transform(orEmpty)),
  chatgpt_user_id: v.pipe(required, v.transform(orEmpty)),
  email: v.pipe(required, v.transform(orEmpty)),
  alias: v.pipe(required, v.transform(orEmpty)),
  account_name: text,
  plan: text,
  auth_mode: text,
  created_at: v.optional(v.nullable(v.number()), 0),
  last_used_at: count,
  // kept as it stands, whatever it is: core/usage/usage.ts reads what it can of it
  last_usage: v.optional(v.unknown(), null),
  last_usage_at: count,
  last_local_rollout: v.optional(v.unknown(), null),
});

/** One identity in the registry: a ChatGPT user in a workspace, or one API key. Times in seconds since 1970. */
export type Account = v.InferOutput<typeof AccountSchema>;

function orEmpty(value: string | null): string {
  return value ?? "";
}

/** Whether a text can be an account key: files are named by it, and a line of an env file holds it. */
export function isAccountKey(text: string): boolean {
  return text !== "" && fileKeyOf(text).length <= LONGEST_FILE_KEY && !/\p{Cc}/u.test(text);
}

/** With what is put before and behind it, a name stays below 255 bytes. */
const LONGEST_FILE_KEY = 230;

/** Returns the lower-case hex sha256 of an API key. */
export const hashKey = (apiKey: string) => Bun.SHA256.hash(apiKey, "hex");

/** Returns the account key of an API key: whose it is (`/v1/me`'s id) and its sha256. */
export const apiKeyAccountKey = (owner: string, keyHash: string) => `apikey::${owner}::${keyHash}`;

/** Returns the account key of a personal access token: whose it is (user and workspace, by `whoami`) and its sha256. */
export const tokenAccountKey = (owner: string, keyHash: string) => `token::${owner}::${keyHash}`;

const KEYED = /^(apikey|token)::(.*)::([0-9a-f]{64})$/s;

/** Returns the sha256 that the account key of an API key or access token ends in, or undefined for other accounts. */
export const keyHashOf = (accountKey: string) => KEYED.exec(accountKey)?.[3];

/** Returns whose an API key or access token is, by its account key; undefined for other accounts. */
export const ownerOf = (accountKey: string) => KEYED.exec(accountKey)?.[2];

/** Whether the account is a personal access token of a ChatGPT user: kept as API keys are, billed as his workspace. */
export const isToken = ({ account_key: key }: Account) => KEYED.exec(key)?.[1] === "token";

/** Stands for the owner of a key whose owner OpenAI does not tell: a restricted one. */
export const UNVERIFIED = "unverified";

/** Whether nobody could say whose the account's key is. */
export const isUnverified = ({ account_key: key }: Account) => ownerOf(key) === UNVERIFIED;

/** Returns the home id: the first 16 hex digits of sha256(account key). */
export const homeIdOf = (accountKey: string) => Bun.SHA256.hash(accountKey, "hex").slice(0, 16);

/** Returns the name of an account's files: the key itself where it is a plain name, else its base64url. */
export function fileKeyOf(accountKey: string): string {
  return /^[A-Za-z0-9._-]+$/.test(accountKey) ? accountKey : Buffer.from(accountKey).toString("base64url");
}

/** Takes the sha256 of an API key (`sk`) or access token (`at`); returns what people see of it: nothing of the secret itself. */
export const maskedLabel = (keyHash: string, kind: "sk" | "at" = "sk") =>
  `${kind}-${keyHash.slice(0, 5)}***${keyHash.slice(-4)}`;

/** Whether the account is an API key, or an access token, which is kept as one; a fork's `provider` records count too. */
export const isApiKey = (account: Account) =>
  account.auth_mode === "apikey" || keyHashOf(account.account_key) !== undefined;

/** Whether a fork of the older tool keeps this record for another provider's key, told by its field or its mode; it is shown, never judged. */
export const isForeignProvider = (account: Account) =>
  account.auth_mode === "provider" || (typeof account.provider === "string" && account.provider !== "openai");

/** Whether a check found that OpenAI refuses the account's key. The field is ours; what takes the key up anew takes it away. */
export const isRefused = ({ refused }: Account) => refused === REFUSED;

/** Returns the record as refused, or not. */
export function withRefused({ refused: _, ...account }: Account, isRefused: boolean): Account {
  return isRefused ? { ...account, refused: REFUSED } : account;
}

const REFUSED = 401;

const PLAN_NAMES = new Map(
  Object.entries({
    free: "Free",
    go: "Go",
    plus: "Plus",
    prolite: "Pro Lite",
    pro: "Pro",
    team: "Business",
    business: "Business",
    enterprise: "Enterprise",
    edu: "Edu",
    unknown: "Unknown",
  }),
);

/** Returns the plan as shown: `API_KEY`, `TOKEN`, `API` for another provider's key, `Plus`, `Pro`, …; a new one by its own word, else `Unknown`. */
export function planName(account: Account): string {
  if (isForeignProvider(account)) return "API";
  if (isToken(account)) return "TOKEN";
  if (isApiKey(account)) return "API_KEY";
  const plan = account.plan ?? "unknown";
  return PLAN_NAMES.get(plan) ?? (/^[\w.-]{1,24}$/.test(plan) ? plan : "Unknown");
}
