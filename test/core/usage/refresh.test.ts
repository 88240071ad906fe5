import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { layoutOf } from "../../../src/core/base/layout.ts";
import { refreshUsage } from "../../../src/core/usage/refresh.ts";
import { withRefreshed } from "../../../src/core/usage/save-usage.ts";
import { RequestFailure } from "../../../src/io/request-failure.ts";
import { makeBaseHome } from "../../base-home.ts";
import { apiKey, login, stock, type Stocked } from "../../commands/stock.ts";
import { registryOf } from "../registries.ts";

const home = makeBaseHome();
afterAll(() => home.remove());
let count = 0;

type Answer = Record<string, unknown>;

/** Returns a context whose OpenAI answers with `usage` and `names`, and what was asked. */
function stage(
  stocked: readonly Stocked[],
  usage: (account: string) => Promise<Answer>,
  names: (account: string) => Promise<Answer> = async () => ({ accounts: {} }),
) {
  const base = join(home.path, String(count++));
  mkdirSync(base);
  stock(base, stocked);
  const asked: string[] = [];
  const clock = { now: 0 };
  const ask = (what: string, answer: (account: string) => Promise<Answer>) => async (_: string, account: string) => {
    asked.push(`${what} ${account}`);
    return await answer(account);
  };
  const openai = { ...home.ctx.openai, usage: ask("usage", usage), accounts: ask("names", names) };
  const codex = { ...home.ctx.codex, find: () => undefined };
  const ctx = { ...home.ctx, now: () => clock.now, layout: layoutOf(base), openai, codex };
  const accounts = stocked.map(({ account }) => account);
  const fetching = {
    defaultKey: accounts[0]?.account_key ?? null,
    share: "all",
    loggedOut: new Set<string>(),
  } as const;
  return { asked, accounts, clock, refresh: (own = {}) => refreshUsage(ctx, accounts, { ...fetching, ...own }) };
}

const answer = (used_percent: number) => ({
  plan_type: "plus",
  rate_limit: { primary_window: { used_percent, limit_window_seconds: 18_000, reset_at: 2_000_000_000 } },
});
const alice = login({ email: "alice@example.com" });
const bob = login({ email: "bob@example.com", plan: "team" });
const expired = login({ email: "eve@example.com", exp: -1 });

describe("an account", () => {
  const fail = (reason: string, status: number | null) => async () =>
    Promise.reject(new RequestFailure(reason, status));
  test.each([
    ["answered", alice, async () => answer(12), { status: "ok", http_status: null, error_code: null }, null, "api"],
    ["no limits", alice, async () => ({}), { status: "no_data" }, null, "none"],
    ["401", alice, fail("401", 401), { status: "http_error", http_status: 401, error_code: null }, "401", "none"],
    [
      "401 with a code",
      alice,
      async () => Promise.reject(new RequestFailure("401", 401, undefined, "token_invalidated")),
      { status: "http_error", http_status: 401, error_code: "token_invalidated" },
      "401 token_invalidated",
      "none",
    ],
    ["503", alice, fail("503", 503), { status: "http_error", http_status: 503 }, "503", "none"],
    ["late", alice, fail("TimedOut", null), { status: "error", error_code: "TimedOut" }, "TimedOut", "none"],
    ["offline", alice, fail("Unreachable", null), { status: "error", error_code: "Unreachable" }, null, "none"],
    ["no credential", { ...alice, auth: undefined }, fail("", 0), { status: "missing_auth" }, "MissingAuth", "none"],
    [
      "an API key's credential",
      { ...alice, auth: apiKey("x").auth },
      fail("", 0),
      { status: "missing_auth" },
      "MissingAuth",
      "none",
    ],
    ["somebody else's", { ...alice, auth: bob.auth }, fail("", 0), { status: "missing_auth" }, "MissingAuth", "none"],
    ["expired, no Codex", expired, fail("", 0), { status: "error", error_code: "expired" }, "expired", "none"],
  ] as const)("%s", async (_what, stocked, usage, refresh, failure, source) => {
    const { refresh: ask, accounts } = stage([stocked], usage);
    const { views } = await ask();
    const view = views.get(accounts[0]?.account_key ?? "");
    expect(view).toMatchObject({ refresh: { requested: true, method: "api", ...refresh }, failure, source });
  });

  test("an API key is never asked about", async () => {
    const { refresh, asked } = stage([apiKey("x")], async () => answer(1));
    expect(await refresh()).toEqual({ views: new Map(), names: new Map(), notes: [] });
    expect(asked).toEqual([]);
  });

  test("one that is logged out is not asked about", async () => {
    const { refresh, asked, accounts } = stage([alice], async () => answer(1));
    const { views } = await refresh({ loggedOut: new Set([accounts[0]?.account_key]) });
    expect([...views.values()].map(({ failure }) => failure)).toEqual(["MissingAuth"]);
    expect(asked).toEqual([]);
  });

  test("our own fault is none of the network's", async () => {
    const { refresh } = stage([alice], () => Promise.reject(new TypeError("oops")));
    await expect(refresh()).rejects.toThrow("oops");
  });
});

