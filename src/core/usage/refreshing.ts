import type { Context } from "../../context.ts";
import { readCredential } from "../accounts/auth-file.ts";
import { UserError } from "../errors.ts";

// A refresh token is good once. Codex locks its saving, not its asking, and drops what a refresh brings when the login in its home is another
// by then. So of ours only one asks Codex for a login at a time, nobody asks while another Codex may be at it, and no link changes meanwhile.

/** A login that Codex can be asked for. */
export interface Refreshing {
  /** The auth.json of the home. */
  auth: string;
  /** The Codex home; undefined asks nobody, and only waits. */
  home: string | undefined;
  sqliteHome: string | undefined;
  /** Milliseconds that Codex gets. */
  limitMs: number;
  signal?: AbortSignal | undefined;
}

type RefreshingContext = Pick<Context, "files" | "layout" | "locks" | "codex" | "now" | "sleep">;

const OTHERS_LIMIT_MS = 3000;

/** Whether the access token of the ChatGPT login at this path has ended. */
export function isExpired({ files, now }: Pick<Context, "files" | "now">, auth: string): boolean {
  const credential = readCredential(files, auth);
  return credential?.kind === "chatgpt" && credential.expiresAt !== null && credential.expiresAt * 1000 <= now();
}

/**
 * Has Codex refresh a login that has expired; returns what it tells of its limits, or undefined where another has refreshed it meanwhile, or may
 * be at it: then that is waited for, 3 s at most. Throws RequestFailure as `readRateLimits` does.
 */
export async function refreshLogin(ctx: RefreshingContext, login: Refreshing): Promise<unknown> {
  const credential = ctx.files.physical(login.auth);
  const program = ctx.codex.find();
  if (credential === undefined || program === undefined) return undefined;
  const late = () => new UserError(`${credential} stays locked`, { hint: "again in a moment" });
  // the file itself is the lock: whoever waits for the one that a refresh has replaced looks again, and finds it fresh
  return await ctx.locks.holdFile(credential, login.limitMs + OTHERS_LIMIT_MS, late, async () => {
    if (!isExpired(ctx, login.auth)) return undefined;
    if (ctx.codex.isRunningAt(credential)) return await waitForOthers(ctx, login.auth);
    const { home, sqliteHome, limitMs, signal } = login;
    if (home === undefined) return undefined;
    return await ctx.codex.readRateLimits({ program, codexHome: home, sqliteHome, limitMs, signal });
  });
}

/**
 * Takes the auth.json of homes; lets a refresh of their logins end before the links to them change: a Codex that is at it would drop the new tokens when it finds another
 * login in its place, and the old ones are used up.
 */
export async function finishRefreshes(ctx: RefreshingContext, auths: readonly string[]): Promise<void> {
  const expired = auths.filter((auth) => isExpired(ctx, auth));
  // Codex is asked only where it matters most that none is overlooked
  const homeOf = (auth: string) => (auth === ctx.layout.auth ? ctx.layout.base : undefined);
  const refresh = (auth: string) =>
    refreshLogin(ctx, { auth, home: homeOf(auth), sqliteHome: undefined, limitMs: REFRESH_LIMIT_MS });
  await Promise.all(expired.map((auth) => refresh(auth).catch(() => {})));
}

const REFRESH_LIMIT_MS = 5000;

async function waitForOthers(ctx: RefreshingContext, auth: string): Promise<undefined> {
  for (const end = ctx.now() + OTHERS_LIMIT_MS; isExpired(ctx, auth) && ctx.now() < end;) await ctx.sleep(50);
  return undefined;
}
