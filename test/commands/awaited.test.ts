import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeIdOf } from "../../src/core/accounts/account.ts";
import { ALICE, auth, BOB, KEY, KEY_ACCOUNT, keyAuth } from "./credentials.ts";
import { User } from "./user.ts";

// Pins outlive their account, and fail closed. Once it is there again, they are its own again, in every open shell.

const BOB_ACCOUNT = "user-bob::acct-bob";
let user: User;
let work: string;
beforeEach(async () => {
  user = new User({ keys: [KEY] });
  work = user.directory("work");
  for (const who of [ALICE, BOB, KEY]) await user.add(who);
  await user.auth(["switch", "alice"]);
});
afterEach(() => user[Symbol.asyncDispose]());

const ours = (...path: string[]) => join(user.base, "codex-auth", ...path);
const here = async () => {
  const { account, source } = await user.json(["current"], { cwd: work });
  return { key: account?.account_key ?? null, source };
};
const isReady = (key: string) => {
  const env = ours("env", homeIdOf(key));
  return (
    existsSync(env) && readFileSync(env, "utf8").includes(key) && existsSync(ours("homes", homeIdOf(key), "auth.json"))
  );
};

describe("a removed account that is added again has its pins at once", () => {
  const ways: [string, string, () => Promise<unknown>][] = [
    ["import of a login", BOB_ACCOUNT, () => user.add(BOB)],
    ["import of a key", KEY_ACCOUNT, () => user.add(KEY)],
    ["login", KEY_ACCOUNT, () => user.auth(["login", "--with-api-key"], { stdin: KEY.key })],
    [
      "codex login, and the sync of a shell",
      BOB_ACCOUNT,
      async () => {
        rmSync(join(user.base, "auth.json"));
        writeFileSync(join(user.base, "auth.json"), auth(BOB));
        await user.auth(["sync", "--quiet"]);
      },
    ],
    [
      "codex login with a key, and exec elsewhere",
      KEY_ACCOUNT,
      async () => {
        rmSync(join(user.base, "auth.json"));
        writeFileSync(join(user.base, "auth.json"), keyAuth());
        await user.auth(["sync"]);
      },
    ],
    [
      "import --purge of what lies there",
      BOB_ACCOUNT,
      async () => {
        user.write(".codex/accounts/bob.auth.json", auth(BOB));
        await user.auth(["import", "--purge"]);
      },
    ],
  ];
  test.each(ways)("%s", async (_, key, add) => {
    await user.auth(["pin", key, work]);
    await user.auth(["remove", key, "--yes"]);
    expect(await here()).toEqual({ key: null, source: "pin" });
    const token = readFileSync(ours("generation"), "utf8");
    await add();
    expect(isReady(key)).toBe(true);
    expect(await here()).toEqual({ key, source: "pin" });
    expect(readFileSync(ours("generation"), "utf8")).not.toBe(token);
  });
});

describe("a home that is gone is made again", () => {
  beforeEach(() => user.auth(["pin", "bob@example.com", work]));

  test.each<[string, string[][]]>([
    ["homes", [["homes", homeIdOf(BOB_ACCOUNT)]]],
    ["all homes and env files", [["homes"], ["env"]]],
  ])("%s: sync", async (_, paths) => {
    for (const path of paths) rmSync(ours(...path), { recursive: true });
    await user.auth(["sync"]);
    expect(isReady(BOB_ACCOUNT)).toBe(true);
    expect(await here()).toEqual({ key: BOB_ACCOUNT, source: "pin" });
  });

  test("by the sync that a shell runs", async () => {
    rmSync(ours("homes", homeIdOf(BOB_ACCOUNT)), { recursive: true });
    await user.auth(["sync", "--quiet"]);
    expect(isReady(BOB_ACCOUNT)).toBe(true);
  });

  test("not that of an account without a login, and not where something is in its place", async () => {
    await user.auth(["remove", "bob@example.com", "--yes"]);
    rmSync(ours("homes", homeIdOf(BOB_ACCOUNT)), { recursive: true, force: true });
    writeFileSync(ours("homes", homeIdOf(BOB_ACCOUNT)), "");
    await user.add(BOB);
    expect(readFileSync(ours("homes", homeIdOf(BOB_ACCOUNT)), "utf8")).toBe("");
    expect(await here()).toEqual({ key: null, source: "pin" });
  });
});

test("an account that no pin waits for gets no home by being added", async () => {
  await user.auth(["pin", "billing", work]);
  await user.auth(["remove", "bob@example.com", "--yes"]);
  await user.add(BOB);
  expect(existsSync(ours("homes", homeIdOf(BOB_ACCOUNT)))).toBe(false);
});
