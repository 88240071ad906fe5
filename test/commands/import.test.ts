import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileKeyOf, hashKey, maskedLabel } from "../../src/core/account.ts";
import { apiKeyAuth, chatgptAuth, type ChatgptOptions, fakeKey } from "../fake/accounts.ts";
import { Terminal } from "../shells/terminal.ts";
import { PROGRAM } from "../shells/program.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { hashTree } from "./tree.ts";
import { User } from "./user.ts";

const ALICE = { email: "alice@example.com" };
const BOB = { email: "bob@example.com", plan: "pro" };
const KEY = fakeKey("acme", { email: "Billing@Acme.example" });
const OTHER_KEY = fakeKey("zed");
const KEY_ACCOUNT = `apikey::${KEY.id}::${hashKey(KEY.key)}`;
const auth = (who: ChatgptOptions) => JSON.stringify(chatgptAuth(who), null, 2);
const keyAuth = (key = KEY) => JSON.stringify(apiKeyAuth(key), null, 2);

let user: User;
beforeEach(() => {
  user = new User({ keys: [KEY, OTHER_KEY] });
});
afterEach(() => user[Symbol.asyncDispose]());

const registry = () => JSON.parse(readFileSync(join(user.base, "accounts/registry.json"), "utf8"));
const keys = (): string[] => registry().accounts.map((account: { account_key: string }) => account.account_key);
const credential = (key: string) => readFileSync(join(user.base, "accounts", `${fileKeyOf(key)}.auth.json`), "utf8");

describe("a file", () => {
  test("a login: stored as it is, 0600, and it is not the default account", async () => {
    const text = auth(ALICE);
    const { code, out, err } = await user.run(["import", user.write("my-login.json", text, 0o644)]);
    expect({ code, out }).toEqual({ code: 0, out: "  imported  my-login.json\n" });
    expect(err).toBe("there is no default account; try: codex-auth switch 01\n");
    expect(registry()).toMatchObject({ schema_version: 4, active_account_key: null });
    expect(registry().accounts).toMatchObject([
      { account_key: "user-alice::acct-alice", email: "alice@example.com", plan: "plus" },
    ]);
    expect(credential("user-alice::acct-alice")).toBe(text);
    expect(existsSync(join(user.base, "auth.json"))).toBe(false);
    for (const path of ["", "accounts", "codex-auth"]) expect(statSync(join(user.base, path)).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(join(user.base, "accounts"))) {
      expect(statSync(join(user.base, "accounts", name)).mode & 0o777).toBe(0o600);
    }
  });

  test("again: it is updated, alias and all stay", async () => {
    await user.auth(["import", user.write("a.json", auth(ALICE)), "--alias", "work"]);
    const { out } = await user.run(["import", user.write("b.json", auth({ ...ALICE, plan: "pro" }))]);
    expect(out).toBe("  updated   b.json\n");
    expect(registry().accounts).toMatchObject([{ alias: "work", plan: "pro" }]);
  });

  test("an API key: whose it is, is asked once", async () => {
    const file = user.write("key.json", keyAuth());
    expect(await user.auth(["import", file])).toBe("  imported  key.json\n");
    expect(registry().accounts).toMatchObject([
      {
        account_key: KEY_ACCOUNT,
        chatgpt_account_id: "",
        chatgpt_user_id: KEY.id,
        email: "billing@acme.example",
        account_name: maskedLabel(hashKey(KEY.key)),
        plan: null,
        auth_mode: "apikey",
      },
    ]);
    expect(user.fake.requestsTo("me")).toHaveLength(1);
    expect(await user.auth(["import", file], { env: { CODEX_AUTH_OPENAI_URL: "http://127.0.0.1:1/v1" } })).toBe(
      "  updated   key.json\n",
    );
    expect(user.fake.requestsTo("me")).toHaveLength(1);
  });

  test("a key without an e-mail is stored and shown by its masked label", async () => {
    const project = fakeKey("project", { email: null });
    user.fake.addKey(project);
    await user.auth(["import", user.write("key.json", keyAuth(project))]);
    expect(registry().accounts).toMatchObject([{ email: "", account_name: maskedLabel(hashKey(project.key)) }]);
    expect(await user.auth(["list", "--skip-api"])).toContain(maskedLabel(hashKey(project.key)));
  });

  test("a key beside tokens is a key", async () => {
    const both = { ...chatgptAuth(ALICE), OPENAI_API_KEY: KEY.key };
    await user.auth(["import", user.write("both.json", JSON.stringify(both))]);
    expect(keys()).toEqual([KEY_ACCOUNT]);
  });

  test("standard input", async () => {
    expect(await user.auth(["import", "-", "--alias", "piped"], { stdin: auth(ALICE) })).toBe(
      "  imported  standard input\n",
    );
    expect(registry().accounts).toMatchObject([{ alias: "piped" }]);
  });

  test("an array: one credential an element", async () => {
    const file = user.write(
      "all.json",
      JSON.stringify([chatgptAuth(ALICE), apiKeyAuth(KEY), { tokens: {} }, chatgptAuth(BOB)]),
    );
    const { code, out, err } = await user.run(["import", file]);
    expect({ code, out }).toEqual({
      code: 0,
      out: "  imported  all.json[1]\n  imported  all.json[2]\n  imported  all.json[4]\n",
    });
    expect(err).toContain("  skipped   all.json[3]: MalformedJson\n");
    expect(keys()).toEqual(["user-alice::acct-alice", KEY_ACCOUNT, "user-bob::acct-bob"]);
    expect(JSON.parse(credential("user-bob::acct-bob"))).toMatchObject({ tokens: { account_id: "acct-bob" } });
  });

  test.each([
    ["a byte order mark", (text: string) => `\ufeff${text}`],
    ["an array of one", (text: string) => `[${text}]`],
  ])("%s", async (_, wrap) => {
    expect(await user.auth(["import", user.write("a.json", wrap(auth(ALICE))), "--alias", "x"])).toBe(
      "  imported  a.json\n",
    );
    expect(JSON.parse(credential("user-alice::acct-alice"))).toMatchObject({ auth_mode: "chatgpt" });
  });

  test("the default account stays who it is", async () => {
    await user.add(ALICE);
    await user.auth(["switch", "alice"]);
    const { err } = await user.run(["import", user.write("b.json", auth(BOB))]);
    expect(err).toBe("");
    expect(registry()).toMatchObject({ active_account_key: "user-alice::acct-alice" });
    const document = await user.json(["import", user.write("b.json", auth(BOB))]);
    expect(document).toMatchObject({
      schema_version: 1,
      command: "import",
      scanned: null,
      results: [
        {
          name: "b.json",
          status: "updated",
          reason: null,
          kept_later: false,
          account: { email: "bob@example.com", number: 2 },
        },
      ],
    });
  });
});

