import {
  chatgptLogin,
  loginOfToken,
  type ChatgptOptions,
  type FakeKey,
  type FakeLogin,
  type FakeToken,
} from "./accounts.ts";
import {
  accountsCheckAnswer,
  deviceCodeAnswer,
  deviceTokenAnswer,
  liveLogin,
  meAnswer,
  notFound,
  openaiError,
  revokeAnswer,
  routingAnswer,
  socketAnswer,
  tokenAnswer,
  usageAnswer,
  whoamiAnswer,
  type FakeUsage,
} from "./answers.ts";
import { cannedAnswer, waitFor, type Behavior, type Endpoint } from "./behavior.ts";
import { recordRequest, type RecordedRequest } from "./record.ts";
import { createTokenStore, type TokenStore } from "./tokens.ts";
import { turnEvents } from "./turn.ts";

export interface FakeOpenAIOptions {
  /** the API keys it knows; it knows every login of `chatgptAuth` */
  keys?: readonly FakeKey[];
  /** the personal access tokens it knows */
  tokens?: readonly FakeToken[];
  /** what the model says; default: `hello from <account>` */
  answer?: string;
  /** the usage of every ChatGPT login that `setUsage` gave none */
  usage?: FakeUsage;
  /** workspace names by account id */
  workspaces?: Readonly<Record<string, string>>;
  /** seconds that a refreshed token lives; default: a day */
  tokenLifetime?: number;
  behave?: Partial<Record<Endpoint, Behavior>>;
}

export interface FakeOpenAI extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, also the issuer */
  readonly url: string;
  readonly openaiUrl: string;
  readonly chatgptUrl: string;
  readonly tokenUrl: string;
  readonly tokens: TokenStore;
  /** everything that was asked, in order of arrival */
  readonly requests: readonly RecordedRequest[];
  /** who paid for each model turn: account names, `nobody` for a request without Authorization */
  billed(): string[];
  /** the requests to one endpoint */
  requestsTo(endpoint: Endpoint): RecordedRequest[];
  /** how many requests to one endpoint were being answered at once, at the most */
  atOnce(endpoint: Endpoint): number;
  /** forgets the requests so far; tokens stay used */
  forget(): void;
  addKey(key: FakeKey): void;
  /** the access token is refused from now on */
  removeToken(token: FakeToken): void;
  /** the key is refused from now on */
  removeKey(key: FakeKey): void;
  /** who sits at the browser: `codex login --device-auth` logs in as them; null: nobody, it waits */
  signIn(who: ChatgptOptions | null): void;
  /** the API key that Codex gets beside the tokens of a browser login; null: none, as it is for most */
  mint(key: FakeKey | null): void;
  setUsage(name: string, usage: FakeUsage): void;
  /** changes what an endpoint does; null: its job again */
  behave(endpoint: Endpoint, behavior: Behavior | null): void;
  stop(): Promise<void>;
}

const ROUTES: ReadonlyMap<string, Endpoint> = new Map([
  ["GET /v1/me", "me"],
  ["GET /api/accounts/v1/user-auth-credential/whoami", "whoami"],
  ["POST /v1/responses", "responses"],
  ["GET /v1/responses", "socket"],
  ["POST /backend-api/codex/responses", "responses"],
  ["GET /backend-api/codex/responses", "socket"],
  ["GET /backend-api/wham/usage", "usage"],
  ["GET /backend-api/accounts/check/v4-2023-04-27", "accountsCheck"],
  ["GET /backend-api/wham/accounts/check", "routing"],
  ["POST /api/accounts/deviceauth/usercode", "deviceCode"],
  ["POST /api/accounts/deviceauth/token", "deviceToken"],
  ["POST /oauth/token", "token"],
  ["POST /oauth/revoke", "revoke"],
]);
const DAY = 24 * 60 * 60;

