import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, isApiKey, isForeignProvider, isUnverified } from "../accounts/account.ts";
import { readCredential } from "../accounts/auth-file.ts";
import type { Identity } from "../accounts/credential.ts";
import { askWhose } from "../accounts/whose.ts";
import { credentialPath } from "../base/layout.ts";
import { inPool } from "../pool.ts";
import { type Fetching, hasExpired, LIMIT_MS, readLogin } from "./fetch-usage.ts";
import { askAccount, failureOf } from "./refresh.ts";
import { remainingPercent, type UsageView, windowsOf, windowText } from "./view.ts";

/** Whether an account works; `unasked`: OpenAI could not be asked. */
export type Status = "works" | "limited" | "revoked" | "expired" | "logged out" | "unasked";

/** What asking about an account came to. */
export interface Checked {
  account: Account;
  status: Status;
  /** The number that OpenAI answered with in place of what it was asked for. */
  httpStatus: number | null;
  /** More about it, for people. */
  why: string | null;
  /** Whose a key is. */
  owner?: Identity;
  /** What is left of a login's limits. */
  view?: UsageView;
}

type CheckContext = Pick<Context, "files" | "layout" | "openai" | "codex" | "now" | "uid" | "sleep" | "locks">;

const AT_ONCE = 8;

/**
 * Asks of each account whether it works, at most eight at once: of a key by `/v1/me`, of a login by its limits; one that has expired is refreshed by
 * Codex, never by us. When nothing has been answered for 5 s, the rest isn't asked any more. `say` is told how many are done.
 */
export async function checkAccounts(
  ctx: CheckContext,
  accounts: readonly Account[],
  fetching: Fetching,
  say: (done: number) => void,
): Promise<Checked[]> {
  let done = 0;
  let answered = ctx.now();
  return await inPool(AT_ONCE, accounts, async (account) => {
    const isLate = ctx.now() - answered >= LIMIT_MS;
    const checked = isLate ? unasked(account, "nothing was answered any more") : await check(ctx, account, fetching);
    if (checked.status !== "unasked" || checked.httpStatus !== null) answered = ctx.now();
    say(++done);
    return checked;
  });
}

async function check(ctx: CheckContext, account: Account, fetching: Fetching): Promise<Checked> {
  if (isForeignProvider(account)) return unasked(account, "it is a key of another provider");
  return isApiKey(account) ? await checkKey(ctx, account) : await checkLogin(ctx, account, fetching);
}

const unasked = (account: Account, why: string, httpStatus: number | null = null): Checked => ({
  account,
  status: "unasked",
  httpStatus,
  why,
});

async function checkKey({ files, layout, openai }: CheckContext, account: Account): Promise<Checked> {
  const credential = readCredential(files, credentialPath(layout, fileKeyOf(account.account_key)));
  const said = { account, httpStatus: null, why: null };
  if (!credential || credential.kind === "chatgpt") return { ...said, status: "logged out" };
  try {
    const owner = await askWhose(openai, credential, { timeoutMs: LIMIT_MS, retries: 0 });
    return { ...said, status: "works", owner };
  } catch (error) {
    const { status, why } = failureOf(error);
    if (status === 401) return { ...said, status: "revoked", httpStatus: status, why };
    if (status === 429) return { ...said, status: "limited", httpStatus: status, why };
    // what it answers to a restricted key, which may do other things
    if ((status === 403 || status === 404) && isUnverified(account))
      return { ...said, status: "limited", httpStatus: status, why: `restricted: OpenAI answered ${status}` };
    return unasked(account, why, status);
  }
}

async function checkLogin(ctx: CheckContext, account: Account, fetching: Fetching): Promise<Checked> {
  const ask = () => askAccount(ctx, account, readLogin(ctx, account, fetching), fetching);
  const first = await ask();
  const login = readLogin(ctx, account, fetching);
  // Codex may have refreshed it, and then have had no answer
  const isRefreshed = first.failure === "expired" && login !== undefined && !hasExpired(login, ctx.now());
  const view = isRefreshed ? await ask() : first;
  const { status, http_status: httpStatus } = view.refresh;
  const said = { account, httpStatus, view, why: null };
  if (status === "missing_auth") return { ...said, status: "logged out" };
  if (status === "ok" || status === "no_data") return { ...said, ...limitsOf(view, ctx.now()) };
  if (httpStatus === 401) return { ...said, status: "revoked", why: `OpenAI answered ${view.failure ?? 401}` };
  if (httpStatus === 429) return { ...said, status: "limited", why: "OpenAI answered 429: too many requests" };
  if (view.failure === "expired") return { ...said, status: "expired", why: "Codex could not refresh it" };
  const reason = view.refresh.error_code ?? httpStatus;
  return { ...said, status: "unasked", why: httpStatus === null ? String(reason) : `OpenAI answered ${httpStatus}` };
}

/** Whether something is left of a login's limits; `now` in milliseconds. */
function limitsOf({ usage }: UsageView, now: number): Pick<Checked, "status" | "why"> {
  const { fiveHours, week } = windowsOf(usage);
  const used = [fiveHours, week].find((window) => window && remainingPercent(window, now) === 0);
  return used ? { status: "limited", why: `${windowText(used, now)} left` } : { status: "works", why: null };
}
