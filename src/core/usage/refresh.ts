import * as v from "valibot";
import type { Context } from "../../context.ts";
import type { Account } from "../accounts/account.ts";
import { type Fetching, fetchUsage, hasExpired, LIMIT_MS, type Login, readLogin } from "./fetch-usage.ts";
import type { Note } from "../errors.ts";
import { inPool } from "../pool.ts";
import { withProgress } from "../progress.ts";
import { isSameUsage, parseUsage, type Usage } from "../accounts/usage.ts";
import { cachedView, hasUsage, type Refresh, REQUESTED, type UsageView } from "./view.ts";
import { namelessUsers, workspaceNames } from "./workspaces.ts";

/** What asking has brought, by account key. */
export interface Refreshed {
  views: Map<string, UsageView>;
  /** The names of workspaces; null for an account that has none. */
  names: Map<string, string | null>;
  /** What to tell once. */
  notes: Note[];
}

type RefreshContext = Pick<Context, "files" | "layout" | "locks" | "openai" | "codex" | "now" | "sleep" | "uid">;

const AT_ONCE = 8;
const TIMED_OUT = "TimedOut";
const UNREACHABLE = "Unreachable";

/**
 * Asks for the usage of ChatGPT accounts, and for the names of workspaces that have none yet: at most eight requests at once, 5 s each. API
 * keys are never asked about. When nothing has been answered for 5 s, the rest isn't asked any more.
 */
export async function refreshUsage(
  ctx: RefreshContext,
  accounts: readonly Account[],
  fetching: Fetching,
): Promise<Refreshed> {
  const views = new Map<string, UsageView>();
  const names = new Map<string, string | null>();
  const logins = new Map(accounts.filter(hasUsage).map((account) => [account, readLogin(ctx, account, fetching)]));
  let answered = ctx.now();
  const nobodyAnswers = () => fetching.signal?.aborted || ctx.now() - answered >= LIMIT_MS;

  const askUsage = async (account: Account, login: Login | undefined) => {
    const view = nobodyAnswers()
      ? failedView(account, { reason: TIMED_OUT, status: null, code: null })
      : await askAccount(ctx, account, login, fetching);
    if (view.failure !== TIMED_OUT) answered = ctx.now();
    views.set(account.account_key, view);
  };
  const askNames = async (ofUser: readonly Account[]) => {
    const login = ofUser.map((account) => logins.get(account)).find((login) => login && !hasExpired(login, ctx.now()));
    if (!login || nobodyAnswers()) return;
    const { accessToken, accountId } = login.credential;
    const answer = await ctx.openai
      .accounts(accessToken, accountId, { timeoutMs: LIMIT_MS, retries: 0, signal: fetching.signal })
      .catch(() => undefined);
    for (const [key, name] of workspaceNames(answer, ofUser)) names.set(key, name);
  };
  const questions = [
    ...[...logins].map((login) => () => askUsage(...login)),
    ...namelessUsers(accounts).map((ofUser) => () => askNames(ofUser)),
  ];
  let done = 0;
  const { progress = () => {} } = fetching;
  const how = () => `asking OpenAI for the usage: ${done} of ${questions.length}`;
  await withProgress(progress, how, (moved) =>
    inPool(AT_ONCE, questions, async (ask) => {
      await ask();
      done += 1;
      moved();
    }),
  );
  return { views, names, notes: notesOf(views) };
}

/** Asks for the usage of a ChatGPT account; what keeps it from being told is in the view. */
export async function askAccount(
  ctx: RefreshContext,
  account: Account,
  login: Login | undefined,
  fetching: Fetching,
): Promise<UsageView> {
  if (!login) return cachedView(account, { ...REQUESTED, status: "missing_auth", error_code: null }, "MissingAuth");
  try {
    const usage = await fetchUsage(ctx, account, login, fetching);
    return usage ? freshView(account, usage, ctx.now()) : cachedView(account, { ...REQUESTED, status: "no_data" });
  } catch (error) {
    return failedView(account, failureOf(error));
  }
}

function freshView(account: Account, usage: Usage, now: number): UsageView {
  const before = parseUsage(account.last_usage);
  const same = before !== null && isSameUsage(before, usage) && account.last_usage_at !== null;
  return {
    usage,
    updatedAt: same ? account.last_usage_at : Math.floor(now / 1000),
    source: "api",
    refresh: { ...REQUESTED, status: "ok" },
    failure: null,
  };
}

function failedView(account: Account, { reason, status, code }: Omit<Failure, "why">): UsageView {
  const refresh: Refresh =
    status === null
      ? { ...REQUESTED, status: "error", error_code: reason }
      : { ...REQUESTED, status: "http_error", http_status: status, error_code: code };
  const said = code === null ? reason : `${reason} ${code}`;
  return cachedView(account, refresh, reason === UNREACHABLE ? null : said);
}

/** Why a request failed; `code` is what OpenAI calls it. */
interface Failure {
  reason: string;
  status: number | null;
  why: string;
  code: string | null;
}

/** Returns why a request failed. Codex that could not be started, or got no home, refreshes nothing. Throws what is our own fault. */
export function failureOf(error: unknown): Failure {
  const failure = v.safeParse(FailureSchema, error);
  if (failure.success) {
    const { reason, status = null, why = reason, code = null } = failure.output;
    return { reason, status, why, code };
  }
  if (v.is(SystemErrorSchema, error)) return { reason: "expired", status: null, why: "expired", code: null };
  throw error;
}

const FailureSchema = v.looseObject({
  reason: v.string(),
  status: v.optional(v.nullable(v.number())),
  why: v.optional(v.string()),
  code: v.optional(v.nullable(v.string())),
});
const SystemErrorSchema = v.looseObject({ code: v.string() });

function notesOf(views: Refreshed["views"]): Note[] {
  const unreachable = [...views.values()].some(({ refresh }) => refresh.error_code === UNREACHABLE);
  return unreachable ? [{ message: "OpenAI cannot be reached: the usage shown is the last that is known" }] : [];
}
