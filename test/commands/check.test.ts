import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { CheckDocument, parseDocument } from "../core/schemas.ts";
import { fakeKey } from "../fake/accounts.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { PROGRAM } from "../shells/program.ts";
import { Terminal } from "../shells/terminal.ts";
import { treeOf } from "../tree.ts";
import { ALICE, BOB, KEY, KEY_ACCOUNT, storeOf } from "./credentials.ts";
import { apiKey, stock } from "./stock.ts";
import { User } from "./user.ts";

let user: User;
beforeEach(() => {
  user = new User();
});
afterEach(() => user[Symbol.asyncDispose]());

/** Without the Codex of this machine. */
const options = { env: { PATH: "/nowhere" } };
const check = async (...words: string[]) => {
  const { code, out, err } = await user.run(["check", ...words], options);
  return { code, err, rows: out.split("\n").slice(0, -1) };
};

describe("one account each: what it is, and the exit code", () => {
  const used = (resetAt: number) => ({ primary: { usedPercent: 100, minutes: 300, resetAt } });
  const exp = 1_700_000_000;
  interface Row {
    what: string;
    who: typeof KEY | (typeof ALICE & { exp?: number });
    before?: () => void;
    status: RegExp;
    code: number;
    document: string;
    http?: number;
  }
  const rows: Row[] = [
    { what: "a key", who: KEY, status: /^works$/, code: 0, document: "works" },
    { what: "a login", who: ALICE, status: /^works$/, code: 0, document: "works" },
    {
      what: "a key that is revoked",
      who: KEY,
      before: () => user.fake.removeKey(KEY),
      status: /^revoked {2}OpenAI answered 401/,
      code: 1,
      document: "revoked",
      http: 401,
    },
    {
      what: "a login that is revoked",
      who: ALICE,
      before: () => user.fake.behave("usage", { status: 401, body: { error: { code: "token_invalidated" } } }),
      status: /^revoked {2}OpenAI answered 401 token_invalidated$/,
      code: 1,
      document: "revoked",
      http: 401,
    },
    { what: "a login that has expired", who: { ...ALICE, exp }, status: /^expired /, code: 1, document: "expired" },
    {
      what: "a login whose limit is used up",
      who: ALICE,
      before: () => user.fake.setUsage(ALICE.email, used(Math.floor(Date.now() / 1000) + 600)),
      status: /^limited {2}0% \(.*\) left$/,
      code: 0,
      document: "limited",
    },
    {
      what: "a key that is asked too often",
      who: KEY,
      before: () => user.fake.behave("me", { status: 429, body: {} }),
      status: /^limited {2}OpenAI answered 429/,
      code: 0,
      document: "limited",
      http: 429,
    },
    {
      what: "a key that may not say whose it is",
      who: KEY,
      before: () => user.fake.behave("me", { status: 403, body: {} }),
      status: /^could not be asked {2}OpenAI answered 403/,
      code: 1,
      document: "unasked",
      http: 403,
    },
    {
      what: "a login, and OpenAI is broken",
      who: ALICE,
      before: () => user.fake.behave("usage", { status: 500, body: {} }),
      status: /^could not be asked {2}OpenAI answered 500/,
      code: 1,
      document: "unasked",
      http: 500,
    },
    {
      what: "a key that is gone",
      who: KEY,
      before() {
        for (const folder of ["accounts", "codex-auth/backup"])
          rmSync(join(user.base, folder, `${fileKeyOf(KEY_ACCOUNT)}.auth.json`));
      },
      status: /^logged out$/,
      code: 1,
      document: "logged_out",
    },
  ];
  test.each(rows)("$what", async ({ who, before, status, code, document, http = null }) => {
    await user.add(who);
    before?.();
    const ran = await check();
    expect({ code: ran.code, rows: ran.rows.length, err: ran.err }).toEqual({ code, rows: 1, err: "" });
    expect(ran.rows[0]?.replace(/^01 \S+( API_KEY)? +/, "")).toMatch(status);
    const json = await user.run(["check", "--json"], options);
    expect({ code: json.code, checks: parseDocument(CheckDocument, json.out).checks }).toMatchObject({
      code,
      checks: [{ status: document, http_status: http, account: { number: 1 } }],
    });
    expect(user.fake.requestsTo("token")).toEqual([]);
  });
});

