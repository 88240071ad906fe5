import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf, hashKey, maskedLabel } from "../../src/core/accounts/account.ts";
import { chatgptAuth, fakeToken, tokenAuth } from "../fake/accounts.ts";
import { ALICE, KEY, storeOf } from "./credentials.ts";
import { User } from "./user.ts";

const PAT = fakeToken("pat");
const HASH = hashKey(PAT.token);
const ACCOUNT = `token::${PAT.userId}::${PAT.accountId}::${HASH}`;
const LABEL = "pat@example.com TOKEN";
const text = JSON.stringify(tokenAuth(PAT), null, 2);

let user: User;
beforeEach(async () => {
  user = new User({ keys: [KEY], tokens: [PAT] });
  await user.add(ALICE);
});
afterEach(() => user[Symbol.asyncDispose]());

const login = (...words: string[]) => user.run(["login", "--with-access-token", ...words], { stdin: `${PAT.token}\n` });
const live = () => join(user.base, "accounts", `${fileKeyOf(ACCOUNT)}.auth.json`);

describe("a personal access token is an account like the others", () => {
  test.each([
    ["login", () => login("--alias", "ci")],
    ["import of a file", () => user.run(["import", user.write("pat.json", text), "--alias", "ci"])],
    [
      "codex login in the base home",
      async () => {
        writeFileSync(join(user.base, "auth.json"), text);
        await user.run(["sync", "--quiet"]);
        return user.run(["alias", "set", LABEL, "ci"]);
      },
    ],
  ])("added by %s", async (_what, add) => {
    expect(await add()).toMatchObject({ code: 0 });
    const record = storeOf(user)
      .registry()
      .accounts.find((one: { alias: string }) => one.alias === "ci");
    expect(record).toMatchObject({
      account_key: ACCOUNT,
      chatgpt_user_id: PAT.userId,
      chatgpt_account_id: PAT.accountId,
      email: PAT.email,
      account_name: maskedLabel(HASH, "at"),
      auth_mode: "apikey",
      plan: null,
    });
    expect(readFileSync(live(), "utf8")).toBe(text);
    await user.auth(["switch", "ci"]);
    expect(readlinkSync(join(user.base, "auth.json"))).toBe(`accounts/${fileKeyOf(ACCOUNT)}.auth.json`);
  });

  test("named, pinned, used, told, checked; its secret is in no output, and in no variable", async () => {
    const { out, err } = await login();
    expect(out).toBe(`${LABEL} is the default account\n`);
    const work = user.directory("work");
    await user.auth(["switch", "alice"]);
    await user.auth(["pin", LABEL, work]);
    const { set } = await user.json(["env"], { cwd: work });
    expect(set).toMatchObject({ CODEX_AUTH_PLAN: "TOKEN", CODEX_AUTH_LABEL: LABEL, CODEX_AUTH_EMAIL: PAT.email });
    expect(set.OPENAI_API_KEY).toBeUndefined();
    expect(await user.auth(["exec", "--", "sh", "-c", 'cat "$CODEX_HOME/auth.json"'], { cwd: work })).toBe(text);
    const list = await user.auth(["list"]);
    expect(list).toMatch(/pat@example.com +TOKEN +- +-/);
    expect(await user.auth(["check", LABEL])).toMatch(/^02 pat@example.com TOKEN {2}works\n$/);
    user.fake.removeToken(PAT);
    const refused = await user.run(["check", LABEL]);
    expect(refused.code).toBe(1);
    expect(refused.out).toContain("revoked  OpenAI answered 401");
    expect(await user.auth(["list"])).toMatch(/pat@example.com +TOKEN +401 +401/);
    for (const said of [out, err, list, JSON.stringify(set), refused.out]) expect(said).not.toContain(PAT.token);
    expect(user.fake.requestsTo("me")).toEqual([]);
  });

  test("beside a login and a key of the same e-mail", async () => {
    await login();
    await user.add({ ...KEY, email: PAT.email });
    await user.auth(["import", user.write("same.json", JSON.stringify(chatgptAuth({ email: PAT.email })))]);
    const labels = (await user.json(["list", "--skip-api"])).accounts.map(({ label }: { label: string }) => label);
    expect(labels.filter((label: string) => label.startsWith(PAT.email)).toSorted()).toEqual([
      `${PAT.email} API_KEY ${maskedLabel(hashKey(KEY.key))}`,
      `${PAT.email} Plus`,
      `${PAT.email} TOKEN ${maskedLabel(HASH, "at")}`,
    ]);
    for (const label of labels) expect((await user.json(["env", label])).set.CODEX_AUTH_LABEL).toBe(label);
  });

  test("logout leaves it good; purge, export and import bring it back, without asking", async () => {
    await login();
    rmSync(join(user.base, "auth.json"));
    await user.auth(["switch", LABEL]);
    expect(readFileSync(join(user.base, "auth.json"), "utf8")).toBe(text);
    user.fake.behave("whoami", { status: 500, body: {} });
    await user.auth(["import", "--purge"]);
    expect(storeOf(user).keys()).toContain(ACCOUNT);
    rmSync(storeOf(user).registryFile);
    await user.auth(["import", "--purge"]);
    expect(storeOf(user).keys()).toContain(ACCOUNT);
    const to = join(user.home, "out");
    await user.auth(["export", "--to", to]);
    user.fake.behave("whoami", null);
    await user.auth(["remove", LABEL, "--yes"]);
    await user.auth(["import", to]);
    expect(storeOf(user).keys()).toContain(ACCOUNT);
  });

  test("gone or damaged, it comes back from its backup", async () => {
    await login();
    renameSync(live(), `${live()}.away`);
    await user.auth(["sync"]);
    expect(readFileSync(live(), "utf8")).toBe(text);
  });

  test("to config.toml it is a ChatGPT login of its workspace", async () => {
    await login();
    await user.auth(["switch", "alice"]);
    for (const [line, code] of [
      ['forced_login_method = "api"', 1],
      ['forced_login_method = "chatgpt"', 0],
      ['forced_chatgpt_workspace_id = "another"', 1],
      [`forced_chatgpt_workspace_id = "${PAT.accountId}"`, 0],
    ] as const) {
      user.write(".codex/config.toml", `${line}\n`);
      expect({ line, code: (await user.run(["pin", LABEL, user.directory("work")])).code }).toEqual({ line, code });
    }
  });
});

test.each([
  ["a JWT, which Codex takes for an agent identity", "eyJhbGciOiJub25l.eyJzdWIi.x", "codex login --with-access-token"],
  ["an API key", "sk-fake", "that is no access token"],
  ["nothing", "", "that is no access token"],
  ["one that OpenAI refuses", "at-nobodys", "OpenAI refused the access token"],
])("%s is not taken", async (_what, stdin, err) => {
  const ran = await user.run(["login", "--with-access-token"], { stdin });
  expect(ran).toMatchObject({ code: 1, out: "", err: expect.stringContaining(err) });
  expect(storeOf(user).keys()).toEqual(["user-alice::acct-alice"]);
});

test("an agent identity is named, and left to Codex", async () => {
  const agent = JSON.stringify({ auth_mode: "agentIdentity", OPENAI_API_KEY: null, agent_identity: { workload: "x" } });
  const ran = await user.run(["import", user.write("agent.json", agent)]);
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining("agent.json: UnsupportedLogin: agent identity") });
});

test("a token that was pasted in the place of a selector is not said again", async () => {
  const { err } = await user.run(["pin", PAT.token]);
  expect(err).toContain('no account matches "at-***"');
});
