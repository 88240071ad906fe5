import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiKeyAccountKey, fileKeyOf, hashKey, homeIdOf } from "../../src/core/accounts/account.ts";
import { fakeKey } from "../fake/accounts.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { PROGRAM } from "../shells/program.ts";
import { Terminal } from "../shells/terminal.ts";
import { ALICE, keyAuth, KEY, KEY_ACCOUNT, storeOf } from "./credentials.ts";
import { User } from "./user.ts";

/** Keys of the same owner, one for each time that they change. */
const [SECOND, THIRD] = [1, 2].map((n) => fakeKey(`acme ${n}`, { id: KEY.id, email: KEY.email })) as [FakeKey, FakeKey];
type FakeKey = typeof KEY;
const EVE = fakeKey("eve");
const accountOf = (key: FakeKey) => apiKeyAccountKey(key.id, hashKey(key.key));
const idOf = (key: FakeKey) => homeIdOf(accountOf(key));

let user: User;
beforeEach(async () => {
  user = new User({ keys: [KEY, SECOND, THIRD, EVE] });
  for (const who of [ALICE, KEY]) await user.add(who);
  await user.auth(["alias", "set", KEY_ACCOUNT, "acme"]);
  await user.auth(["switch", "acme"]);
});
afterEach(() => user[Symbol.asyncDispose]());

const ours = (...path: string[]) => join(user.base, "codex-auth", ...path);
const live = (key: FakeKey) => join(user.base, "accounts", `${fileKeyOf(accountOf(key))}.auth.json`);
const rotate = (to: FakeKey, ...words: string[]) => user.run(["rotate", "acme", ...words], { stdin: `${to.key}\n` });
const billedIn = (home: string): string => JSON.parse(readFileSync(join(home, "auth.json"), "utf8")).OPENAI_API_KEY;
const use = (key: FakeKey) => ({ env: { CODEX_AUTH_USE: idOf(key), CODEX_AUTH_SNIPPET: "zsh" } });

test("a key is replaced: alias, pins, home, use of open shells, default and previous account go over", async () => {
  const dirs = ["one", "two", "three/deep"].map((name) => user.directory(name));
  for (const dir of dirs) await user.auth(["pin", "acme", dir]);
  writeFileSync(ours("homes", idOf(KEY), ".credentials.json"), '{"figma":{"access_token":"x"}}');
  await user.auth(["switch", "alice"]);
  await user.auth(["switch", "-"]);
  const ran = await rotate(SECOND);
  expect(ran).toMatchObject({ code: 0, out: expect.stringMatching(/^acme API_KEY has the key sk-/) });
  expect(ran.err).toContain("revoke it: https://platform.openai.com/api-keys");
  expect(ran.out + ran.err).not.toContain(SECOND.key);
  const { registry, keys, credential } = storeOf(user);
  expect(keys().toSorted()).toEqual([accountOf(SECOND), "user-alice::acct-alice"].toSorted());
  expect(registry()).toMatchObject({
    active_account_key: accountOf(SECOND),
    previous_active_account_key: "user-alice::acct-alice",
  });
  expect(registry().accounts.find((one: { alias: string }) => one.alias === "acme")).toMatchObject({
    account_key: accountOf(SECOND),
    chatgpt_user_id: KEY.id,
    email: "billing@acme.example",
  });
  expect(credential(accountOf(SECOND))).toBe(keyAuth(SECOND));
  for (const home of [user.base, ours("homes", idOf(SECOND)), ours("homes", idOf(KEY))])
    expect(billedIn(home)).toBe(SECOND.key);
  for (const dir of dirs) {
    const { account, source } = await user.json(["current"], { cwd: dir });
    expect({ key: account.account_key, source }).toEqual({ key: accountOf(SECOND), source: "pin" });
  }
  expect(readlinkSync(ours("homes", idOf(KEY)))).toBe(idOf(SECOND));
  expect(readFileSync(ours("env", idOf(KEY)), "utf8")).toBe(readFileSync(ours("env", idOf(SECOND)), "utf8"));
  expect(readFileSync(ours("homes", idOf(SECOND), ".credentials.json"), "utf8")).toContain("figma");
  // the old key is in the backup alone
  expect(existsSync(live(KEY))).toBe(false);
  expect(readFileSync(ours("backup", `${fileKeyOf(KEY_ACCOUNT)}.auth.json`), "utf8")).toContain(KEY.key);
  // a shell that uses the old id
  for (const words of [["current"], ["env"]]) {
    const document = await user.json(words, use(KEY));
    expect(document.set?.CODEX_HOME ?? document.codex_home).toBe(ours("homes", idOf(SECOND)));
  }
  const inside = await user.auth(["exec", "--", "sh", "-c", 'cat "$CODEX_HOME/auth.json"'], use(KEY));
  expect(inside).toContain(SECOND.key);
});

