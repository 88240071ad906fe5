import { chatgptTokens, loginOfToken, newSession, type ChatgptTokens, type FakeLogin } from "./accounts.ts";

export type Refused = "used" | "revoked" | "unknown";

/** Which tokens a fake server has used up, revoked and given out. */
export interface TokenStore {
  /** The first tokens of a new login. `lifetime` is in seconds. */
  issue(login: FakeLogin, lifetime: number): ChatgptTokens;
  /** New tokens for a refresh token. Each is good once. */
  refresh(token: string, lifetime: number): ChatgptTokens | Refused;
  /** Ends the login of an access or refresh token. */
  revoke(token: string): void;
  /** Whether an access token still works now. */
  accepts(accessToken: string): boolean;
  /** The names of the logins that were refreshed, in order. */
  readonly refreshed: readonly string[];
  /** The names of the logins whose refresh token came a second time. */
  readonly reused: readonly string[];
  /** The names of the logins that were ended. */
  readonly revoked: readonly string[];
}

export function createTokenStore(): TokenStore {
  const used = new Set<string>();
  const ended = new Set<string>();
  const refreshed: string[] = [];
  const reused: string[] = [];
  const revoked: string[] = [];
  const expiry = (lifetime: number) => Math.floor(Date.now() / 1000) + lifetime;

  return {
    refreshed,
    reused,
    revoked,
    issue: (login, lifetime) => chatgptTokens(login, { session: newSession(), serial: 0, exp: expiry(lifetime) }),
    refresh(token, lifetime) {
      const login = loginOfToken(token);
      if (!login) return "unknown";
      if (ended.has(login.session)) return "revoked";
      if (used.has(token)) {
        reused.push(login.name);
        return "used";
      }
      used.add(token);
      refreshed.push(login.name);
      return chatgptTokens(login, { session: login.session, serial: login.serial + 1, exp: expiry(lifetime) });
    },
    revoke(token) {
      const login = loginOfToken(token);
      if (!login) return;
      revoked.push(login.name);
      ended.add(login.session);
    },
    accepts(accessToken) {
      const login = loginOfToken(accessToken);
      return login !== null && login.exp > Date.now() / 1000 && !ended.has(login.session);
    },
  };
}