describe("of two copies of a login the later one wins", () => {
  const at = (lastRefresh: string) => auth({ ...ALICE, lastRefresh, session: "one" });
  const old = "2026-01-01T00:00:00Z";
  const late = "2026-02-01T00:00:00Z";

  test.each([
    [
      "an older one does not replace it, however new its file",
      late,
      old,
      late,
      "  a.json is older than the login that is here, which stays\n",
    ],
    ["a later one does, however old its file", old, late, late, ""],
  ])("%s", async (_, first, second, stays, note) => {
    const file = user.write("a.json", at(first));
    await user.auth(["import", file]);
    await user.auth(["switch", "alice"]);
    writeFileSync(file, at(second));
    if (second === late) utimesSync(file, 1000, 1000);
    const { code, out, err } = await user.run(["import", file]);
    expect({ code, out, err }).toEqual({ code: 0, out: "  updated   a.json\n", err: note });
    expect(JSON.parse(credential("user-alice::acct-alice"))).toMatchObject({ last_refresh: stays });
  });

  test("without last_refresh the later token", async () => {
    const { last_refresh: _, ...early } = chatgptAuth({ ...ALICE, exp: 2_000_000_000 });
    await user.auth(["import", user.write("a.json", auth({ ...ALICE, exp: 2_000_086_400 }))]);
    await user.auth(["import", user.write("a.json", JSON.stringify(early))]);
    expect(JSON.parse(credential("user-alice::acct-alice"))).toHaveProperty("last_refresh");
  });
});

