import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { hashKey, homeIdOf, maskedLabel } from "../../src/core/accounts/account.ts";
import { KEY, KEY_ACCOUNT, keyAuth, storeOf } from "./credentials.ts";
import { User } from "./user.ts";

const HASH = hashKey(KEY.key);
const UNVERIFIED = `apikey::unverified::${HASH}`;
const LABEL = maskedLabel(HASH);

let user: User;
beforeEach(() => {
  user = new User({ keys: [KEY], behave: { me: { status: 403, body: {} } } });
});
afterEach(() => user[Symbol.asyncDispose]());

/** Makes OpenAI tell whose the key is. */
const tell = () => user.fake.behave("me", null);
const addBy = {
  login: () => user.run(["login", "--with-api-key", "--unverified"], { stdin: KEY.key }),
  import: () => user.run(["import", "--unverified", user.write("key.json", keyAuth())]),
};

test.each([403, 404])(
  "OpenAI answers %p: said so, with the number and what takes the key all the same",
  async (status) => {
    user.fake.behave("me", { status, body: {} });
    const byLogin = await user.run(["login", "--with-api-key"], { stdin: KEY.key });
    expect(byLogin).toMatchObject({ code: 1, out: "" });
    for (const text of [`OpenAI answered ${status}`, "--unverified"]) expect(byLogin.err).toContain(text);
    const byImport = await user.run(["import", user.write("key.json", keyAuth())]);
    expect({ code: byImport.code, err: byImport.err }).toMatchObject({
      code: 1,
      err: expect.stringContaining(`IdentityUnavailable: OpenAI answered ${status}`),
    });
    expect(byImport.err).toContain("--unverified");
  },
);

test("what OpenAI refuses, or cannot be asked about, is not taken", async () => {
  for (const status of [401, 500]) {
    user.fake.behave("me", { status, body: {} });
    for (const add of Object.values(addBy)) expect((await add()).code).toBe(1);
  }
});

describe.each(Object.entries(addBy))("added by %s", (_name, add) => {
  beforeEach(async () => {
    expect((await add()).code).toBe(0);
    expect(storeOf(user).keys()).toEqual([UNVERIFIED]);
    await user.auth(["switch", LABEL]);
    await user.auth(["pin", LABEL, user.directory("work")]);
    await user.auth(["alias", "set", LABEL, "ci"]);
  });
  const activeIn = async (name: string, env = {}) =>
    (await user.json(["current"], { cwd: user.directory(name), env })).account;

  test("it is usable everywhere", async () => {
    expect(await activeIn("work")).toMatchObject({ account_key: UNVERIFIED, label: "ci API_KEY", email: "" });
    expect(
      await user.auth(["exec", "--", "sh", "-c", 'cat "$CODEX_HOME/auth.json"'], { cwd: user.directory("work") }),
    ).toContain(KEY.key);
    expect(await user.auth(["list", "--skip-api"])).toContain("API_KEY");
    expect((await user.run(["check"])).out).toMatch(/limited +restricted: OpenAI answered 403/);
    expect((await user.run(["check"])).code).toBe(0);
    expect((await user.run(["import", "--purge"])).code).toBe(0);
    expect(storeOf(user).keys()).toEqual([UNVERIFIED]);
    for (const again of Object.values(addBy)) expect((await again()).code).toBe(0);
    expect((await user.run(["login", "--with-api-key"], { stdin: KEY.key })).code).toBe(0);
    expect(storeOf(user).keys()).toEqual([UNVERIFIED]);
  });

  test.each([
    ["check", () => user.run(["check"])],
    ["import", () => user.run(["import", user.write("key.json", keyAuth())])],
    ["login", () => user.run(["login", "--with-api-key"], { stdin: KEY.key })],
    ["import --purge", () => user.run(["import", "--purge"])],
  ])("%s learns whose it is: the account goes over to its owner", async (_what, learn) => {
    tell();
    expect(await learn()).toMatchObject({ code: 0 });
    expect(storeOf(user).keys()).toEqual([KEY_ACCOUNT]);
    const use = { CODEX_AUTH_USE: homeIdOf(UNVERIFIED) };
    for (const account of [await activeIn("work"), await activeIn("."), await activeIn("play", use)])
      expect(account).toMatchObject({ account_key: KEY_ACCOUNT, alias: "ci", email: "billing@acme.example" });
    expect(storeOf(user).registry().active_account_key).toBe(KEY_ACCOUNT);
    expect((await user.run(["check"])).out).toMatch(/^01 ci API_KEY {2}works\n$/);
  });
});