/** A stand-in for OpenAI on a port of its own, that no account of anybody's is needed for. */
export function startFakeOpenAI(options: FakeOpenAIOptions = {}): FakeOpenAI {
  const keys = new Map((options.keys ?? []).map((key) => [key.key, key]));
  const accessTokens = new Map((options.tokens ?? []).map((token) => [token.token, token]));
  const usages = new Map<string, FakeUsage>();
  const behaviors = new Map<Endpoint, Behavior>();
  const tokens = createTokenStore();
  const requests: RecordedRequest[] = [];
  const busy = countBusy();
  const stopped = Promise.withResolvers<void>();
  const lifetime = options.tokenLifetime ?? DAY;
  let signedIn: FakeLogin | null = null;
  let minted: FakeKey | null = null;

  const behave = (endpoint: Endpoint, behavior: Behavior | null) => {
    if (behavior) behaviors.set(endpoint, { ...behavior });
    else behaviors.delete(endpoint);
  };
  for (const [endpoint, behavior] of behaviorsOf(options)) behave(endpoint, behavior);

  const nameOf = (bearer: string | null) =>
    bearer === null
      ? null
      : (keys.get(bearer)?.name ?? accessTokens.get(bearer)?.name ?? loginOfToken(bearer)?.name ?? null);

  const answers: Record<Endpoint, (request: RecordedRequest) => Response> = {
    me: ({ bearer }) => meAnswer((bearer !== null && keys.get(bearer)) || null),
    whoami: ({ bearer }) => whoamiAnswer((bearer !== null && accessTokens.get(bearer)) || null),
    responses: (request) => {
      const { bearer, as } = request;
      const paid =
        bearer !== null && (keys.has(bearer) || accessTokens.has(bearer) || liveLogin(bearer, tokens) !== null);
      if (!paid) return openaiError(401, "Incorrect API key provided", "invalid_api_key");
      const text = options.answer ?? `hello from ${as}`;
      const events = turnEvents(text, String(requests.indexOf(request)));
      return new Response(events, { headers: { "content-type": "text/event-stream" } });
    },
    socket: socketAnswer,
    usage: ({ bearer }) => {
      const login = liveLogin(bearer, tokens);
      return usageAnswer(login, (login && usages.get(login.name)) ?? options.usage ?? {});
    },
    accountsCheck: ({ bearer }) => accountsCheckAnswer(liveLogin(bearer, tokens), options.workspaces ?? {}),
    routing: ({ bearer }) => routingAnswer(liveLogin(bearer, tokens)),
    deviceCode: deviceCodeAnswer,
    deviceToken: () => deviceTokenAnswer(signedIn),
    token: (request) => tokenAnswer(request, { tokens, lifetime, signedIn, minted }),
    revoke: (request) => revokeAnswer(request, tokens),
    other: notFound,
  };

  const takeBehavior = (endpoint: Endpoint, as: string | null): Behavior => {
    const behavior = behaviors.get(endpoint);
    if (!behavior || (behavior.as !== undefined && behavior.as !== as)) return {};
    if (behavior.times !== undefined && --behavior.times <= 0) behaviors.delete(endpoint);
    return behavior;
  };

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(incoming) {
      const request = await recordRequest(incoming, nameOf);
      requests.push(request);
      const endpoint = endpointOf(request);
      const behavior = takeBehavior(endpoint, request.as);
      using _ = busy.begin(endpoint);
      if (!(await waitFor(behavior.delay, stopped.promise))) return new Response(null, { status: 503 });
      return cannedAnswer(behavior) ?? answers[endpoint](request);
    },
  });
  const url = `http://127.0.0.1:${server.port}`;
  const requestsTo = (endpoint: Endpoint) => requests.filter((request) => endpointOf(request) === endpoint);
  const stop = async () => {
    stopped.resolve();
    await server.stop(true);
  };

  return {
    url,
    openaiUrl: `${url}/v1`,
    chatgptUrl: `${url}/backend-api`,
    tokenUrl: `${url}/oauth/token`,
    tokens,
    requests,
    requestsTo,
    billed: () => requestsTo("responses").map(({ bearer, as }) => as ?? (bearer === null ? "nobody" : "unknown")),
    atOnce: busy.most,
    forget: () => void requests.splice(0),
    addKey: (key) => void keys.set(key.key, key),
    removeToken: ({ token }) => void accessTokens.delete(token),
    removeKey: (key) => void keys.delete(key.key),
    mint: (key) => void (minted = key),
    signIn: (who) => {
      signedIn = who && chatgptLogin(who);
    },
    setUsage: (name, usage) => void usages.set(name, usage),
    behave,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function countBusy() {
  const now = new Map<Endpoint, number>();
  const most = new Map<Endpoint, number>();
  const add = (endpoint: Endpoint, count: number) => {
    const sum = (now.get(endpoint) ?? 0) + count;
    now.set(endpoint, sum);
    most.set(endpoint, Math.max(sum, most.get(endpoint) ?? 0));
  };
  return {
    begin(endpoint: Endpoint): Disposable {
      add(endpoint, 1);
      return { [Symbol.dispose]: () => add(endpoint, -1) };
    },
    most: (endpoint: Endpoint) => most.get(endpoint) ?? 0,
  };
}

function endpointOf({ method, path }: RecordedRequest): Endpoint {
  return ROUTES.get(`${method} ${path}`) ?? "other";
}

function behaviorsOf({ behave = {} }: FakeOpenAIOptions): [Endpoint, Behavior][] {
  const endpoints = new Set<Endpoint>([...ROUTES.values(), "other"]);
  return [...endpoints].flatMap((endpoint) => {
    const behavior = behave[endpoint];
    return behavior ? [[endpoint, behavior]] : [];
  });
}
