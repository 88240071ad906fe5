/**
 * The endpoints of a fake server. `socket` is the WebSocket that Codex tries before it posts to `responses`; `other` is
 * everything else, answered with 404.
 */
export type Endpoint =
  | "me"
  | "whoami"
  | "responses"
  | "socket"
  | "usage"
  | "accountsCheck"
  | "routing"
  | "deviceCode"
  | "deviceToken"
  | "token"
  | "revoke"
  | "other";

/** What an endpoint does instead of its job. With only a delay it does its job later. */
export interface Behavior {
  /** milliseconds before the answer, or what it waits for; `never`: none comes until the server stops */
  delay?: number | "never" | Promise<unknown>;
  status?: number;
  headers?: Record<string, string>;
  /** sent as JSON, a string as it is */
  body?: unknown;
  /** how often; default: from now on */
  times?: number;
  /** only for the account of this name */
  as?: string;
}

/** Waits as a behavior says; false when the server stopped first. */
export async function waitFor(delay: Behavior["delay"], stopped: Promise<void>): Promise<boolean> {
  if (delay === undefined) return true;
  if (delay === "never") return await stopped.then(() => false);
  const over = typeof delay === "number" ? Bun.sleep(delay) : delay;
  return Promise.race([over.then(() => true), stopped.then(() => false)]);
}

/** The answer that a behavior asks for, null when it leaves that to the endpoint. */
export function cannedAnswer({ status, headers, body }: Behavior): Response | null {
  if (status === undefined && body === undefined) return null;
  const init = { status: status ?? 200, headers: headers ?? {} };
  return typeof body === "string" ? new Response(body, init) : Response.json(body ?? {}, init);
}

/** A redirect, as a captive portal or a proxy sends it. */
export function redirectTo(location: string): Behavior {
  return { status: 302, headers: { location }, body: "" };
}

/** «Too many requests»; `retryAfter` is in seconds. */
export function tooManyRequests(retryAfter: number): Behavior {
  return { status: 429, headers: { "retry-after": String(retryAfter) }, body: { error: { message: "slow down" } } };
}
