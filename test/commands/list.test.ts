import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { homeIdOf } from "../../src/core/accounts/account.ts";
import { makeLocks } from "../../src/io/lock.ts";
import { ListDocument, parseDocument } from "../core/schemas.ts";
import type { FakeOpenAIOptions } from "../fake/openai.ts";
import { apiKey, login, savedRegistry, stock, type Stocked } from "./stock.ts";
import { User } from "./user.ts";

const HOUR = 3600;
const now = Math.floor(Date.now() / 1000);
const usage = {
  primary: { usedPercent: 12, minutes: 300, resetAt: now + HOUR },
  secondary: { usedPercent: 29, minutes: 10_080, resetAt: now + 100 * HOUR },
};
const alice = login({ email: "alice@example.com" }, { alias: "work" });
const bob = apiKey("bob");
const carol = login({ email: "carol@example.com", plan: "team" });

const users: User[] = [];
afterAll(async () => {
  for (const user of users) await user[Symbol.asyncDispose]();
});

function userWith(stocked: readonly Stocked[], options: FakeOpenAIOptions = {}): User {
  const user = new User({ usage, ...options });
  users.push(user);
  if (stocked.length > 0) stock(user.base, stocked);
  return user;
}

/** What the table says of each account, by its name. */
function cellsOf(table: string): Record<string, string[]> {
  const rows = table.trimEnd().split("\n").slice(2);
  return Object.fromEntries(
    rows.map((row) => row.slice(5).trim().split(/ {2,}/)).map(([name, ...cells]) => [name, cells]),
  );
}

test.each([
  [["--api", "--skip-api"], "--api and --skip-api exclude each other"],
  [["--live", "--json"], "--live and --json exclude each other"],
])("%j: exit 2", async (flags, message) => {
  const { code, out, err } = await userWith([]).run(["list", ...flags]);
  expect({ code, said: out + err }).toEqual({ code: 2, said: expect.stringContaining(message) });
});

test("the fields of refresh stand in one order, whatever came of it", async () => {
  const user = userWith([alice, bob, carol], { behave: { usage: { status: 500, as: "carol@example.com" } } });
  const { accounts } = await user.json(["list"]);
  const orders = accounts.map((account: any) => Object.keys(account.usage.refresh).join());
  expect([...new Set(orders)]).toEqual(["requested,method,status,http_status,error_code"]);
});

test("while another codex-auth holds the lock: it tells at once, and waits little to save", async () => {
  const user = userWith([alice]);
  await user.auth(["sync"]);
  const locks = makeLocks(process.platform, process.env.PATH);
  const begin = performance.now();
  const lock = join(user.base, "codex-auth/lock");
  const { code, out, err } = await locks.hold([lock], 1000, Error, () => user.run(["list"]));
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("88%") });
  expect(err).toContain(`the usage could not be saved: another codex-auth holds ${lock}`);
  expect(performance.now() - begin).toBeLessThan(20_000);
}, 70_000);

