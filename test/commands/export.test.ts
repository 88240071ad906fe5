import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { fakeKey } from "../fake/accounts.ts";
import { ALICE, auth, BOB, KEY, KEY_ACCOUNT, keyAuth, storeOf } from "./credentials.ts";
import { contentsOf } from "../tree.ts";
import { User } from "./user.ts";

const ALICE_KEY = "user-alice::acct-alice";
const fileOf = (key: string) => `${fileKeyOf(key)}.auth.json`;

let user: User;
let store: ReturnType<typeof storeOf>;
let target: string;
beforeEach(async () => {
  user = new User({ keys: [KEY] });
  store = storeOf(user);
  target = join(user.home, "out");
  await user.auth(["import", user.write("a.json", auth(ALICE)), "--alias", "work"]);
  await user.add(BOB);
  await user.add(KEY);
});
afterEach(() => user[Symbol.asyncDispose]());

/** The names of the credentials in a directory; the manifest is none. */
const credentialsIn = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .toSorted();

describe("export", () => {
  test("every credential as it is, 0600 in a 0700 directory", async () => {
    const out = await user.auth(["export", "out"], { cwd: user.home });
    expect(out).toBe(
      [
        `  exported  work: ${fileOf(ALICE_KEY)}`,
        `  exported  bob@example.com: ${fileOf("user-bob::acct-bob")}`,
        `  exported  billing@acme.example API_KEY: ${fileOf(KEY_ACCOUNT)}`,
        `Export Summary: 3 exported, 0 skipped (to ${target})`,
        "",
      ].join("\n"),
    );
    expect(statSync(target).mode & 0o777).toBe(0o700);
    for (const key of store.keys()) {
      expect(readFileSync(join(target, fileOf(key)), "utf8")).toBe(store.credential(key));
      expect(statSync(join(target, fileOf(key))).mode & 0o777).toBe(0o600);
    }
  });

  test("to accounts/backup by default; nothing else takes notice of it", async () => {
    await user.auth(["export"]);
    expect(credentialsIn(join(store.accounts, "backup"))).toHaveLength(3);
    await user.auth(["sync"]);
    await user.auth(["clean"]);
    expect(credentialsIn(join(store.accounts, "backup"))).toHaveLength(3);
    expect(store.keys()).toHaveLength(3);
  });

  test("import into an empty home gives the same accounts and credentials", async () => {
    await user.auth(["export", target]);
    const other = join(user.home, "other");
    mkdirSync(other);
    const env = { CODEX_HOME: other };
    const out = await user.auth(["import", target], { env });
    expect(out).toContain("Import Summary: 3 imported, 0 updated, 0 skipped (total 3 files)");
    const there = storeOf(Object.assign(Object.create(user), { base: other }));
    const facts = (document: { accounts: Record<string, unknown>[] }) =>
      document.accounts
        .map(({ created_at: _, ...account }) => account)
        .toSorted((a, b) => (String(a.account_key) < String(b.account_key) ? -1 : 1));
    expect(facts(there.registry())).toEqual(facts(store.registry()));
    for (const key of store.keys()) expect(there.credential(key)).toBe(store.credential(key));
  });

  test("the manifest brings aliases and pins along, into a home that has neither", async () => {
    const [work, gone] = [user.directory("work"), user.directory("gone")];
    await user.auth(["pin", "work", work]);
    await user.auth(["pin", "billing@acme.example", gone]);
    await user.auth(["export", "--to", target]);
    const manifest = readFileSync(join(target, "codex-auth.manifest"), "utf8");
    for (const key of store.keys())
      expect(manifest).not.toContain(JSON.parse(store.credential(key)).OPENAI_API_KEY ?? "refresh_token");
    rmSync(gone, { recursive: true });
    const other = join(user.home, "other");
    mkdirSync(other);
    const env = { CODEX_HOME: other };
    await user.auth(["import", target], { env });
    expect((await user.json(["pins"], { env })).pins).toMatchObject([{ path: work, account: { alias: "work" } }]);
    await user.auth(["alias", "set", "work", "mine"], { env });
    await user.auth(["import", target], { env });
    expect((await user.json(["list", "--skip-api"], { env })).accounts[0]).toMatchObject({ alias: "mine" });
  });

  test("a single word is an account that has that name, else the directory", async () => {
    expect(await user.auth(["export", "work"], { cwd: user.home })).toContain("1 exported");
    expect(credentialsIn(join(store.accounts, "backup"))).toEqual([fileOf(ALICE_KEY)]);
    user.directory("work");
    expect(await user.auth(["export", "work"], { cwd: user.home })).toContain("3 exported");
    expect(credentialsIn(join(user.home, "work"))).toHaveLength(3);
    const { code, err } = await user.run(["export", "new", "work"], { cwd: user.home });
    expect(code).toBe(1);
    expect(err).toContain('no account matches "new"');
  });

  test.each([
    [
      "a slip of a name",
      "wrok",
      '"wrok" is no account, did you mean "work"?',
      "to a new directory: codex-auth export --to wrok",
    ],
    ["a number that no account has", "7", '"7" is no account', "to a new directory: codex-auth export --to 7"],
    ["a part of a name", "alic", '"alic" is only a part of a name', "01 'work' (alice@example.com) Plus"],
  ])("a single word that is %s: no directory is made of it", async (_, word, message, hint) => {
    const { code, out, err } = await user.run(["export", word], { cwd: user.home });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toStartWith(`codex-auth: ${message}\n`);
    expect(err).toContain(hint);
    expect(existsSync(join(user.home, word))).toBe(false);
    expect(await user.auth(["export", `./${word}`], { cwd: user.home })).toContain("3 exported");
  });

  test("in a directory that is gone: a named account, and an absolute path", async () => {
    const first = `mkdir "$HOME/gone"; cd "$HOME/gone"; rmdir "$HOME/gone"`;
    expect(await user.auth(["export", "work"], { first })).toContain("1 exported");
    expect(await user.auth(["export", target], { first })).toContain("3 exported");
    const { code, err } = await user.run(["export", "out"], { first });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("the working directory cannot be told") });
  });

  test("only the accounts that are named, each once", async () => {
    expect(await user.auth(["export", "work", "billing@acme.example", "alice@example.com", "--to", target])).toContain(
      "2 exported",
    );
    expect(credentialsIn(target)).toEqual([fileOf(ALICE_KEY), fileOf(KEY_ACCOUNT)].toSorted());
  });

  test("again: the same files", async () => {
    await user.auth(["export", target]);
    const names = readdirSync(target);
    await user.auth(["import", user.write("a.json", auth({ ...ALICE, lastRefresh: "2036-01-01T00:00:00Z" }))]);
    await user.auth(["export", target]);
    expect(readdirSync(target)).toEqual(names);
    expect(readFileSync(join(target, fileOf(ALICE_KEY)), "utf8")).toContain("2036-01-01");
  });

  test.each([
    ["another account's credential", () => auth({ email: "eve@example.com" })],
    ["another key", () => keyAuth(fakeKey("eve"))],
    ["anything else", () => "my notes"],
  ])("%s is not overwritten", async (_, text) => {
    user.write(`out/${fileOf(ALICE_KEY)}`, text());
    const before = readFileSync(join(target, fileOf(ALICE_KEY)), "utf8");
    expect(await user.auth(["export", "work", "--to", target])).toContain(`-2.auth.json`);
    expect(readFileSync(join(target, fileOf(ALICE_KEY)), "utf8")).toBe(before);
    expect(credentialsIn(target)).toHaveLength(2);
    await user.auth(["export", "work", "--to", target]);
    expect(credentialsIn(target)).toHaveLength(2);
  });

  test("what a link in the directory leads to is not written", async () => {
    const secret = user.write("elsewhere.json", auth(ALICE));
    const before = readFileSync(secret, "utf8");
    mkdirSync(target);
    symlinkSync(secret, join(target, fileOf(ALICE_KEY)));
    await user.auth(["import", user.write("a.json", auth({ ...ALICE, lastRefresh: "2036-01-01T00:00:00Z" }))]);
    await user.auth(["export", "work", "--to", target]);
    expect(readFileSync(secret, "utf8")).toBe(before);
  });

  test("an account that is logged out is skipped", async () => {
    await user.auth(["switch", "work"]);
    unlinkSync(join(user.base, "auth.json"));
    const { code, out, err } = await user.run(["export", target]);
    expect(code).toBe(0);
    expect(out).toContain("2 exported, 1 skipped");
    expect(err).toContain("  skipped   work: MissingAuth\n");
    expect((await user.run(["export", "work", "--to", target])).code).toBe(1);
    expect((await user.run(["export", "work", "bob@example.com", "--to", target])).code).toBe(1);
    expect((await user.run(["export", "bob@example.com", "--to", target])).code).toBe(0);
  });

  test("--json", async () => {
    expect(await user.json(["export", "work", "--to", target])).toMatchObject({
      schema_version: 1,
      command: "export",
      directory: target,
      exported: [
        { account: { account_key: ALICE_KEY, alias: "work", number: 1 }, file: fileOf(ALICE_KEY), reason: null },
      ],
    });
  });
});

