import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chatgptAuth, fakeKey } from "../fake/accounts.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { PROGRAM } from "../shells/program.ts";
import { Terminal } from "../shells/terminal.ts";
import { ALICE, auth, BOB, KEY, keyAuth, storeOf } from "./credentials.ts";
import { treeOf } from "../tree.ts";
import { User } from "./user.ts";

/** What is told behind a reason. */
const WORDS: Record<string, string> = {
  MalformedJson: ": no login or API key can be read from it",
  MissingAccountId: ": the login names no workspace; codex-auth login makes another",
  MissingChatgptUserId: ": the login names no user; codex-auth login makes another",
  AccountIdMismatch: ": its account_id is another than the one in its id_token; codex-auth login makes a whole login",
  MissingRefreshToken:
    ": a login without a refresh token would end with its access token; codex-auth login makes another",
  InvalidApiKey: ": OpenAI answered 401: the key or login is refused",
  IdentityUnavailable: ": the connection is refused or broken off: see the network, and HTTPS_PROXY",
};

let user: User;
let store: ReturnType<typeof storeOf>;
beforeEach(() => {
  user = new User({ keys: [KEY] });
  store = storeOf(user);
});
afterEach(() => user[Symbol.asyncDispose]());

describe("a file that cannot be taken: exit 1, the reason, and nothing has changed", () => {
  const flat = (more: object) => JSON.stringify({ ...chatgptAuth(ALICE).tokens, type: "codex", ...more });
  const without = (claim: string, of: "auth" | "claims" | "tokens") => {
    const login = chatgptAuth(ALICE);
    if (of === "tokens") return JSON.stringify({ ...login, tokens: { ...login.tokens, [claim]: undefined } });
    const [head, body = "", sign] = login.tokens.id_token.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    if (of === "auth") delete claims["https://api.openai.com/auth"][claim];
    else delete claims[claim];
    if (claim === "chatgpt_user_id") delete claims["https://api.openai.com/auth"].user_id;
    const id_token = [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), sign].join(".");
    return JSON.stringify({ ...login, tokens: { ...login.tokens, id_token } });
  };
  const wrongKey = fakeKey("wrong");

  test.each<[string, string, string, Record<string, string>]>([
    ["what is no JSON", "{", "MalformedJson", {}],
    ["an empty file", "", "MalformedJson", {}],
    ["a JSON text", '"sk-x"', "MalformedJson", {}],
    ["a registry", '{"schema_version": 4, "accounts": []}', "MalformedJson", {}],
    ["no account id in the claims", without("chatgpt_account_id", "auth"), "MissingAccountId", {}],
    ["no user id", without("chatgpt_user_id", "auth"), "MissingChatgptUserId", {}],
    [
      "another account id",
      JSON.stringify({ ...chatgptAuth(ALICE), tokens: { ...chatgptAuth(ALICE).tokens, account_id: "acct-eve" } }),
      "AccountIdMismatch",
      {},
    ],
    ["no refresh token", without("refresh_token", "tokens"), "MissingRefreshToken", {}],
    ["tokens at the top, and no refresh token", flat({ refresh_token: undefined }), "MissingRefreshToken", {}],
    ["tokens at the top, and no workspace", flat({ account_id: "" }), "MissingAccountId", {}],
    ["a key that OpenAI refuses", keyAuth(wrongKey), "InvalidApiKey", {}],
    [
      "a key when OpenAI cannot be reached",
      keyAuth(),
      "IdentityUnavailable",
      { CODEX_AUTH_OPENAI_URL: "http://127.0.0.1:1/v1" },
    ],
  ])("%s", async (_, text, reason, env) => {
    await user.add(BOB);
    const file = user.write("in.json", text);
    const before = treeOf(user.home);
    for (const flags of [[], ["--alias", "x"]]) {
      const { code, out, err } = await user.run(["import", file, ...flags], { env });
      expect({ code, out, err }).toEqual({
        code: 1,
        out: "",
        err: `  skipped   in.json: ${reason}${WORDS[reason]}\n`,
      });
    }
    const { code, out } = await user.run(["import", file, "--json"], { env });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      error: {
        code: "failed",
        message: `in.json: ${reason}${WORDS[reason]}`,
        results: [{ name: "in.json", status: "skipped", reason }],
      },
    });
    expect(treeOf(user.home)).toEqual(before);
  });

  test("an empty array", async () => {
    const { code, out, err } = await user.run(["import", user.write("in.json", "[]")]);
    expect({ code, out, err }).toEqual({ code: 1, out: "", err: "codex-auth: there is no credential in it\n" });
    expect(existsSync(user.base)).toBe(false);
  });

  test.each([500, 503, 429, 403])("a key when OpenAI answers %i", async (status) => {
    user.fake.behave("me", { status });
    const { code, err } = await user.run(["import", user.write("in.json", keyAuth())]);
    expect(code).toBe(1);
    expect(err).toStartWith(`  skipped   in.json: IdentityUnavailable: OpenAI answered ${status}`);
    expect(user.fake.requestsTo("me")).toHaveLength(status === 403 ? 1 : 3);
    expect(existsSync(user.base)).toBe(false);
  });

  test("a key when OpenAI is only busy for a moment", async () => {
    user.fake.behave("me", { status: 429, times: 2 });
    expect(await user.auth(["import", user.write("in.json", keyAuth())])).toBe("  imported  in.json\n");
  });

  test("the key is in no output, also when it is in the file's name", async () => {
    const file = user.write(`${KEY.key}.json`, keyAuth());
    const refused = user.write("refused.json", keyAuth(wrongKey));
    for (const words of [
      ["import", file],
      ["import", file, "--json"],
      ["import", refused],
      ["import", user.home],
    ]) {
      const { out, err } = await user.run(words);
      expect(out + err).not.toContain(KEY.key);
      expect(out + err).not.toContain(wrongKey.key);
    }
  });

  test.each([
    ["no path", [], 2, "missing argument PATH"],
    ["a path that is not there", ["nowhere.json"], 1, "there is no nowhere.json"],
    ["--cpa with --purge", ["--cpa", "--purge"], 2, "exclude each other"],
    ["an alias that cannot be one", ["a.json", "--alias", "12"], 2, "cannot be a number"],
    ["an alias that is taken", ["a.json", "--alias", "Taken"], 1, "is taken by"],
  ])("%s", async (_, words, exit, message) => {
    await user.auth(["import", user.write("b.json", auth(BOB)), "--alias", "taken"]);
    user.write("a.json", auth(ALICE));
    const accounts = readFileSync(store.registryFile, "utf8");
    const { code, out, err } = await user.run(["import", ...words]);
    expect({ code, out }).toEqual({ code: exit, out: "" });
    expect(err).toContain(message);
    expect(readFileSync(store.registryFile, "utf8")).toBe(accounts);
    expect(readdirSync(store.accounts).filter((name) => name.endsWith(".auth.json"))).toHaveLength(1);
  });
});

test("on a terminal it tells from 2 s on how far it is while keys are asked for, and wipes it", async () => {
  user.fake.behave("me", { delay: 3500 });
  await using terminal = new Terminal([...PROGRAM, "import", user.write("in.json", keyAuth())], {
    cwd: user.home,
    env: { HOME: user.home, PATH: "/usr/bin:/bin", TERM: "xterm-256color", ...fakeEnvironment(user.fake) },
  });
  await terminal.waitFor("asking OpenAI whose the API keys are: 0 of 1");
  expect(await terminal.exited).toBe(0);
  expect(terminal.screen()[0]).toBe("  imported  in.json");
});
