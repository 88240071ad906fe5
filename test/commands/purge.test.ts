import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { inOrder } from "../../src/core/base/backups.ts";
import { ALICE, auth, BOB, KEY, KEY_ACCOUNT, storeOf } from "./credentials.ts";
import { treeOf } from "../tree.ts";
import { User } from "./user.ts";

let user: User;
let store: ReturnType<typeof storeOf>;
beforeEach(() => {
  user = new User({ keys: [KEY] });
  store = storeOf(user);
});
afterEach(() => user[Symbol.asyncDispose]());

describe("--purge", () => {
  const OFFLINE = { env: { CODEX_AUTH_OPENAI_URL: "http://127.0.0.1:1/v1" } };
  const facts = () =>
    store
      .registry()
      .accounts.map(({ account_key, email, alias, auth_mode }: Record<string, string>) => [
        account_key,
        email,
        alias,
        auth_mode,
      ]);
  const all = [
    ["user-alice::acct-alice", "alice@example.com", "work", "chatgpt"],
    [KEY_ACCOUNT, "billing@acme.example", "", "apikey"],
    ["user-bob::acct-bob", "bob@example.com", "", "chatgpt"],
  ];

  beforeEach(async () => {
    await user.auth(["import", user.write("a.json", auth(ALICE)), "--alias", "work"]);
    await user.add(BOB);
    await user.add(KEY);
    await user.auth(["switch", "bob"]);
    user.fake.forget();
  });

  test("the registry as it is: the same accounts, the same default, no network", async () => {
    const document = { ...store.registry(), interval_seconds: 77, codex_daemon_restart: true };
    writeFileSync(store.registryFile, JSON.stringify(document, null, 2));
    const out = await user.auth(["import", "--purge"], OFFLINE);
    expect(out).toStartWith(`Scanning ${user.base}/accounts...\n`);
    expect(out).toEndWith("Import Summary: 0 imported, 3 updated, 0 skipped (total 3 files)\n");
    expect(facts()).toEqual(all);
    expect(store.registry()).toMatchObject({
      active_account_key: "user-bob::acct-bob",
      interval_seconds: 77,
      codex_daemon_restart: true,
    });
    expect(user.fake.requests).toEqual([]);
  });

  test("a registry that was deleted: its backup knows the rest, offline", async () => {
    rmSync(store.registryFile);
    await user.auth(["import", "--purge"], OFFLINE);
    expect(facts()).toEqual(all);
    expect(store.registry().active_account_key).toBe("user-bob::acct-bob");
  });

  test("the newest backup is what the registry was, to the last change", async () => {
    const last = inOrder(readdirSync(store.accounts), "registry.json.bak.").at(-1);
    expect(readFileSync(join(store.accounts, last ?? ""), "utf8")).toBe(readFileSync(store.registryFile, "utf8"));
  });

  test("a registry that was deleted and made anew by a sync: the backups know aliases, names and other fields", async () => {
    const [alice] = store.registry().accounts;
    const others = store.registry().accounts.slice(1);
    const document = { ...store.registry(), accounts: [{ ...alice, team_color: "red" }, ...others], other: 7 };
    writeFileSync(store.registryFile, JSON.stringify(document, null, 2));
    await user.auth(["alias", "set", "bob", "play"]);
    rmSync(store.registryFile);
    await Bun.sleep(1100);
    await user.auth(["sync"]);
    expect(store.keys()).toEqual(["user-bob::acct-bob"]);
    await user.auth(["import", "--purge"], OFFLINE);
    const aliases = store.registry().accounts.map(({ alias }: { alias: string }) => alias);
    expect(aliases.toSorted()).toEqual(["", "play", "work"]);
    expect(store.registry()).toMatchObject({ other: 7 });
    expect(store.registry().accounts).toContainEqual(expect.objectContaining({ alias: "work", team_color: "red" }));
  });

  test("what was cleared or removed does not come back", async () => {
    await user.auth(["alias", "clear", "work"]);
    await user.auth(["remove", "bob@example.com"]);
    await user.auth(["import", "--purge"], OFFLINE);
    expect(facts().map(([key, , alias]: string[]) => [key, alias])).toEqual([
      ["user-alice::acct-alice", ""],
      [KEY_ACCOUNT, ""],
    ]);
  });

  test("a registry that was deleted with its backups: OpenAI is asked, or else the files' names tell whose a key is", async () => {
    const files = readdirSync(store.accounts).filter((name) => name.startsWith("registry.json"));
    for (const name of files) rmSync(join(store.accounts, name));
    await user.auth(["import", "--purge"], OFFLINE);
    expect(facts()).toEqual([
      [KEY_ACCOUNT, "", "", "apikey"],
      ["user-alice::acct-alice", "alice@example.com", "", "chatgpt"],
      ["user-bob::acct-bob", "bob@example.com", "", "chatgpt"],
    ]);
    for (const name of readdirSync(store.accounts).filter((name) => name.startsWith("registry.json"))) {
      rmSync(join(store.accounts, name));
    }
    await user.auth(["import", "--purge"]);
    expect(facts()).toContainEqual([KEY_ACCOUNT, "billing@acme.example", "", "apikey"]);
    expect(store.registry().active_account_key).toBe("user-bob::acct-bob");
  });

  test("a damaged registry is kept beside it", async () => {
    writeFileSync(store.registryFile, '{"schema_version": 4, "accounts": [');
    expect((await user.run(["list"])).err).toContain("import --purge");
    await user.auth(["import", "--purge"], OFFLINE);
    expect(facts()).toEqual(all);
    const kept = readdirSync(store.accounts).filter((name) => name.startsWith("registry.json.bak."));
    expect(kept.map((name) => readFileSync(join(store.accounts, name), "utf8"))).toContain(
      '{"schema_version": 4, "accounts": [',
    );
  });

  test("a newer registry is left alone", async () => {
    writeFileSync(store.registryFile, '{"schema_version": 5, "accounts": []}');
    const before = treeOf(user.base);
    const { code, err } = await user.run(["import", "--purge"]);
    expect(code).toBe(1);
    expect(err).toContain("version 5");
    expect(treeOf(user.base)).toEqual(before);
  });

  test.each([
    ["by its field", { account_key: "apikey::other::x", provider: "openrouter", auth_mode: "apikey" }],
    ["by its mode", { account_key: "other::x", auth_mode: "provider" }],
  ])("an account without a credential goes; another provider's stays, told %s", async (_, own) => {
    const foreign = { ...store.registry().accounts[0], ...own };
    writeFileSync(
      store.registryFile,
      JSON.stringify({ ...store.registry(), accounts: [...store.registry().accounts, foreign] }),
    );
    rmSync(join(store.accounts, `${fileKeyOf("user-alice::acct-alice")}.auth.json`));
    const { err } = await user.run(["import", "--purge"]);
    expect(err).toEndWith("\n  dropped   work (alice@example.com) #3: no credential was found\n");
    expect(store.keys().toSorted()).toEqual([KEY_ACCOUNT, own.account_key, "user-bob::acct-bob"].toSorted());
  });

  test("the older tool's copies count too, the later one of an account is taken", async () => {
    const late = auth({ ...ALICE, lastRefresh: "2036-01-01T00:00:00Z" });
    user.write(
      ".codex/accounts/auth.json.bak.20260101-000000",
      auth({ ...ALICE, lastRefresh: "2025-01-01T00:00:00Z" }),
    );
    user.write(".codex/accounts/auth.json.bak.20260101-000001", late);
    user.write(".codex/accounts/auth.json.bak.20260101-000002", auth({ email: "carl@example.com" }));
    const { err } = await user.run(["import", "--purge"]);
    expect(err).toContain(
      "  skipped   auth.json.bak.20260101-000000: SupersededByNewerSnapshot: a later login of the account is there too\n",
    );
    expect(store.credential("user-alice::acct-alice")).toBe(late);
    expect(store.keys()).toContain("user-carl::acct-carl");
  });

  test("from a folder: its accounts, and whom the base home is logged in as", async () => {
    user.write("in/c.json", auth({ email: "carl@example.com" }));
    const out = await user.auth(["import", "--purge", join(user.home, "in")]);
    expect(out).toContain("  imported  c.json\n");
    expect(store.keys()).toEqual(["user-bob::acct-bob", "user-carl::acct-carl"]);
  });

  test("from a file that is none: exit 1, nothing has changed", async () => {
    const before = treeOf(user.base);
    const { code, err } = await user.run(["import", "--purge", user.write("c.json", "{")]);
    expect({ code, err }).toEqual({
      code: 1,
      err: "  skipped   c.json: MalformedJson: no login or API key can be read from it\n",
    });
    expect(treeOf(user.base)).toEqual(before);
  });
});
