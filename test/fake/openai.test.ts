import { expect, test } from "bun:test";
import * as v from "valibot";
import { apiKeyAuth, chatgptAuth, fakeKey, loginOfToken } from "./accounts.ts";
import { redirectTo, tooManyRequests } from "./behavior.ts";
import { codexConfig, fakeEnvironment } from "./config.ts";
import { readJwt } from "./jwt.ts";
import { startFakeOpenAI, type FakeOpenAI } from "./openai.ts";

const Tokens = v.object({ access_token: v.string(), refresh_token: v.string() });
const ada = fakeKey("ada");
const bob = chatgptAuth({ email: "bob@example.com", plan: "pro", accountId: "acct-acme" });

const get = (url: string, bearer: string | null, headers: Record<string, string> = {}) =>
  fetch(url, { redirect: "manual", headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), ...headers } });
const post = (url: string, body: Record<string, unknown>, bearer: string | null = null) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }) },
    body: JSON.stringify(body),
  });
const refresh = (fake: FakeOpenAI, token: string) =>
  post(fake.tokenUrl, { grant_type: "refresh_token", refresh_token: token });

test("the auth.json of a ChatGPT login carries what Codex reads", () => {
  const claims = readJwt(bob.tokens.id_token);
  expect(claims?.["email"]).toBe("bob@example.com");
  expect(claims?.["https://api.openai.com/auth"]).toMatchObject({
    chatgpt_account_id: "acct-acme",
    chatgpt_user_id: "user-bob",
    chatgpt_plan_type: "pro",
  });
  expect(bob).toMatchObject({ auth_mode: "chatgpt", OPENAI_API_KEY: null, tokens: { account_id: "acct-acme" } });
  expect(apiKeyAuth(ada)).toEqual({ auth_mode: "apikey", OPENAI_API_KEY: ada.key });
});

test("/v1/me names the owner of a known key and refuses any other", async () => {
  await using fake = startFakeOpenAI({ keys: [ada] });
  const me = () => get(`${fake.openaiUrl}/me`, ada.key);
  expect(await (await me()).json()).toMatchObject({ id: "user-ada", email: "ada@example.com", name: "ada" });
  expect((await get(`${fake.openaiUrl}/me`, "sk-unknown")).status).toBe(401);
  expect((await get(`${fake.openaiUrl}/me`, null)).status).toBe(401);
  fake.removeKey(ada);
  expect((await me()).status).toBe(401);
  fake.addKey(ada);
  expect((await me()).status).toBe(200);
});

test("an endpoint misbehaves as told, as often as told, for whom told", async () => {
  await using fake = startFakeOpenAI({ keys: [ada], behave: { me: { status: 500, times: 2 } } });
  const me = () => get(`${fake.openaiUrl}/me`, ada.key);
  expect([(await me()).status, (await me()).status, (await me()).status]).toEqual([500, 500, 200]);
  fake.behave("me", tooManyRequests(7));
  expect((await me()).headers.get("retry-after")).toBe("7");
  fake.behave("me", redirectTo("http://127.0.0.1:1/elsewhere"));
  expect((await me()).status).toBe(302);
  fake.behave("me", { status: 503, as: "somebody else" });
  expect((await me()).status).toBe(200);
  fake.behave("me", { delay: 60 });
  const start = performance.now();
  expect((await me()).status).toBe(200);
  expect(performance.now() - start).toBeGreaterThanOrEqual(55);
});

test("an endpoint that never answers does not keep the server from stopping", async () => {
  const fake = startFakeOpenAI({ behave: { usage: { delay: "never" } } });
  const answer = get(`${fake.chatgptUrl}/wham/usage`, bob.tokens.access_token).then(
    (response) => response.status,
    () => "cut",
  );
  while (fake.requests.length === 0) await Bun.sleep(1);
  await fake.stop();
  expect(["cut", 503]).toContain(await answer);
});

test("a model turn is billed to the bearer", async () => {
  await using fake = startFakeOpenAI({ keys: [ada], answer: "hi there" });
  const turn = (bearer: string | null) => post(`${fake.openaiUrl}/responses`, {}, bearer);
  const events = await (await turn(ada.key)).text();
  expect(events.match(/^event: .*/gm)).toEqual([
    "event: response.created",
    "event: response.output_item.done",
    "event: response.completed",
  ]);
  expect(events).toContain("hi there");
  await turn(bob.tokens.access_token);
  expect((await turn(null)).status).toBe(401);
  expect((await turn("sk-stranger")).status).toBe(401);
  expect(fake.billed()).toEqual(["ada", "bob@example.com", "nobody", "unknown"]);
  fake.forget();
  expect(fake.billed()).toEqual([]);
});