describe("a folder", () => {
  test("its *.json in byte order, a summary, exit 0 with skips", async () => {
    const folder = user.directory("in");
    user.write("in/b.json", auth(BOB));
    user.write("in/a.json", auth(ALICE));
    user.write("in/Z.json", keyAuth());
    user.write("in/broken.json", "{");
    user.write("in/notes.txt", auth({ email: "eve@example.com" }));
    user.write("in/deep/c.json", auth({ email: "carl@example.com" }));
    user.directory("in/folder.json");
    symlinkSync(user.write("elsewhere", auth({ email: "dora@example.com" })), join(folder, "link.json"));
    symlinkSync("/nowhere", join(folder, "nowhere.json"));
    await user.auth(["import", user.write("first.json", auth(ALICE))]);
    const { code, out, err } = await user.run(["import", "in", "--alias", "x"], { cwd: user.home });
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "Scanning in...",
        "  imported  Z.json",
        "  updated   a.json",
        "  imported  b.json",
        "  imported  link.json",
        "Import Summary: 3 imported, 1 updated, 2 skipped (total 6 files)",
        "",
      ].join("\n"),
    );
    expect(err).toContain("--alias is for a single account");
    expect(err).toContain("  skipped   broken.json: MalformedJson\n  skipped   nowhere.json: FileNotFound\n");
    expect(registry().accounts.every((account: { alias: string }) => account.alias === "")).toBe(true);
    expect(keys()).toHaveLength(4);
  });

  test("one file", async () => {
    user.write("in/a.json", auth(ALICE));
    expect(await user.auth(["import", join(user.home, "in")])).toEndWith("(total 1 file)\n");
  });

  test.each(["empty", "skipped"])("%s: exit 0, and nothing is made", async (kind) => {
    const folder = user.directory("in");
    if (kind === "skipped") user.write("in/broken.json", "{");
    const before = hashTree(user.home);
    const { code, out } = await user.run(["import", folder]);
    expect(code).toBe(0);
    expect(out).toContain("Import Summary: 0 imported, 0 updated");
    expect(hashTree(user.home)).toBe(before);
  });

  test("many keys are asked at most eight at a time, each once", async () => {
    const many = Array.from({ length: 20 }, (_, at) => fakeKey(`key${at}`));
    for (const [at, key] of many.entries()) {
      user.fake.addKey(key);
      user.write(`in/${at}.json`, keyAuth(key));
      user.write(`in/${at}-copy.json`, keyAuth(key));
    }
    user.fake.behave("me", { delay: 30 });
    await user.auth(["import", join(user.home, "in")]);
    expect(user.fake.requestsTo("me")).toHaveLength(20);
    expect(keys()).toHaveLength(20);
  });
});

describe("CLIProxyAPI's files", () => {
  const flat = (who: ChatgptOptions, more: Record<string, unknown> = {}) => {
    const { tokens, last_refresh } = chatgptAuth(who);
    return JSON.stringify({ ...tokens, last_refresh, type: "codex", email: who.email, expired: "", ...more });
  };

  test("a file", async () => {
    await user.auth(["import", "--cpa", user.write("token.json", flat(ALICE)), "--alias", "cpa"]);
    const stored = JSON.parse(credential("user-alice::acct-alice"));
    const { tokens, last_refresh } = stored;
    expect(stored).toEqual({ auth_mode: "chatgpt", OPENAI_API_KEY: null, tokens, last_refresh });
    expect(Object.keys(tokens)).toEqual(["id_token", "access_token", "refresh_token", "account_id"]);
    expect(registry().accounts).toMatchObject([{ alias: "cpa" }]);
  });

  test("an empty last_refresh is left out", async () => {
    await user.auth(["import", user.write("token.json", flat(ALICE, { last_refresh: "" })), "--cpa"]);
    expect(JSON.parse(credential("user-alice::acct-alice"))).not.toHaveProperty("last_refresh");
  });

  test("the default folder", async () => {
    user.write(".cli-proxy-api/a.json", flat(ALICE));
    user.write(".cli-proxy-api/b.json", flat(BOB, { refresh_token: "" }));
    user.write(".cli-proxy-api/gemini.json", JSON.stringify({ type: "gemini", token: {} }));
    const { code, out, err } = await user.run(["import", "--cpa"]);
    expect(code).toBe(0);
    expect(out).toBe(
      "Scanning ~/.cli-proxy-api...\n  imported  a.json\nImport Summary: 1 imported, 0 updated, 2 skipped (total 3 files)\n",
    );
    expect(err).toContain("  skipped   b.json: MissingRefreshToken\n  skipped   gemini.json: MissingRefreshToken\n");
  });

  test("no default folder", async () => {
    const { code, err } = await user.run(["import", "--cpa"]);
    expect(code).toBe(1);
    expect(err).toContain(`there is no ${user.home}/.cli-proxy-api`);
  });
});

