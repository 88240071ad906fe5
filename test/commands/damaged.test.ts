import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { ALICE, auth, KEY, KEY_ACCOUNT } from "./credentials.ts";
import { contentsOf } from "../tree.ts";
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
  ["no text", (path) => writeFileSync(path, Uint8Array.of(0xff, 0xfe, 0))],
  ["of another kind", (path) => writeFileSync(path, JSON.stringify({ agent_identity: "x" }))],
];

/** What each verb says of an account that cannot log in, and how it ends: what would use it, and what only tells. */
const USING = [
  ["switch", "SELECTOR"],
  ["pin", "SELECTOR"],
  ["use", "SELECTOR"],
  ["exec", "--account", "SELECTOR", "--", "true"],
  ["env", "SELECTOR"],
  ["shim", "install", ".", "--account", "SELECTOR", "--as", "codex-x"],
];
const TELLING: [words: string[], code: number, says: { gone: string; damaged: string }][] = [
  [["list", "--skip-api"], 0, { gone: "SELECTOR logged out", damaged: "SELECTOR damaged" }],
  [["doctor"], 1, { gone: "SELECTOR is logged out", damaged: "the login of SELECTOR is damaged" }],
  [["check", "SELECTOR"], 1, { gone: "SELECTOR  logged out", damaged: "SELECTOR  logged out" }],
  [["sync"], 0, { gone: "1 logged out", damaged: "1 damaged" }],
  [["export", "SELECTOR", "--to", "out"], 1, { gone: "SELECTOR: MissingAuth", damaged: "SELECTOR: MissingAuth" }],
];

const REMEDY = /try: codex-auth login.*codex-auth import .*backup.* \(of \d{4}-\d\d-\d\d\)/;
const typed = (words: readonly string[], selector: string) =>
  words.map((word) => (word === "SELECTOR" ? selector : word));

/** What is on disk but for what was said, and what a command that fails may have looked at. */
function onDisk(): Record<string, string> {
  const entries = Object.entries(contentsOf(user.home));
  return Object.fromEntries(entries.filter(([path]) => !/^work|codex-auth\/(said|synced|log)$/.test(path)));
}

describe.each(FORMS)("a ChatGPT login whose file is %s", (what, damage) => {
  const SELECTOR = "alice@example.com";

  test("is not used: each verb says so, with the backup and its date; nothing changes", async () => {
    damage(credentialOf(ALICE_KEY));
    const before = onDisk();
    for (const verb of USING) {
      const words = typed(verb, SELECTOR);
      const { code, err } = await user.run(words, { cwd: work, env: { CODEX_AUTH_SNIPPET: "zsh" } });
      expect({ words, code }).toEqual({ words, code: 1 });
      const why = what === "gone" ? "alice@example.com is logged out" : "the login of alice@example.com is damaged";
      expect(err).toContain(why);
      expect(err).toMatch(REMEDY);
      expect({ words, left: onDisk() }).toEqual({ words, left: before });
    }
    expect((await user.json(["pins"])).pins).toEqual([]);
  }, 120_000);

  test("is told by what looks at it; nothing changes", async () => {
    damage(credentialOf(ALICE_KEY));
    const before = onDisk();
    for (const [verb, wanted, says] of TELLING) {
      const words = typed(verb, SELECTOR);
      const { code, out, err } = await user.run(words, { cwd: work });
      expect({ words, code }).toEqual({ words, code: wanted });
      expect(out + err).toContain(says[what === "gone" ? "gone" : "damaged"].replace("SELECTOR", SELECTOR));
      expect({ words, left: onDisk() }).toEqual({ words, left: before });
    }
    const { accounts } = await user.json(["list", "--skip-api"]);
    expect(accounts.map((one: { logged_out: boolean }) => one.logged_out)).toEqual([true, false]);
  }, 120_000);
});

describe.each(FORMS)("an API key whose file is %s", (what, damage) => {
  const SELECTOR = "billing@acme.example";

  test("comes back from its backup by itself whatever uses it, and is told once", async () => {
    const path = credentialOf(KEY_ACCOUNT);
    const good = readFileSync(path, "utf8");
    for (const verb of [...USING, ["check", "SELECTOR"], ["export", "SELECTOR", "--to", "out"], ["sync"]]) {
      const words = typed(verb, SELECTOR);
      damage(path);
      const broken = what === "gone" ? "" : readFileSync(path, "utf8");
      const { code, err } = await user.run(words, { cwd: work, env: { CODEX_AUTH_SNIPPET: "zsh" } });
      expect({ words, code }).toEqual({ words, code: 0 });
      expect(err).toContain(
        "the key of billing@acme.example API_KEY was gone or damaged, and came back from its backup",
      );
      expect({ words, text: readFileSync(path, "utf8") }).toEqual({ words, text: good });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const kept = join(user.base, "codex-auth/kept");
      const texts = existsSync(kept) ? readdirSync(kept).map((name) => readFileSync(join(kept, name), "utf8")) : [];
      expect(new Set(texts)).toEqual(new Set(["cut off", "of another kind", "no text"].includes(what) ? [broken] : []));
      expect((await user.run(["sync"])).err).not.toContain("came back");
    }
  }, 120_000);

  test("is no fault of a login that only looks", async () => {
    damage(credentialOf(KEY_ACCOUNT));
    const { code, out } = await user.run(["doctor"]);
    expect({ code, told: out.includes("the key of billing@acme.example API_KEY is gone or damaged") }).toEqual({
      code: 0,
      told: true,
    });
  });
});

test("a default login that is damaged has ` !` behind its label", async () => {
  await user.auth(["switch", "alice@example.com"]);
  writeFileSync(credentialOf(ALICE_KEY), '{"what": "is this"}');
  await user.run(["sync"]);
  expect(readFileSync(join(user.base, "codex-auth/env/@default"), "utf8")).toContain(
    "CODEX_AUTH_LABEL=alice@example.com !\n",
  );
});
