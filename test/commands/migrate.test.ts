import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { ALICE, auth, BOB, storeOf } from "./credentials.ts";
import { treeOf } from "../tree.ts";
import { User } from "./user.ts";

const snapshotOf = (email: string) => `${Buffer.from(email).toString("base64url")}.auth.json`;
const ALICE_KEY = "user-alice::acct-alice";
const BOB_KEY = "user-bob::acct-bob";

let user: User;
let store: ReturnType<typeof storeOf>;
let logins: Record<string, string>;
beforeEach(() => {
  user = new User();
  store = storeOf(user);
  logins = { [ALICE.email]: auth(ALICE), [BOB.email]: auth({ ...BOB, lastRefresh: "2026-01-01T00:00:00Z" }) };
  mkdirSync(store.accounts, { recursive: true });
  const accounts = [ALICE, BOB].map(({ email }) => ({
    email,
    alias: "",
    plan: "plus",
    auth_mode: "chatgpt",
    created_at: 1768000000,
  }));
  writeFileSync(
    store.registryFile,
    JSON.stringify({ version: 2, active_email: ALICE.email, accounts, theme: "dark" }, null, 2),
  );
  for (const [email, text] of Object.entries(logins)) writeFileSync(join(store.accounts, snapshotOf(email)), text);
  writeFileSync(join(user.base, "auth.json"), logins[ALICE.email] ?? "");
});
afterEach(() => user[Symbol.asyncDispose]());

describe("a base home of version 2", () => {
  test("is read, and left as it is", async () => {
    const before = treeOf(user.base);
    const { accounts } = await user.json(["list", "--skip-api"]);
    expect(accounts).toMatchObject([
      { account_key: ALICE_KEY, active: true, logged_out: false },
      { account_key: BOB_KEY, active: false, logged_out: false },
    ]);
    expect(treeOf(user.base)).toEqual(before);
  });

  test("becomes version 4 with the first change: files renamed, a backup of the registry, nothing lost", async () => {
    const text = readFileSync(store.registryFile, "utf8");
    await user.auth(["switch", "bob"]);
    expect(store.registry()).toMatchObject({ schema_version: 4, active_account_key: BOB_KEY, theme: "dark" });
    expect(store.registry()).not.toHaveProperty("active_email");
    expect(store.credential(ALICE_KEY)).toBe(logins[ALICE.email] ?? "");
    expect(store.credential(BOB_KEY)).toBe(logins[BOB.email] ?? "");
    for (const email of Object.keys(logins)) expect(existsSync(join(store.accounts, snapshotOf(email)))).toBe(false);
    const backups = readdirSync(store.accounts).filter((name) => name.startsWith("registry.json.bak."));
    expect(backups.map((name) => readFileSync(join(store.accounts, name), "utf8"))).toContain(text);
    expect(readFileSync(join(user.base, "auth.json"), "utf8")).toBe(logins[BOB.email] ?? "");
  });

  test("a later credential that is there already stays", async () => {
    const late = auth({ ...BOB, lastRefresh: new Date().toISOString() });
    writeFileSync(join(store.accounts, `${fileKeyOf(BOB_KEY)}.auth.json`), late);
    await user.auth(["sync"]);
    expect(store.credential(BOB_KEY)).toBe(late);
  });
});

test("a registry of a newer version is refused by every command, and left as it is", async () => {
  writeFileSync(store.registryFile, JSON.stringify({ schema_version: 5, accounts: [] }));
  const before = treeOf(user.base);
  const file = user.write("a.json", auth(BOB));
  for (const words of [["list"], ["switch", "bob"], ["import", file], ["import", "--purge"], ["sync"], ["export"]]) {
    const { code, out, err } = await user.run(words);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("has version 5, and this codex-auth knows 2 to 4\n  try: update codex-auth");
  }
  expect(treeOf(user.base)).toEqual(before);
});