describe("a file that cannot be taken: exit 1, the reason, and nothing has changed", () => {
  const without = (claim: string, of: "auth" | "tokens" | "claims") => {
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
    ["no e-mail", without("email", "claims"), "MissingEmail", {}],
    ["no account id", without("account_id", "tokens"), "MissingAccountId", {}],
    ["no account id in the claims", without("chatgpt_account_id", "auth"), "MissingAccountId", {}],
    ["no user id", without("chatgpt_user_id", "auth"), "MissingChatgptUserId", {}],
    [
      "another account id",
      JSON.stringify({ ...chatgptAuth(ALICE), tokens: { ...chatgptAuth(ALICE).tokens, account_id: "acct-eve" } }),
      "AccountIdMismatch",
      {},
    ],
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
    const before = hashTree(user.home);
    for (const flags of [[], ["--alias", "x"]]) {
      const { code, out, err } = await user.run(["import", file, ...flags], { env });
      expect({ code, out, err }).toEqual({ code: 1, out: "", err: `  skipped   in.json: ${reason}\n` });
    }
    const { code, out } = await user.run(["import", file, "--json"], { env });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      error: {
        code: "failed",
        message: `in.json: ${reason}`,
        results: [{ name: "in.json", status: "skipped", reason }],
      },
    });
    expect(hashTree(user.home)).toBe(before);
  });

  test.each([500, 503, 429, 403])("a key when OpenAI answers %i", async (status) => {
    user.fake.behave("me", { status });
    const { code, err } = await user.run(["import", user.write("in.json", keyAuth())]);
    expect({ code, err }).toEqual({ code: 1, err: "  skipped   in.json: IdentityUnavailable\n" });
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
    const accounts = readFileSync(join(user.base, "accounts/registry.json"), "utf8");
    const { code, out, err } = await user.run(["import", ...words]);
    expect({ code, out }).toEqual({ code: exit, out: "" });
    expect(err).toContain(message);
    expect(readFileSync(join(user.base, "accounts/registry.json"), "utf8")).toBe(accounts);
    expect(readdirSync(join(user.base, "accounts")).filter((name) => name.endsWith(".auth.json"))).toHaveLength(1);
  });
});

test("on a terminal it tells how far it is while keys are asked for, and wipes it", async () => {
  user.fake.behave("me", { delay: 300 });
  await using terminal = new Terminal([...PROGRAM, "import", user.write("in.json", keyAuth())], {
    cwd: user.home,
    env: { HOME: user.home, PATH: "/usr/bin:/bin", TERM: "xterm-256color", ...fakeEnvironment(user.fake) },
  });
  await terminal.waitFor("asking OpenAI whose the API keys are: 0 of 1");
  expect(await terminal.exited).toBe(0);
  expect(terminal.screen()[0]).toBe("  imported  in.json");
});

