import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { ALICE, auth, KEY, KEY_ACCOUNT } from "./credentials.ts";
import { User } from "./user.ts";

let user: User;
let work: string;
beforeEach(async () => {
  user = new User({ keys: [KEY] });
  await user.add(ALICE);
  await user.add(KEY);
  work = user.directory("work");
});
afterEach(() => user[Symbol.asyncDispose]());

const ALICE_KEY = "user-alice::acct-alice";
const credentialOf = (key: string) => join(user.base, "accounts", `${fileKeyOf(key)}.auth.json`);

const FORMS: [what: string, damage: (path: string) => void][] = [
  ["gone", (path) => rmSync(path)],
  ["empty", (path) => writeFileSync(path, "")],
  ["{}", (path) => writeFileSync(path, "{}")],
  ["cut off", (path) => writeFileSync(path, auth(ALICE).slice(0, 80))],
  ["of another kind", (path) => writeFileSync(path, JSON.stringify({ agent_identity: "x" }))],
];
const VERBS = [
  ["switch", "alice@example.com"],
  ["pin", "alice@example.com"],
  ["use", "alice@example.com"],
  ["exec", "--account", "alice@example.com", "--", "true"],
  ["env", "alice@example.com"],
];

describe.each(FORMS)("a ChatGPT login whose file is %s", (what, damage) => {
  test("is not used: each verb says so, with the backup and its date; nothing changes", async () => {
    damage(credentialOf(ALICE_KEY));
    const before = what === "gone" ? undefined : readFileSync(credentialOf(ALICE_KEY), "utf8");
    for (const words of VERBS) {
      const { code, err } = await user.run(words, { cwd: work, env: { CODEX_AUTH_SNIPPET: "zsh" } });
      expect({ words, code }).toEqual({ words, code: 1 });
      expect(err).toContain(
        what === "gone" ? "alice@example.com is logged out" : "the login of alice@example.com is damaged",
      );
      expect(err).toMatch(/try: codex-auth login, .*codex-auth import .*backup.* \(of \d{4}-\d\d-\d\d\)/);
    }
    expect(what === "gone" ? undefined : readFileSync(credentialOf(ALICE_KEY), "utf8")).toEqual(before);
    expect((await user.json(["pins"])).pins).toEqual([]);
  }, 120_000);
});

describe.each(FORMS)("an API key whose file is %s", (what, damage) => {
  test("comes back from its backup by itself, and is told once", async () => {
    const path = credentialOf(KEY_ACCOUNT);
    const good = readFileSync(path, "utf8");
    damage(path);
    const broken = what === "gone" ? "" : readFileSync(path, "utf8");
    const { code, err } = await user.run(["pin", "billing@acme.example"], { cwd: work });
    expect(code).toBe(0);
    expect(err).toContain("the key of billing@acme.example API_KEY was gone or damaged, and came back from its backup");
    expect(readFileSync(path, "utf8")).toBe(good);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const kept = join(user.base, "codex-auth/kept");
    const texts = what === "cut off" || what === "of another kind" ? [broken] : [];
    expect((texts.length ? readdirSync(kept) : []).map((name) => readFileSync(join(kept, name), "utf8"))).toEqual(
      texts,
    );
    expect((await user.run(["sync"])).err).not.toContain("came back");
  }, 120_000);
});

test("a default login that is damaged has ` !` behind its label", async () => {
  await user.auth(["switch", "alice@example.com"]);
  writeFileSync(credentialOf(ALICE_KEY), '{"what": "is this"}');
  await user.run(["sync"]);
  expect(readFileSync(join(user.base, "codex-auth/env/@default"), "utf8")).toContain(
    "CODEX_AUTH_LABEL=alice@example.com !\n",
  );
});