describe("export --cpa", () => {
  test("ChatGPT logins as CLIProxyAPI keeps them; import --cpa takes them again", async () => {
    const { out, err } = await user.run(["export", "--cpa", target]);
    expect(out).toContain("  exported  work: codex-alice@example.com-plus.json\n");
    expect(out).toContain("2 exported, 1 skipped");
    expect(err).toContain("  skipped   billing@acme.example API_KEY: NoChatgptLogin\n");
    const file = JSON.parse(readFileSync(join(target, "codex-bob@example.com-pro.json"), "utf8"));
    const { tokens, last_refresh } = JSON.parse(store.credential("user-bob::acct-bob"));
    expect(file).toMatchObject({ ...tokens, last_refresh, email: "bob@example.com", type: "codex" });
    const other = join(user.home, "other");
    mkdirSync(other);
    await user.auth(["import", "--cpa", target], { env: { CODEX_HOME: other } });
    const there = JSON.parse(readFileSync(join(other, "accounts", fileOf("user-bob::acct-bob")), "utf8"));
    expect(there).toEqual(JSON.parse(store.credential("user-bob::acct-bob")));
  });

  test("two accounts of one e-mail and plan get two files, the same ones again", async () => {
    await user.add({ ...ALICE, name: "second", accountId: "acct-second" });
    for (const _ of ["first", "again"]) await user.auth(["export", "--cpa", "--to", target, "01", "02"]);
    expect(readdirSync(target).toSorted()).toEqual([
      "codex-alice@example.com-plus-2.json",
      "codex-alice@example.com-plus.json",
    ]);
  });

  test("an e-mail of any text makes a name in the directory", async () => {
    await user.add({ email: "../../evil/\u0007x@example.com", userId: "user-evil", accountId: "acct-evil" });
    await user.auth(["export", "--cpa", "--to", target, "../../evil/x@example.com"]);
    expect(readdirSync(target)).toEqual(["codex-.._.._evil_x@example.com-plus.json"]);
  });
});

