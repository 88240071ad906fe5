import { isRecord, readJwt, unsignedJwt } from "./jwt.ts";

/** An API key that a fake server can be told to know, and whose owner `/v1/me` names. */
export interface FakeKey {
  /** what `billed()` calls it */
  readonly name: string;
  readonly key: string;
  /** the owner's id, as `/v1/me` gives it */
  readonly id: string;
  readonly email: string | null;
}

/** A personal access token that a fake server can be told to know. */
export interface FakeToken {
  /** what `billed()` calls it */
  readonly name: string;
  readonly token: string;
  readonly userId: string;
  readonly accountId: string;
  readonly email: string;
}

export function fakeToken(name: string): FakeToken {
  const id = slug(name);
  const token = `at-fake${new Bun.CryptoHasher("sha256").update(name).digest("hex").slice(0, 24)}`;
  return { name, token, userId: `user-${id}`, accountId: `acct-${id}`, email: `${id}@example.com` };
}

/** The auth.json of a personal access token, as `codex login --with-access-token` writes it. */
export const tokenAuth = ({ token }: FakeToken) => ({ OPENAI_API_KEY: null, personal_access_token: token });

/** A ChatGPT login. Its tokens carry all of this, so that a fake server needs no list of logins. */
export interface FakeLogin {
  /** what `billed()` calls it */
  readonly name: string;
  readonly email: string;
  readonly userId: string;
  /** the workspace */
  readonly accountId: string;
  readonly plan: string;
}

export interface ChatgptOptions {
  email: string;
  /** default: the e-mail */
  name?: string;
  /** default: `user-` and the name with only letters and digits */
  userId?: string;
  /** default: `acct-` likewise */
  accountId?: string;
  /** default: plus */
  plan?: string;
  /** when the access and id tokens end, seconds since 1970; default: a day from now */
  exp?: number;
  /** RFC 3339; default: now */
  lastRefresh?: string;
  /** which login this is: a revoked one takes its refreshed tokens along, and no other; default: a new one */
  session?: string;
}

export interface ChatgptTokens {
  id_token: string;
  access_token: string;
  refresh_token: string;
}

/** The auth.json of a ChatGPT login, as Codex writes it. */
export interface ChatgptAuth {
  auth_mode: "chatgpt";
  OPENAI_API_KEY: null;
  tokens: ChatgptTokens & { account_id: string };
  last_refresh: string;
}

/** The auth.json of an API key, as `codex login --with-api-key` writes it. */
export interface ApiKeyAuth {
  auth_mode: "apikey";
  OPENAI_API_KEY: string;
}

const DAY = 24 * 60 * 60;

export function fakeKey(name: string, own: Partial<Omit<FakeKey, "name">> = {}): FakeKey {
  return {
    name,
    key: own.key ?? `sk-fake-${slug(name)}-${new Bun.CryptoHasher("sha256").update(name).digest("hex").slice(0, 20)}`,
    id: own.id ?? `user-${slug(name)}`,
    email: own.email === undefined ? `${slug(name)}@example.com` : own.email,
  };
}

export function apiKeyAuth(key: FakeKey): ApiKeyAuth {
  return { auth_mode: "apikey", OPENAI_API_KEY: key.key };
}

export function chatgptAuth(options: ChatgptOptions): ChatgptAuth {
  const login = chatgptLogin(options);
  const exp = options.exp ?? Math.floor(Date.now() / 1000) + DAY;
  return {
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      ...chatgptTokens(login, { session: options.session ?? newSession(), serial: 0, exp }),
      account_id: login.accountId,
    },
    last_refresh: options.lastRefresh ?? new Date().toISOString(),
  };
}

export function chatgptLogin(options: ChatgptOptions): FakeLogin {
  const name = options.name ?? options.email;
  return {
    name,
    email: options.email,
    userId: options.userId ?? `user-${slug(name)}`,
    accountId: options.accountId ?? `acct-${slug(name)}`,
    plan: options.plan ?? "plus",
  };
}

/** One set of tokens of a login: `serial` tells it from those before and after it, `exp` is in seconds since 1970. */
export interface TokenSet {
  readonly session: string;
  readonly serial: number;
  readonly exp: number;
}

export function newSession(): string {
  return crypto.randomUUID();
}

export function chatgptTokens(login: FakeLogin, set: TokenSet): ChatgptTokens {
  const auth = {
    chatgpt_account_id: login.accountId,
    chatgpt_user_id: login.userId,
    chatgpt_plan_type: login.plan,
    user_id: login.userId,
  };
  const claims = { sub: login.userId, iat: set.exp - DAY, exp: set.exp, "https://api.openai.com/auth": auth };
  const profile = { "https://api.openai.com/profile": { email: login.email } };
  return {
    id_token: unsignedJwt({ ...claims, aud: ["codex"], email: login.email, email_verified: true }),
    access_token: unsignedJwt({ ...claims, ...profile, fake: { ...login, ...set } }),
    refresh_token: unsignedJwt({ kind: "refresh", fake: { ...login, ...set } }),
  };
}

/** The login that an access or refresh token of `chatgptTokens` belongs to. */
export function loginOfToken(token: string): (FakeLogin & TokenSet) | null {
  const login = readJwt(token)?.["fake"];
  if (!isRecord(login)) return null;
  const text = (name: string) => String(login[name]);
  return {
    name: text("name"),
    email: text("email"),
    userId: text("userId"),
    accountId: text("accountId"),
    plan: text("plan"),
    session: text("session"),
    serial: Number(login["serial"]),
    exp: Number(login["exp"]),
  };
}

function slug(name: string): string {
  return name.replace(/@.*/, "").replace(/[^A-Za-z0-9]+/g, "");
}
