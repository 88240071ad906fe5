import { loginOfToken, type FakeKey, type FakeLogin, type FakeToken } from "./accounts.ts";
import type { RecordedRequest } from "./record.ts";
import type { TokenStore } from "./tokens.ts";

/** What is left of a fake window: `usedPercent` of `minutes`, reset at `resetAt` (seconds since 1970). */
export interface FakeWindow {
  usedPercent: number;
  minutes: number;
  resetAt: number;
}

export interface FakeUsage {
  primary?: FakeWindow | null;
  secondary?: FakeWindow | null;
  plan?: string;
  credits?: { has_credits: boolean; unlimited: boolean; balance: string | null };
}

/** `GET /v1/me` */
export function meAnswer(key: FakeKey | null): Response {
  if (!key) return openaiError(401, "Incorrect API key provided", "invalid_api_key");
  return Response.json({ object: "user", id: key.id, email: key.email, name: key.name });
}

/** `GET /api/accounts/v1/user-auth-credential/whoami`: without one of these but the e-mail Codex takes no token. */
export function whoamiAnswer(token: FakeToken | null): Response {
  if (!token) return openaiError(401, "Unauthorized", "unauthorized");
  return Response.json({
    email: token.email,
    chatgpt_user_id: token.userId,
    chatgpt_account_id: token.accountId,
    chatgpt_plan_type: "plus",
    chatgpt_account_is_fedramp: false,
  });
}

/** `GET /backend-api/wham/usage` */
export function usageAnswer(login: FakeLogin | null, usage: FakeUsage): Response {
  if (!login) return openaiError(401, "Unauthorized", "unauthorized");
  return Response.json({
    user_id: login.userId,
    account_id: login.accountId,
    email: login.email,
    plan_type: usage.plan ?? login.plan,
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: windowAnswer(usage.primary),
      secondary_window: windowAnswer(usage.secondary),
    },
    credits: usage.credits ?? { has_credits: false, unlimited: false, balance: null },
  });
}

function windowAnswer(window: FakeWindow | null | undefined) {
  if (!window) return null;
  return {
    used_percent: window.usedPercent,
    limit_window_seconds: window.minutes * 60,
    reset_after_seconds: Math.max(0, window.resetAt - Math.floor(Date.now() / 1000)),
    reset_at: window.resetAt,
  };
}

/** `GET /backend-api/accounts/check/v4-2023-04-27`: the workspaces' names. */
export function accountsCheckAnswer(login: FakeLogin | null, workspaces: Readonly<Record<string, string>>): Response {
  if (!login) return openaiError(401, "Unauthorized", "unauthorized");
  const entries = Object.entries({ [login.accountId]: null, ...workspaces }).map(([id, name]) => [
    id,
    { account: { account_id: id, name, structure: name === null ? "personal" : "workspace", plan_type: login.plan } },
  ]);
  return Response.json({ accounts: Object.fromEntries(entries), account_ordering: [login.accountId] });
}

/** `GET /backend-api/wham/accounts/check`: Codex's TUI asks where a workspace's requests go. */
export function routingAnswer(login: FakeLogin | null): Response {
  if (!login) return openaiError(401, "Unauthorized", "unauthorized");
  const account = {
    id: login.accountId,
    workspace_backend_origin: "https://chatgpt.com",
    account_routing_override: "us",
  };
  return Response.json({ accounts: [account], default_account_id: login.accountId });
}

/** `POST /api/accounts/deviceauth/usercode`: the start of `codex login --device-auth` */
export function deviceCodeAnswer(): Response {
  return Response.json({ device_auth_id: "device-1", user_code: "FAKE-CODE", interval: "0" });
}

/** `POST /api/accounts/deviceauth/token`: asked until somebody has signed in */
export function deviceTokenAnswer(signedIn: FakeLogin | null): Response {
  if (!signedIn) return openaiError(403, "authorization pending", "deviceauth_authorization_pending");
  const proof = { code_challenge: "challenge", code_verifier: "verifier" };
  return Response.json({ authorization_code: `code-${signedIn.userId}`, ...proof });
}

/** `POST /oauth/token`, in JSON or as a form: a refresh, the end of a login of `signedIn`, or the API key that goes with it */
export function tokenAnswer(
  request: RecordedRequest,
  {
    tokens,
    lifetime,
    signedIn,
    minted,
  }: { tokens: TokenStore; lifetime: number; signedIn: FakeLogin | null; minted: FakeKey | null },
): Response {
  if (readField(request, "requested_token") === "openai-api-key") {
    if (!minted) return openaiError(401, "No key for this login", "invalid_grant");
    return Response.json({ access_token: minted.key });
  }
  if (readField(request, "grant_type") === "authorization_code") {
    if (!signedIn) return openaiError(401, "Nobody has signed in", "invalid_grant");
    return Response.json(tokens.issue(signedIn, lifetime));
  }
  const answer = tokens.refresh(readField(request, "refresh_token"), lifetime);
  if (typeof answer !== "string") return Response.json({ ...answer, token_type: "Bearer", expires_in: lifetime });
  if (answer === "used") {
    const message = "Your refresh token was already used. Please try signing in again.";
    return openaiError(401, message, "refresh_token_reused");
  }
  return openaiError(401, "Your session has ended. Please sign in again.", "refresh_token_invalidated");
}

/** `POST /oauth/revoke` */
export function revokeAnswer(request: RecordedRequest, tokens: TokenStore): Response {
  tokens.revoke(readField(request, "token"));
  return new Response(null, { status: 200 });
}

/** A WebSocket to `/v1/responses`: Codex posts at once after 426, and only after six seconds of retries after 404. */
export function socketAnswer(): Response {
  return openaiError(426, "Upgrade Required", "upgrade_required");
}

export function notFound(): Response {
  return openaiError(404, "Not Found", "not_found");
}

/** The login of a bearer that still works. */
export function liveLogin(bearer: string | null, tokens: TokenStore): FakeLogin | null {
  return bearer !== null && tokens.accepts(bearer) ? loginOfToken(bearer) : null;
}

export function openaiError(status: number, message: string, code: string): Response {
  return Response.json({ error: { message, type: "invalid_request_error", param: null, code } }, { status });
}

function readField(request: RecordedRequest, name: string): string {
  const json = request.headers["content-type"]?.startsWith("application/json") ?? false;
  const value: unknown = json ? JSON.parse(request.body)[name] : new URLSearchParams(request.body).get(name);
  return typeof value === "string" ? value : "";
}