describe("many accounts", () => {
  const many = Array.from({ length: 50 }, (_, n) => login({ email: `user${n}@example.com` }));

  test("eight at once", async () => {
    let running = 0;
    let most = 0;
    const { refresh, asked } = stage(many, async () => {
      most = Math.max(most, ++running);
      await Bun.sleep(5);
      running--;
      return answer(1);
    });
    await refresh();
    expect(asked).toHaveLength(50);
    expect(most).toBe(8);
  });

  test("when nobody answers, the first eight are the last that are asked", async () => {
    const { refresh, asked, clock } = stage(many, async () => {
      await Bun.sleep(1);
      clock.now = 5000;
      throw new RequestFailure("TimedOut", null);
    });
    const { views } = await refresh();
    expect(asked).toHaveLength(8);
    expect([...views.values()].map(({ failure }) => failure)).toEqual(Array(50).fill("TimedOut"));
  });

  test("it is said once that OpenAI cannot be reached", async () => {
    const { refresh } = stage(many, () => Promise.reject(new RequestFailure("Unreachable", null)));
    expect((await refresh()).notes).toHaveLength(1);
  });
});

describe("names of workspaces", () => {
  const team = (id: string, own = {}) =>
    login({ email: "bob@example.com", userId: "user-bob", accountId: id, plan: "team" }, own);
  const plus = login({ email: "bob@example.com", userId: "user-bob", accountId: "p", plan: "plus" });
  const newPlan = login({ email: "bob@example.com", userId: "user-bob", accountId: "k", plan: "k12" });
  const named = (names: Record<string, string | null>) => async () => ({
    accounts: Object.fromEntries(
      Object.entries(names).map(([id, name]) => [id, { account: { account_id: id, name, structure: "workspace" } }]),
    ),
  });
  const usage = async () => answer(1);
  const ask = async (stocked: Stocked[], names: () => Promise<Answer>) => {
    const { refresh, asked, accounts } = stage(stocked, usage, names);
    const refreshed = await refresh();
    const { accounts: after } = withRefreshed(registryOf(accounts), refreshed);
    return {
      asked: asked.filter((what) => what.startsWith("names")),
      names: after.map((account) => account.account_name),
    };
  };

  test.each([
    [
      "asked once for a user",
      [team("a"), team("b"), plus],
      { a: "Acme", b: "Beta", p: null },
      1,
      ["Acme", "Beta", null],
    ],
    ["a single workspace", [team("a")], { a: "Acme" }, 1, ["Acme"]],
    ["nothing is missing", [team("a", { account_name: "Acme" }), plus], {}, 0, ["Acme", null]],
    ["no workspace", [plus], {}, 0, [null]],
    ["another one is renamed", [team("a"), team("b", { account_name: "Old" })], { a: "A", b: "B" }, 1, ["A", "B"]],
    ["one has gone", [team("a"), team("b", { account_name: "Old" })], { a: "A" }, 1, ["A", null]],
    ["a plan that is new", [newPlan], { k: "School" }, 1, ["School"]],
    ["an empty name is none", [team("a")], { a: "" }, 1, [null]],
  ])("%s", async (_what, stocked, names, requests, expected) => {
    const { asked, names: after } = await ask(stocked, named(names as Record<string, string | null>));
    expect(asked).toHaveLength(requests);
    expect(after).toEqual(expected);
  });

  test("what is no answer changes nothing", async () => {
    const stocked = [team("a"), team("b", { account_name: "Old" })];
    expect((await ask(stocked, async () => ({ detail: "no" }))).names).toEqual([null, "Old"]);
    expect((await ask(stocked, () => Promise.reject(new RequestFailure("500", 500)))).names).toEqual([null, "Old"]);
  });
});