describe("the table", () => {
  test("usage of every ChatGPT account, and nothing else on stdout", async () => {
    const user = userWith([alice, bob, carol], { workspaces: { "acct-carol": "Acme" } });
    const { code, out, err } = await user.run(["list"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [header, rule, ...rows] = out.trimEnd().split("\n");
    expect(header).toMatch(/^ {5}ACCOUNT +PLAN +5H USAGE +WEEKLY USAGE +LAST ACTIVITY$/);
    expect(rule).toMatch(/^-+$/);
    expect(rows.map((row) => row.slice(0, 5))).toEqual(["* 01 ", "  02 ", "  03 "]);
    const limits = [
      expect.stringMatching(/^88% \(\d\d:\d\d( on \d+ \w+)?\)$/),
      expect.stringMatching(/^71% \(.* on .*\)$/),
    ];
    expect(cellsOf(out)).toEqual({
      "work(alice@example.com)": ["Plus", ...limits, "Now"],
      "bob@example.com": ["API_KEY", "-", "-", "-"],
      "Acme(carol@example.com)": ["Business", ...limits, "Now"],
    });
    expect(user.fake.requests.map(({ path, as }) => `${path} ${as}`).sort()).toEqual([
      "/backend-api/accounts/check/v4-2023-04-27 carol@example.com",
      "/backend-api/wham/usage alice@example.com",
      "/backend-api/wham/usage carol@example.com",
    ]);
  });

  test("it is saved; what stays the same is not saved again", async () => {
    const user = userWith([{ ...alice, account: { ...alice.account, strange: { kept: true } } }, bob]);
    await user.auth(["list"]);
    const registry = join(user.base, "accounts", "registry.json");
    const { accounts, active_account_key } = savedRegistry(user.base);
    expect(active_account_key).toBe(alice.account.account_key);
    expect(accounts[0]).toMatchObject({
      strange: { kept: true },
      last_usage: {
        primary: { used_percent: 12, window_minutes: 300, resets_at: usage.primary.resetAt },
        credits: { has_credits: false, unlimited: false, balance: null },
        plan_type: "plus",
      },
    });
    expect(accounts[0]?.last_usage_at).toBeGreaterThanOrEqual(now);
    expect(accounts[1]).toEqual(bob.account);
    const { mtimeMs } = statSync(registry);
    await user.auth(["list"]);
    expect(statSync(registry).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(join(user.base, "accounts")).filter((name) => name.includes(".bak."))).toEqual([]);
  });

  test("a workspace's name, once fetched, is in every name, also in the prompt after the next sync", async () => {
    const team = ["acct-1", "acct-2"].map((accountId) =>
      login({ email: "carol@example.com", plan: "team", accountId, userId: "user-carol" }),
    );
    const user = userWith(team, { workspaces: { "acct-1": "Acme", "acct-2": "Beta" } });
    const label = () =>
      readFileSync(join(user.base, "codex-auth", "env", "@default"), "utf8").match(/_LABEL=(.*)/)?.[1];
    await user.auth(["sync"]);
    expect(label()).toBe("carol@example.com Business #1");
    expect(Object.keys(cellsOf(await user.auth(["list"])))).toContain("Acme");
    await user.auth(["sync", "--quiet"]);
    expect(label()).toBe("carol@example.com Acme");
    expect(await user.auth(["switch", "carol@example.com Beta"])).toBe(
      "the default account is carol@example.com Beta\n",
    );
  });

  test("--active asks only for the account that is active here", async () => {
    const user = userWith([alice, carol]);
    await user.auth(["list", "--active"]);
    expect(user.fake.requestsTo("usage").map(({ as }) => as)).toEqual(["alice@example.com"]);
    await user.auth(["list", "--active"], { env: { CODEX_AUTH_USE: homeIdOf(bob.account.account_key) } });
    expect(user.fake.requests).toHaveLength(1);
  });

  test("no base home: an empty table, and nothing is made", async () => {
    const user = userWith([]);
    const { code, out, err } = await user.run(["list"]);
    expect(code).toBe(0);
    expect(out.split("\n")).toHaveLength(3);
    expect(err).toContain("no accounts yet");
    expect(existsSync(user.base)).toBe(false);
    const { accounts } = parseDocument(ListDocument, await user.auth(["list", "--json"]));
    expect(accounts).toEqual([]);
  });
});

describe("what goes wrong", () => {
  test("401, MissingAuth and expired stand in the cells; nobody refreshes a token but Codex", async () => {
    const stale = login({ email: "eve@example.com", exp: now - 60 });
    const user = userWith([alice, { ...carol, auth: undefined }, stale]);
    user.fake.behave("usage", { status: 401, body: { error: { message: "no" } } });
    const { code, out } = await user.run(["list"], { env: { PATH: user.directory("no-codex-here") } });
    expect(code).toBe(0);
    expect(cellsOf(out)).toEqual({
      "work(alice@example.com)": ["Plus", "401", "401", "-"],
      "carol@example.com logged out": ["Business", "MissingAuth", "MissingAuth", "-"],
      "eve@example.com": ["Plus", "expired", "expired", "-"],
    });
    expect(user.fake.requestsTo("token")).toEqual([]);
  });

  test("what OpenAI calls a refusal stands in the cell and in the document; a note says what to do", async () => {
    const user = userWith([alice]);
    user.fake.behave("usage", { status: 401, body: { error: { message: "no", code: "token_invalidated" } } });
    const { out, err } = await user.run(["list"]);
    expect(cellsOf(out)).toEqual({ "work(alice@example.com)": ["Plus", "401", "401 token_invalidated", "-"] });
    expect(err).toBe("codex-auth: 401: OpenAI refuses the login: work\n  try: codex-auth login\n");
    const { accounts } = parseDocument(ListDocument, await user.auth(["list", "--json"]));
    expect(accounts[0]?.usage.refresh).toMatchObject({ http_status: 401, error_code: "token_invalidated" });
  });

  test("offline: what was known, said once on stderr", async () => {
    const known = { primary: { used_percent: 40, window_minutes: 300, resets_at: now + HOUR } };
    const accounts = [alice, carol].map((one) => ({
      ...one,
      account: { ...one.account, last_usage: known, last_usage_at: now - 7200 },
    }));
    const user = userWith(accounts);
    const { code, out, err } = await user.run(["list"], { env: { CODEX_AUTH_CHATGPT_URL: "http://127.0.0.1:9" } });
    expect(code).toBe(0);
    expect(out.match(/60% .* 2h ago/g)).toHaveLength(2);
    expect(err.trim().split("\n")).toEqual([expect.stringContaining("OpenAI cannot be reached")]);
  });

  test("never answering: the table after 5 s", async () => {
    const user = userWith([alice, bob, ...Array.from({ length: 20 }, (_, n) => login({ email: `z${n}@example.com` }))]);
    user.fake.behave("usage", { delay: "never" });
    const start = performance.now();
    const { code, out } = await user.run(["list"]);
    expect(performance.now() - start).toBeLessThan(14_000);
    expect(code).toBe(0);
    expect(out.match(/TimedOut +TimedOut/g)).toHaveLength(21);
    expect(cellsOf(out)["bob@example.com"]).toEqual(["API_KEY", "-", "-", "-"]);
  }, 20_000);

  test("50 accounts, 200 ms each: seven round trips", async () => {
    const user = userWith(Array.from({ length: 50 }, (_, n) => login({ email: `z${n}@example.com` })));
    user.fake.behave("usage", { delay: 200 });
    const start = performance.now();
    const { out } = await user.run(["list"]);
    const took = performance.now() - start;
    expect(out.match(/88%/g)).toHaveLength(50);
    expect(took).toBeGreaterThan(7 * 200);
    expect(took).toBeLessThan(50 * 200 * 2);
  }, 20_000);

  test("a damaged snapshot is no error, of an API key neither", async () => {
    const damaged = [alice, bob].map((one) => ({ ...one, account: { ...one.account, last_usage: { primary: 7 } } }));
    const user = userWith(damaged);
    const { code, out, err } = await user.run(["list", "--skip-api"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(cellsOf(out)["bob@example.com"]).toEqual(["API_KEY", "-", "-", "-"]);
  });

  test("a registry that may not be written: the table, and a note", async () => {
    const user = userWith([alice]);
    mkdirSync(join(user.base, "codex-auth"));
    writeFileSync(join(user.base, "codex-auth", "lock"), "");
    rmSync(join(user.base, "codex-auth", "lock"));
    mkdirSync(join(user.base, "codex-auth", "lock"));
    const { code, out, err } = await user.run(["list"]);
    expect(code).toBe(0);
    expect(out).toContain("88%");
    expect(err).toContain("the usage could not be saved");
  });
});

describe("--json", () => {
  const statuses = (text: string) =>
    parseDocument(ListDocument, text).accounts.map(({ number, usage: { source, refresh } }) => [
      number,
      source,
      refresh.method,
      refresh.status,
      refresh.http_status,
    ]);

  test("what refreshing came to", async () => {
    const user = userWith([alice, bob, { ...carol, auth: undefined }, login({ email: "dave@example.com" })]);
    user.fake.behave("usage", { status: 503, as: "dave@example.com" });
    expect(statuses(await user.auth(["list", "--json"]))).toEqual([
      [1, "api", "api", "ok", null],
      [2, "none", null, "not_requested", null],
      [3, "none", "api", "missing_auth", null],
      [4, "none", "api", "http_error", 503],
    ]);
    expect(statuses(await user.auth(["list", "--json", "--active"]))).toEqual([
      [1, "api", "api", "ok", null],
      [2, "none", null, "not_requested", null],
      [3, "none", null, "not_requested", null],
      [4, "none", null, "not_requested", null],
    ]);
  });
});

describe("--skip-api", () => {
  const session = (
    user: User,
    { mtime, used, creator }: { mtime: number; used: number; creator?: [string, string] },
  ) => {
    const path = join(user.base, `sessions/2026/07/26/rollout-${mtime}.jsonl`);
    mkdirSync(dirname(path), { recursive: true });
    const [creator_user_id, creator_account_id] = creator ?? [];
    const rate_limits = { primary: { used_percent: used, window_minutes: 300, resets_at: now + HOUR } };
    const lines = [
      { type: "session_meta", payload: { cwd: user.home, creator_user_id, creator_account_id } },
      {
        timestamp: new Date(mtime * 1000).toISOString(),
        type: "event_msg",
        payload: { type: "token_count", rate_limits },
      },
    ];
    writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  };

  test("nobody is asked; sessions tell whose they are", async () => {
    const user = userWith([alice, bob, carol]);
    session(user, { mtime: now - 100, used: 30, creator: ["user-alice", "acct-alice"] });
    session(user, { mtime: now - 200, used: 50, creator: ["user-carol", "acct-carol"] });
    const { out } = await user.run(["list", "--skip-api"]);
    expect(cellsOf(out)["work(alice@example.com)"]?.[1]).toStartWith("70%");
    expect(cellsOf(out)["carol@example.com"]?.[1]).toStartWith("50%");
    expect(user.fake.requests).toEqual([]);
    const { accounts } = savedRegistry(user.base);
    expect(accounts[0]).toMatchObject({
      last_usage_at: now - 100,
      last_local_rollout: { event_timestamp_ms: (now - 100) * 1000 },
    });
    const document = parseDocument(ListDocument, await user.auth(["list", "--skip-api", "--json"]));
    expect(document.accounts.map(({ usage: { refresh } }) => [refresh.method, refresh.status])).toEqual([
      ["local", "ok"],
      [null, "not_requested"],
      ["local", "ok"],
    ]);
  });

  test("a session of an older Codex is the active account's", async () => {
    const user = userWith([alice, carol]);
    session(user, { mtime: now - 100, used: 30 });
    const document = parseDocument(ListDocument, await user.auth(["list", "--skip-api", "--json"]));
    expect(document.accounts.map(({ usage: { source, refresh } }) => [source, refresh.status])).toEqual([
      ["local", "ok"],
      ["none", "no_data"],
    ]);
  });

  test("what is known to be newer stays", async () => {
    const known = { primary: { used_percent: 40, window_minutes: 300, resets_at: now + HOUR } };
    const user = userWith([{ ...alice, account: { ...alice.account, last_usage: known, last_usage_at: now - 50 } }]);
    session(user, { mtime: now - 100, used: 30 });
    expect((await user.run(["list", "--skip-api"])).out).toContain("60%");
  });
});

describe("a login that has expired is refreshed by Codex", () => {
  const eve = login({ email: "eve@example.com", exp: now - 60 });
  const codex = (answer: string) => `#!/bin/sh
echo "$CODEX_HOME $CODEX_SQLITE_HOME $*" >> "$HOME/codex-ran"
read -r line; echo '{"method":"noise"}'; echo '{"id":1,"result":{}}'
read -r line; read -r line; ${answer}
read -r line
`;
  const told = `echo '{"id":2,"result":{"rateLimits":{"primary":{"usedPercent":25,"windowDurationMins":300,"resetsAt":${now + HOUR}}}}}'`;

  test("in its own home, the default account's in the base home", async () => {
    const user = userWith([eve, login({ email: "zoe@example.com", exp: now - 60 })]);
    user.write("bin/codex", codex(told), 0o755);
    const { out } = await user.run(["list"]);
    expect(out.match(/75% \(/g)).toHaveLength(2);
    const homes = (await Bun.file(join(user.home, "codex-ran")).text()).trim().split("\n").sort();
    const zoe = join(user.base, "codex-auth", "homes", homeIdOf("user-zoe::acct-zoe"));
    const args = 'app-server -c cli_auth_credentials_store="file"';
    expect(homes).toEqual([`${user.base} ${user.base} ${args}`, `${zoe} ${user.base} ${args}`]);
    expect(user.fake.requests).toEqual([]);
  });

  test.each([
    ["an error", codex(`echo '{"id":2,"error":{"code":-32603,"message":"401"}}'`)],
    ["ended", "#!/bin/sh\nexit 1\n"],
    ["no program", "#!/nonexistent\n"],
  ])("%s: the cells say expired", async (_what, program) => {
    const user = userWith([eve]);
    user.write("bin/codex", program, 0o755);
    expect(cellsOf(await user.auth(["list"]))["eve@example.com"]).toEqual(["Plus", "expired", "expired", "-"]);
  });

  test("a config that would log it out keeps Codex from being started", async () => {
    const user = userWith([eve]);
    user.write(".codex/config.toml", 'forced_login_method = "api"\n');
    user.write("bin/codex", codex(told), 0o755);
    expect(cellsOf(await user.auth(["list"]))["eve@example.com"]).toEqual(["Plus", "expired", "expired", "-"]);
    expect(existsSync(join(user.home, "codex-ran"))).toBe(false);
  });

  test("a Codex that never answers is left to itself after 5 s", async () => {
    const user = userWith([eve]);
    user.write("bin/codex", '#!/bin/sh\nwhile read -r line; do :; done\necho done > "$HOME/codex-done"\n', 0o755);
    const start = performance.now();
    expect(cellsOf(await user.auth(["list"]))["eve@example.com"]).toEqual(["Plus", "TimedOut", "TimedOut", "-"]);
    expect(performance.now() - start).toBeLessThan(14_000);
    await Bun.sleep(100);
    expect(existsSync(join(user.home, "codex-done"))).toBe(true);
  }, 20_000);
});