describe("--purge", () => {
  const OFFLINE = { env: { CODEX_AUTH_OPENAI_URL: "http://127.0.0.1:1/v1" } };
  const registryFile = () => join(user.base, "accounts/registry.json");
  const facts = () =>
    registry().accounts.map(({ account_key, email, alias, auth_mode }: Record<string, string>) => [
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
    const document = { ...registry(), interval_seconds: 77, codex_daemon_restart: true };
    writeFileSync(registryFile(), JSON.stringify(document, null, 2));
    const out = await user.auth(["import", "--purge"], OFFLINE);
    expect(out).toStartWith(`Scanning ${user.base}/accounts...\n`);
    expect(out).toEndWith("Import Summary: 0 imported, 3 updated, 0 skipped (total 3 files)\n");
    expect(facts()).toEqual(all);
    expect(registry()).toMatchObject({
      active_account_key: "user-bob::acct-bob",
      interval_seconds: 77,
      codex_daemon_restart: true,
    });
    expect(user.fake.requests).toEqual([]);
  });

  test("a registry that was deleted: its backup knows the rest, offline", async () => {
    rmSync(registryFile());
    await user.auth(["import", "--purge"], OFFLINE);
    expect(facts()).toEqual(all);
    expect(registry().active_account_key).toBe("user-bob::acct-bob");
  });

  test("a registry that was deleted with its backups: OpenAI is asked, or else the files' names tell whose a key is", async () => {
    const files = readdirSync(join(user.base, "accounts")).filter((name) => name.startsWith("registry.json"));
    for (const name of files) rmSync(join(user.base, "accounts", name));
    await user.auth(["import", "--purge"], OFFLINE);
    expect(facts()).toEqual([
      [KEY_ACCOUNT, "", "", "apikey"],
      ["user-alice::acct-alice", "alice@example.com", "", "chatgpt"],
      ["user-bob::acct-bob", "bob@example.com", "", "chatgpt"],
    ]);
    for (const name of readdirSync(join(user.base, "accounts")).filter((name) => name.startsWith("registry.json"))) {
      rmSync(join(user.base, "accounts", name));
    }
    await user.auth(["import", "--purge"]);
    expect(facts()).toContainEqual([KEY_ACCOUNT, "billing@acme.example", "", "apikey"]);
    expect(registry().active_account_key).toBe("user-bob::acct-bob");
  });

  test("a damaged registry is kept beside it", async () => {
    writeFileSync(registryFile(), '{"schema_version": 4, "accounts": [');
    expect((await user.run(["list"])).err).toContain("import --purge");
    await user.auth(["import", "--purge"], OFFLINE);
    expect(facts()).toEqual(all);
    const kept = readdirSync(join(user.base, "accounts")).filter((name) => name.startsWith("registry.json.bak."));
    expect(kept.map((name) => readFileSync(join(user.base, "accounts", name), "utf8"))).toContain(
      '{"schema_version": 4, "accounts": [',
    );
  });

  test("a newer registry is left alone", async () => {
    writeFileSync(registryFile(), '{"schema_version": 5, "accounts": []}');
    const before = hashTree(user.base);
    const { code, err } = await user.run(["import", "--purge"]);
    expect(code).toBe(1);
    expect(err).toContain("version 5");
    expect(hashTree(user.base)).toBe(before);
  });

  test("an account without a credential goes; another provider's stays", async () => {
    const foreign = {
      ...registry().accounts[0],
      account_key: "apikey::other::x",
      provider: "openrouter",
      auth_mode: "apikey",
    };
    writeFileSync(registryFile(), JSON.stringify({ ...registry(), accounts: [...registry().accounts, foreign] }));
    rmSync(join(user.base, "accounts", `${fileKeyOf("user-alice::acct-alice")}.auth.json`));
    await user.auth(["import", "--purge"]);
    expect(keys().toSorted()).toEqual([KEY_ACCOUNT, "apikey::other::x", "user-bob::acct-bob"].toSorted());
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
    expect(err).toContain("  skipped   auth.json.bak.20260101-000000: SupersededByNewerSnapshot\n");
    expect(credential("user-alice::acct-alice")).toBe(late);
    expect(keys()).toContain("user-carl::acct-carl");
  });

  test("from a folder: its accounts, and whom the base home is logged in as", async () => {
    user.write("in/c.json", auth({ email: "carl@example.com" }));
    const out = await user.auth(["import", "--purge", join(user.home, "in")]);
    expect(out).toContain("  imported  c.json\n");
    expect(keys()).toEqual(["user-bob::acct-bob", "user-carl::acct-carl"]);
  });

  test("from a file that is none: exit 1, nothing has changed", async () => {
    const before = hashTree(user.base);
    const { code, err } = await user.run(["import", "--purge", user.write("c.json", "{")]);
    expect({ code, err }).toEqual({ code: 1, err: "  skipped   c.json: MalformedJson\n" });
    expect(hashTree(user.base)).toBe(before);
  });
});