test("what says which account an old id means stays: clean, doctor, sync, a second rotation, purge, config share", async () => {
  await user.auth(["pin", "acme", user.directory("one")]);
  await rotate(SECOND);
  // the older tool keeps copies of what was logged in
  writeFileSync(join(user.base, "accounts/auth.json.bak.20260101-000000"), keyAuth());
  for (const words of [["clean"], ["sync"], ["doctor"], ["import", "--purge"], ["config", "share", "none"]]) {
    await user.run(words);
    expect({ words, keys: storeOf(user).keys().toSorted() }).toEqual({
      words,
      keys: [accountOf(SECOND), "user-alice::acct-alice"].toSorted(),
    });
    expect((await user.json(["current"], use(KEY))).account.account_key).toBe(accountOf(SECOND));
  }
  expect((await rotate(THIRD)).code).toBe(0);
  for (const id of [KEY, SECOND, THIRD]) {
    expect((await user.json(["current"], use(id))).account.account_key).toBe(accountOf(THIRD));
    expect(billedIn(ours("homes", idOf(id)))).toBe(THIRD.key);
    expect(existsSync(ours("env", idOf(id)))).toBe(true);
  }
  const { findings } = JSON.parse((await user.run(["doctor", "--json"])).out);
  expect(findings.filter(({ id }: { id: string }) => ["home", "account", "pin", "rotation"].includes(id))).toEqual(
    ["account", "home", "pin"].map((id) => expect.objectContaining({ id, level: "ok" })),
  );
});

test("back to the key before: the ids of both lead to it", async () => {
  await user.auth(["pin", "acme", user.directory("one")]);
  await rotate(SECOND);
  expect((await rotate(KEY)).code).toBe(0);
  expect(storeOf(user).keys()).not.toContain(accountOf(SECOND));
  for (const id of [KEY, SECOND]) {
    expect((await user.json(["current"], use(id))).account.account_key).toBe(KEY_ACCOUNT);
    expect(billedIn(ours("homes", idOf(id)))).toBe(KEY.key);
  }
});

test("an old key that is added again by hand is an account of its own, with a home of its own", async () => {
  await user.auth(["pin", "acme", user.directory("one")]);
  await rotate(SECOND);
  await user.add(KEY);
  const two = user.directory("two");
  await user.auth(["pin", KEY_ACCOUNT, two]);
  const home = (await user.json(["current"], { cwd: two })).codex_home;
  expect({ home, key: billedIn(home) }).toEqual({ home: ours("homes", idOf(KEY)), key: KEY.key });
  expect(billedIn(ours("homes", idOf(SECOND)))).toBe(SECOND.key);
  expect((await user.json(["current"], { cwd: join(user.home, "one") })).account.account_key).toBe(accountOf(SECOND));
});

test("removed, and added again: the ids of before still lead to it", async () => {
  await user.auth(["pin", "acme", user.directory("one")]);
  await rotate(SECOND);
  await user.auth(["remove", "acme", "--yes"]);
  expect((await user.run(["exec", "--", "true"], use(KEY))).code).toBe(1);
  await user.add(SECOND);
  await user.auth(["use", accountOf(SECOND)], use(SECOND));
  expect((await user.json(["current"], use(KEY))).account.account_key).toBe(accountOf(SECOND));
});

test("a key that has no home yet", async () => {
  expect((await rotate(SECOND)).code).toBe(0);
  expect(billedIn(user.base)).toBe(SECOND.key);
  expect((await user.json(["current"])).account.account_key).toBe(accountOf(SECOND));
  writeFileSync(join(user.base, "accounts/auth.json.bak.20260101-000000"), keyAuth());
  await user.auth(["import", "--purge"]);
  expect(storeOf(user).keys()).not.toContain(KEY_ACCOUNT);
});