describe("what cannot be exported: nothing is made", () => {
  test.each([
    ["no such account", ["out", "zzz"], 1, 'no account matches "zzz"'],
    ["an account named by several", ["out", "example"], 1, "matches"],
    ["where the live credentials are", [".codex/accounts"], 2, "is where the live credentials are"],
    ["among what waits for its owner", ["--to", ".codex/codex-auth/pending"], 2, "belongs to codex-auth"],
    ["among the homes", ["--to", ".codex/codex-auth/homes"], 2, "belongs to codex-auth"],
    ["into our own", ["--to", ".codex/accounts/../codex-auth"], 2, "belongs to codex-auth"],
  ])("%s", async (_, words, exit, message) => {
    await user.auth(["sync"]);
    const before = contentsOf(user.base);
    const { code, out, err } = await user.run(["export", ...words], { cwd: user.home });
    expect({ code, out }).toEqual({ code: exit, out: "" });
    expect(err).toContain(message);
    expect(contentsOf(user.base)).toEqual(before);
    expect(existsSync(target)).toBe(false);
  });

  test("no accounts", async () => {
    const other = user.directory("other");
    const { code, err } = await user.run(["export", target], { env: { CODEX_HOME: other } });
    expect(code).toBe(1);
    expect(err).toContain("there are no accounts");
  });
});
