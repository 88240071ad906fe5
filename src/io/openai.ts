import type { $Fetch, FetchError } from "ofetch";
import * as v from "valibot";
import { errorCodeOf } from "./error-code.ts";
import { RequestFailure, whyUnreachable } from "./request-failure.ts";

/** OpenAI's endpoints, or local stand-ins for them. Sources: the documents of tools that use them; none of it is promised by OpenAI. */
export type OpenAI = ReturnType<typeof connectOpenAI>;

// an id becomes part of a file's name and of a variable
const IdSchema = v.optional(v.nullable(v.pipe(v.string(), v.regex(/^[^\p{Cc}]{0,80}$/u))));
const MeSchema = v.pipe(
  v.looseObject({
    id: IdSchema,
    user_id: IdSchema,
    email: v.optional(v.nullable(v.string())),
  }),
  v.transform((me) => ({ id: me.id || me.user_id || "", email: me.email?.toLowerCase() ?? "" })),
  v.check((me) => me.id !== "", "no id"),
);

/** What Codex needs of it, the e-mail aside, makes the account; each becomes part of a file's name and of a variable. */
const WhoamiSchema = v.pipe(
  v.looseObject({
    chatgpt_user_id: v.pipe(v.string(), v.regex(/^[\w.-]{1,45}$/)),
    chatgpt_account_id: v.pipe(v.string(), v.regex(/^[\w.-]{1,45}$/)),
    email: v.optional(v.nullable(v.string())),
  }),
  v.transform((who) => ({
    id: `${who.chatgpt_user_id}::${who.chatgpt_account_id}`,
    email: who.email?.toLowerCase() ?? "",
  })),
);

/** In characters; a busy login's answers have some thousand. */
const LARGEST_ANSWER = 4 * 1024 * 1024;
/** For reading why a request was refused. */
const REASON_LIMIT_MS = 1000;

export interface RequestOptions {
  /** The time limit of one try, in milliseconds. */
  timeoutMs: number;
  /** How often to ask again after 429 and 5xx. */
  retries: number;
  /** Ends the request early. */
  signal?: AbortSignal | undefined;
}

/** Loads ofetch when it is first needed: it costs each start 5 ms. */
export type LoadFetch = () => Promise<$Fetch>;

/** Takes the environment (base URLs) and ofetch's fetch; returns the requests. Each throws RequestFailure. */
export function connectOpenAI(env: Record<string, string | undefined>, load: LoadFetch) {
  const openai = withoutSlash(env.CODEX_AUTH_OPENAI_URL || "https://api.openai.com/v1");
  const chatgpt = withoutSlash(env.CODEX_AUTH_CHATGPT_URL || "https://chatgpt.com/backend-api");
  const issuer = withoutSlash(env.CODEX_AUTH_ISSUER_URL || "https://auth.openai.com");
  const chatgptHeaders = (accessToken: string, accountId: string) => ({
    Authorization: `Bearer ${accessToken}`,
    "ChatGPT-Account-Id": accountId,
  });
  return {
    /** Asks whose an API key is: `GET /v1/me`. */
    me: (apiKey: string, options: RequestOptions) =>
      get(load, `${openai}/me`, { Authorization: `Bearer ${apiKey}` }, MeSchema, options),
    /** Asks whose a personal access token is, as Codex does at each start. */
    whoami: (token: string, options: RequestOptions) =>
      get(
        load,
        `${issuer}/api/accounts/v1/user-auth-credential/whoami`,
        { Authorization: `Bearer ${token}` },
        WhoamiSchema,
        options,
      ),
    /** Asks for a ChatGPT account's usage: `GET /wham/usage`. */
    usage: (accessToken: string, accountId: string, options: RequestOptions) =>
      get(load, `${chatgpt}/wham/usage`, chatgptHeaders(accessToken, accountId), v.looseObject({}), options),
    /** Asks for the names of a login's workspaces: `GET /accounts/check/v4-2023-04-27`. */
    accounts: (accessToken: string, accountId: string, options: RequestOptions) =>
      get(
        load,
        `${chatgpt}/accounts/check/v4-2023-04-27`,
        chatgptHeaders(accessToken, accountId),
        v.looseObject({}),
        options,
      ),
  };
}

const withoutSlash = (url: string) => url.replace(/\/+$/, "");

async function get<T>(
  load: LoadFetch,
  url: string,
  headers: Record<string, string>,
  schema: v.GenericSchema<unknown, T>,
  options: RequestOptions,
): Promise<T> {
  let answer: unknown;
  try {
    const request = await load();
    const body = await request<unknown, "stream">(url, {
      headers,
      // the bearer must not follow a redirect to another host
      redirect: "error",
      responseType: "stream",
      ...limitOf(options),
      retry: options.retries,
      retryDelay: ({ options: { retry } }) => 250 * 2 ** (options.retries - Number(retry || 0)),
      retryStatusCodes: [429, 500, 502, 503, 504],
    });
    answer = JSON.parse(await readBody(body, options.timeoutMs));
  } catch (error) {
    throw await failureOf(error);
  }
  const parsed = v.safeParse(schema, answer);
  if (!parsed.success) throw new RequestFailure("MalformedJson", null);
  return parsed.output;
}

/** Reads an answer to its end, which ofetch would wait for without a limit. Throws RequestFailure when it is late or large. */
async function readBody(body: ReadableStream<Uint8Array> | undefined, limitMs: number): Promise<string> {
  const reader = body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new RequestFailure("TimedOut", null)), limitMs);
  let text = "";
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return text + decoder.decode();
      text += decoder.decode(value, { stream: true });
      if (text.length > LARGEST_ANSWER) throw new RequestFailure("MalformedJson", null);
    }
  } finally {
    clearTimeout(timer);
    // what is left of it would keep this process from ending
    void reader.cancel().catch(() => {});
  }
}

/** Returns the limit as ofetch takes it: beside a signal it knows no time limit. */
function limitOf({ timeoutMs, signal }: RequestOptions) {
  return signal ? { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) } : { timeout: timeoutMs };
}

async function failureOf(error: unknown): Promise<RequestFailure> {
  if (error instanceof RequestFailure) return error;
  if (isFetchError(error)) {
    const { status, data } = error;
    if (status !== undefined) {
      const code =
        data instanceof ReadableStream ? errorCodeOf(await readBody(data, REASON_LIMIT_MS).catch(() => "")) : null;
      return new RequestFailure(String(status), status, undefined, code);
    }
    const cause = error.cause;
    if (cause instanceof Error && (cause.name === "TimeoutError" || cause.name === "AbortError"))
      return new RequestFailure("TimedOut", null);
    return new RequestFailure("Unreachable", null, whyUnreachable(cause));
  }
  return new RequestFailure("MalformedJson", null);
}

const isFetchError = (error: unknown): error is FetchError => error instanceof Error && error.name === "FetchError";