test("a refresh token is good once, and revoking ends one login only", async () => {
  await using fake = startFakeOpenAI();
  const other = chatgptAuth({ email: "bob@example.com" });
  const first = await refresh(fake, bob.tokens.refresh_token);
  const next = v.parse(Tokens, await first.json());
  expect(loginOfToken(next.access_token)).toMatchObject({ email: "bob@example.com", serial: 1 });
  const second = await refresh(fake, bob.tokens.refresh_token);
  expect(second.status).toBe(401);
  expect(await second.text()).toContain("refresh token was already used");
  expect((await refresh(fake, next.refresh_token)).status).toBe(200);
  expect((await refresh(fake, "nonsense")).status).toBe(401);
  await post(`${fake.url}/oauth/revoke`, { token: next.refresh_token });
  expect(fake.tokens).toMatchObject({
    refreshed: ["bob@example.com", "bob@example.com"],
    reused: ["bob@example.com"],
    revoked: ["bob@example.com"],
  });
  const usage = (auth: typeof bob) => get(`${fake.chatgptUrl}/wham/usage`, auth.tokens.access_token);
  expect([(await usage(bob)).status, (await usage(other)).status]).toEqual([401, 200]);
});

test("a device login waits for somebody to sign in", async () => {
  await using fake = startFakeOpenAI();
  const poll = () => post(`${fake.url}/api/accounts/deviceauth/token`, {});
  const code = () => post(fake.tokenUrl, { grant_type: "authorization_code", code: "code-1" });
  expect([(await poll()).status, (await code()).status]).toEqual([403, 401]);
  fake.signIn({ email: "cy@example.com" });
  expect((await poll()).status).toBe(200);
  const tokens = v.parse(Tokens, await (await code()).json());
  expect(loginOfToken(tokens.access_token)?.email).toBe("cy@example.com");
  expect(fake.tokens.accepts(tokens.access_token)).toBe(true);
});

test("usage and workspace names", async () => {
  const window = { usedPercent: 12, minutes: 300, resetAt: 1_900_000_000 };
  await using fake = startFakeOpenAI({ usage: { primary: window }, workspaces: { "acct-acme": "Acme" } });
  const ask = async (path: string) => (await get(`${fake.chatgptUrl}${path}`, bob.tokens.access_token)).json();
  expect(await ask("/wham/usage")).toMatchObject({
    plan_type: "pro",
    rate_limit: {
      primary_window: { used_percent: 12, limit_window_seconds: 18_000, reset_at: 1_900_000_000 },
      secondary_window: null,
    },
  });
  fake.setUsage("bob@example.com", { secondary: { ...window, usedPercent: 99 } });
  expect(await ask("/wham/usage")).toMatchObject({ rate_limit: { secondary_window: { used_percent: 99 } } });
  expect(await ask("/accounts/check/v4-2023-04-27")).toMatchObject({
    accounts: { "acct-acme": { account: { name: "Acme" } } },
  });
  expect(await ask("/wham/accounts/check")).toMatchObject({ default_account_id: "acct-acme" });
  const late = chatgptAuth({ email: "bob@example.com", exp: 1_700_000_000 });
  expect((await get(`${fake.chatgptUrl}/wham/usage`, late.tokens.access_token)).status).toBe(401);
});

test("everything is recorded, also what it does not know", async () => {
  await using fake = startFakeOpenAI({ keys: [ada] });
  const headers = { "ChatGPT-Account-Id": "acct-1", "OpenAI-Organization": "org-1", "OpenAI-Project": "proj-1" };
  expect((await get(`${fake.url}/nowhere?x=1`, ada.key, headers)).status).toBe(404);
  const expected = {
    method: "GET",
    path: "/nowhere",
    query: "?x=1",
    bearer: ada.key,
    as: "ada",
    account: "acct-1",
    organization: "org-1",
    project: "proj-1",
    upgrade: false,
  };
  expect(fake.requests).toMatchObject([expected]);
  expect(fake.requestsTo("other")).toHaveLength(1);
});

test("config.toml and environment point at the server", () => {
  expect(Bun.TOML.parse(codexConfig("http://127.0.0.1:7"))).toMatchObject({
    openai_base_url: "http://127.0.0.1:7/v1",
    chatgpt_base_url: "http://127.0.0.1:7/backend-api",
  });
  const urls = { url: "u", openaiUrl: "u/v1", chatgptUrl: "u/c", tokenUrl: "u/t" };
  expect(fakeEnvironment(urls)).toMatchObject({ CODEX_AUTH_OPENAI_URL: "u/v1", CODEX_AUTH_CHATGPT_URL: "u/c" });
});
