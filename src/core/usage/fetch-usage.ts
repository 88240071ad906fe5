import { join } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, homeIdOf } from "../accounts/account.ts";
import { readCredential } from "../accounts/auth-file.ts";
import type { ChatgptCredential } from "../accounts/credential.ts";
import { hasHome } from "../homes/derive.ts";
import { loginOf, overridesInFiles } from "../homes/overrides.ts";
import { baseLink, prepareHome } from "../homes/homes.ts";
import { credentialPath, homePath } from "../base/layout.ts";
import type { Settings } from "../base/settings.ts";
import { refreshLogin } from "./refreshing.ts";
import { type Usage, usageOfAnswer, usageOfCodex } from "../accounts/usage.ts";

export const LIMIT_MS = 5000;

/** What is known of the accounts that are asked for. */
export interface Fetching {
  defaultKey: string | null;
  loggedOut: ReadonlySet<string>;
  share: Settings["share"];
  /** Ends the asking early. */
  signal?: AbortSignal | undefined;
  /** Says how far it is; "" takes that away. */
  progress?: Context["terminal"]["progress"] | undefined;
}

type FetchContext = Pick<Context, "files" | "layout" | "locks" | "openai" | "codex" | "now" | "sleep" | "uid">;

/** The login of a ChatGPT account, and where it was found. */
export interface Login {
  credential: ChatgptCredential;
  path: string;
}

/** Returns an account's login: what the base home holds for the default account, else its live credential. */
export function readLogin(
  { files, layout }: Pick<Context, "files" | "layout">,
  account: Account,
  { defaultKey, loggedOut }: Fetching,
): Login | undefined {
  if (loggedOut.has(account.account_key)) return undefined;
  const live = credentialPath(layout, fileKeyOf(account.account_key));
  const paths = account.account_key === defaultKey ? [layout.auth, live] : [live];
  for (const path of paths) {
    const credential = readCredential(files, path);
    if (credential?.kind === "chatgpt" && credential.accountKey === account.account_key) return { credential, path };
  }
  return undefined;
}

/** Whether the login's access token has ended; `now` in milliseconds. */
export const hasExpired = ({ credential }: Login, now: number) =>
  credential.expiresAt !== null && credential.expiresAt * 1000 <= now;

/**
 * Asks for an account's usage; returns null when the answer tells none. A login that has expired is refreshed by Codex, never by us.
 * Throws RequestFailure, or ExpiredLogin when no Codex can do it.
 */
export async function fetchUsage(
  ctx: FetchContext,
  account: Account,
  login: Login,
  fetching: Fetching,
): Promise<Usage | null> {
  const { accessToken, accountId } = login.credential;
  if (!hasExpired(login, ctx.now()))
    return usageOfAnswer(
      await ctx.openai.usage(accessToken, accountId, { timeoutMs: LIMIT_MS, retries: 0, signal: fetching.signal }),
    );
  const limits = await refreshLogin(ctx, {
    auth: login.path,
    home: ctx.codex.find() === undefined ? undefined : homeOf(ctx, account, login, fetching),
    sqliteHome: fetching.share === "all" ? ctx.layout.base : undefined,
    limitMs: LIMIT_MS,
    signal: fetching.signal,
  });
  if (limits !== undefined) return usageOfCodex(limits);
  const refreshed = readLogin(ctx, account, fetching);
  if (!refreshed || hasExpired(refreshed, ctx.now())) throw new ExpiredLogin();
  return await fetchUsage(ctx, account, refreshed, fetching);
}

/** The access token has ended, and no Codex can refresh it. */
class ExpiredLogin extends Error {
  readonly reason = "expired";
}

/** Returns the home in which Codex has this login; made where there is none. Undefined where Codex would use, or log out, another. */
function homeOf(ctx: FetchContext, account: Account, { path }: Login, { share, defaultKey }: Fetching) {
  const { files, layout } = ctx;
  const id = homeIdOf(account.account_key);
  const isDefault = account.account_key === defaultKey;
  const home = isDefault ? layout.base : homePath(layout, id);
  const owner = files.entry(files.physical(layout.base) ?? layout.base)?.uid;
  if (ctx.uid !== undefined && owner !== ctx.uid) return undefined;
  if (!isDefault && !hasHome(ctx, id)) {
    prepareHome(files, layout, id, share);
    files.link(baseLink("accounts", `${fileKeyOf(account.account_key)}.auth.json`), join(home, "auth.json"));
  }
  if (files.physical(join(home, "auth.json")) !== files.physical(path)) return undefined;
  const overrides = overridesInFiles(ctx, { homeId: isDefault ? undefined : id, share }, loginOf(account), home);
  return overrides.length === 0 ? home : undefined;
}