describe("refused, and nothing has changed", () => {
  interface Row {
    what: string;
    words?: string[];
    key?: string;
    before?: () => void | Promise<void>;
    err: string;
    code?: number;
  }
  const rows: Row[] = [
    { what: "another owner", key: EVE.key, err: "the new key belongs to eve@example.com, the old one to billing@acme" },
    { what: "a key that OpenAI refuses", key: "sk-nobodys", err: "InvalidApiKey" },
    { what: "no key", key: "", err: "that is no API key" },
    {
      what: "a restricted key",
      before: () => user.fake.behave("me", { status: 403, body: {} }),
      err: "if the key is a restricted one: --force",
    },
    {
      what: "nobody can be asked",
      before: () => user.fake.behave("me", { status: 500, body: {} }),
      words: ["acme", "--force"],
      err: "again when it can be reached",
    },
    { what: "a ChatGPT login", words: ["alice"], err: "only a part of a name" },
    { what: "a ChatGPT login by its whole name", words: [ALICE.email], err: "is no API key" },
    { what: "a part of a name", words: ["acm"], err: '"acm" is only a part of a name' },
    { what: "a key that is an account already", before: () => user.add(SECOND), err: "this key is an account already" },
    {
      what: "a base home that a link of the user's logs in",
      before() {
        rmSync(join(user.base, "auth.json"));
        writeFileSync(join(user.home, "dot.json"), keyAuth());
        mkdirSync(join(user.home, "dots"), { recursive: true });
        Bun.spawnSync(["ln", "-s", join(user.home, "dot.json"), join(user.base, "auth.json")]);
      },
      err: "the old key would stay in use",
    },
  ];
  test.each(rows)("$what", async ({ words = ["acme"], key = SECOND.key, before, err, code = 1 }) => {
    await before?.();
    const text = readFileSync(storeOf(user).registryFile, "utf8");
    const ran = await user.run(["rotate", ...words], { stdin: key });
    expect({ code: ran.code, out: ran.out }).toEqual({ code, out: "" });
    expect(ran.err).toContain(err);
    expect(JSON.parse(readFileSync(storeOf(user).registryFile, "utf8")).accounts).toEqual(JSON.parse(text).accounts);
    expect(existsSync(ours("rotating.json"))).toBe(false);
  });
});

test("--force: a key of another owner, and one whose owner OpenAI does not tell", async () => {
  expect((await rotate(EVE, "--force")).code).toBe(0);
  expect(storeOf(user).keys()).toContain(accountOf(EVE));
  user.fake.behave("me", { status: 404, body: {} });
  expect((await rotate(THIRD, "--force")).code).toBe(0);
  expect(storeOf(user).keys()).toContain(`apikey::unverified::${hashKey(THIRD.key)}`);
});

test("the same again is no error", async () => {
  await rotate(SECOND);
  expect(await rotate(SECOND)).toMatchObject({ code: 0, out: expect.stringContaining("acme API_KEY has the key") });
  expect(readdirSync(ours()).filter((name) => name.startsWith("rotating"))).toEqual([]);
});

test("login --with-api-key with an alias that another key has points to rotate, and adds nothing", async () => {
  const ran = await user.run(["login", "--with-api-key", "--alias", "Acme"], { stdin: SECOND.key });
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining("codex-auth rotate 'acme'") });
  expect(storeOf(user).keys()).not.toContain(accountOf(SECOND));
});

test("on a terminal a part of a name is asked about, and the key is typed without being shown", async () => {
  const env = { HOME: user.home, PATH: "/usr/bin:/bin", TERM: "xterm-256color", ...fakeEnvironment(user.fake) };
  await using terminal = new Terminal([...PROGRAM, "rotate", "acm"], { cwd: user.home, env });
  await terminal.waitFor('which "acm"?', 30);
  terminal.send("enter");
  await terminal.waitFor("new API key for acme API_KEY (not shown):", 30);
  terminal.write(SECOND.key);
  terminal.send("enter");
  await terminal.waitFor(/acme API_KEY has the key sk-/, 30);
  expect(await terminal.exited).toBe(0);
  expect(terminal.raw).not.toContain(SECOND.key);
  expect(storeOf(user).keys()).toContain(accountOf(SECOND));
});