test("several, by selectors: only those are asked", async () => {
  for (const who of [ALICE, BOB, KEY]) await user.add(who);
  user.fake.forget();
  const { rows, code } = await check("billing", "03");
  expect({ code, names: rows.map((row) => row.split(/ +/)[1]) }).toEqual({
    code: 0,
    names: ["billing@acme.example", "bob@example.com"],
  });
  expect(user.fake.requests.map(({ as }) => as)).toEqual(expect.arrayContaining(["acme", BOB.email]));
  expect(user.fake.requests).toHaveLength(2);
  expect(await check("nobody")).toMatchObject({
    code: 1,
    rows: [],
    err: expect.stringContaining("no account matches"),
  });
});

test("no accounts", async () => {
  expect(await check()).toMatchObject({ code: 0, rows: [] });
  expect(parseDocument(CheckDocument, (await user.run(["check", "--json"])).out).checks).toEqual([]);
});

describe("list shows 401 for a key that is refused, until it is known to work again", () => {
  const cells = async () => /API_KEY +(\S+) +(\S+)/.exec(await user.auth(["list"]))?.slice(1);
  beforeEach(async () => {
    await user.add(KEY);
    user.fake.removeKey(KEY);
    expect(await cells()).toEqual(["-", "-"]);
    await check();
    expect(await cells()).toEqual(["401", "401"]);
    await user.auth(["sync"]);
    await check();
    expect(await cells()).toEqual(["401", "401"]);
  });

  test("a check that finds it works", async () => {
    user.fake.addKey(KEY);
    await check();
    expect(await cells()).toEqual(["-", "-"]);
    expect(JSON.stringify(storeOf(user).registry())).not.toContain("refused");
  });
  test("one that could not ask leaves it", async () => {
    user.fake.behave("me", { status: 500, body: {} });
    await check();
    expect(await cells()).toEqual(["401", "401"]);
  });
  test("import", async () => {
    await user.add(KEY);
    expect(await cells()).toEqual(["-", "-"]);
  });
  test("rotate", async () => {
    const next = fakeKey("next", { id: KEY.id, email: KEY.email });
    user.fake.addKey(next);
    await user.auth(["rotate", KEY_ACCOUNT], { stdin: next.key });
    expect(await cells()).toEqual(["-", "-"]);
  });
});

test("doctor tells of a key that is refused", async () => {
  await user.add(KEY);
  user.fake.removeKey(KEY);
  await check();
  expect((await user.run(["doctor"])).out).toContain("OpenAI refuses the key of billing@acme.example API_KEY");
});

describe("many keys", () => {
  const names = Array.from({ length: 200 }, (_, at) => `key${String(at).padStart(3, "0")}`);
  const DELAY = 200;
  const IDEAL = (names.length / 8) * DELAY;
  const environment = () => ({ HOME: user.home, PATH: "/usr/bin:/bin", ...fakeEnvironment(user.fake), TERM: "xterm" });
  const start = () => new Terminal([...PROGRAM, "check"], { cwd: user.home, env: environment(), rows: 250 });
  beforeEach(() => {
    stock(
      user.base,
      names.map((name) => apiKey(name)),
    );
    for (const name of names) user.fake.addKey(fakeKey(name));
    user.fake.behave("me", { delay: DELAY });
  });

  test("eight are asked at once, never more; no bar in a pipe", async () => {
    const began = performance.now();
    const { rows, code, err } = await check();
    const took = performance.now() - began;
    expect({ code, err, count: rows.length }).toEqual({ code: 0, err: "", count: names.length });
    expect(user.fake.atOnce("me")).toBe(8);
    console.log(`check: ${names.length} keys in ${Math.round(took)} ms, ${(took / IDEAL).toFixed(2)} times the ideal`);
  });

  test("on a terminal a bar tells how far it is, and goes", async () => {
    await using terminal = start();
    await terminal.waitFor(/asking OpenAI \[#+-*\] \d+ of 200/);
    expect(await terminal.exited).toBe(0);
    const shown = terminal.screen().filter((line) => line !== "");
    expect({ count: shown.length, bars: shown.filter((line) => line.includes("asking")) }).toEqual({
      count: names.length,
      bars: [],
    });
  });

  test("Ctrl-C leaves nothing behind", async () => {
    await user.run(["sync"]);
    const before = treeOf(user.base);
    await using terminal = start();
    await terminal.waitFor(/ [1-9]\d* of 200/);
    terminal.send("ctrl-c");
    expect(await terminal.exited).toBe(130);
    expect(terminal.screen().filter((line) => line.replace("^C", "") !== "")).toEqual([]);
    expect(treeOf(user.base)).toEqual(before);
    const asked = user.fake.requestsTo("me").length;
    await Bun.sleep(3 * DELAY);
    expect(user.fake.requestsTo("me")).toHaveLength(asked);
  });
});
