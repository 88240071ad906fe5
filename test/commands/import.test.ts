import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, existsSync, readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashKey, maskedLabel } from "../../src/core/accounts/account.ts";
import { apiKeyAuth, chatgptAuth, type ChatgptOptions, fakeKey } from "../fake/accounts.ts";
import { ALICE, auth, BOB, KEY, KEY_ACCOUNT, keyAuth, storeOf } from "./credentials.ts";
import { treeOf } from "../tree.ts";
import { User } from "./user.ts";

let user: User;
let store: ReturnType<typeof storeOf>;
beforeEach(() => {
  user = new User({ keys: [KEY] });
  store = storeOf(user);
});
afterEach(() => user[Symbol.asyncDispose]());

describe("a file", () => {
  test("a login: stored as it is, 0600, and it is not the default account", async () => {
    const text = auth(ALICE);
    const { code, out, err } = await user.run(["import", user.write("my-login.json", text, 0o644)]);
    expect({ code, out }).toEqual({ code: 0, out: "  imported  my-login.json\n" });
    expect(err).toBe(
      "  my-login.json is alice@example.com\ncodex-auth: there is no default account\n  try: codex-auth switch 01\n",
    );
    expect(store.registry()).toMatchObject({ schema_version: 4, active_account_key: null });
    expect(store.registry().accounts).toMatchObject([
      { account_key: "user-alice::acct-alice", email: "alice@example.com", plan: "plus" },
    ]);
    expect(store.credential("user-alice::acct-alice")).toBe(text);
    expect(existsSync(join(user.base, "auth.json"))).toBe(false);
    for (const path of ["", "accounts", "codex-auth"]) expect(statSync(join(user.base, path)).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(store.accounts)) {
      expect(statSync(join(store.accounts, name)).mode & 0o777).toBe(0o600);
    }
  });

  test("again: it is updated, alias and all stay", async () => {
    await user.auth(["import", user.write("a.json", auth(ALICE)), "--alias", "work"]);
    const { out } = await user.run(["import", user.write("b.json", auth({ ...ALICE, plan: "pro" }))]);
    expect(out).toBe("  updated   b.json\n");
    expect(store.registry().accounts).toMatchObject([{ alias: "work", plan: "pro" }]);
  });

  test("an API key: whose it is, is asked once", async () => {
    const file = user.write("key.json", keyAuth());
    expect(await user.auth(["import", file])).toBe("  imported  key.json\n");
    expect(store.registry().accounts).toMatchObject([
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
    expect(store.registry().accounts).toMatchObject([{ email: "", account_name: maskedLabel(hashKey(project.key)) }]);
    expect(await user.auth(["list", "--skip-api"])).toContain(maskedLabel(hashKey(project.key)));
  });

  test.each([
    ["chatgpt", "user-alice::acct-alice"],
    [undefined, KEY_ACCOUNT],
  ])("of a key beside tokens auth_mode decides: %p", async (auth_mode, account) => {
    const both = { ...chatgptAuth(ALICE), OPENAI_API_KEY: KEY.key, auth_mode };
    await user.auth(["import", user.write("both.json", JSON.stringify(both))]);
    expect(store.keys()).toEqual([account]);
  });

  test("standard input", async () => {
    expect(await user.auth(["import", "-", "--alias", "piped"], { stdin: auth(ALICE) })).toBe(
      "  imported  standard input\n",
    );
    expect(store.registry().accounts).toMatchObject([{ alias: "piped" }]);
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
    expect(err).toContain("  skipped   all.json[3]: MalformedJson: ");
    expect(store.keys()).toEqual(["user-alice::acct-alice", KEY_ACCOUNT, "user-bob::acct-bob"]);
    expect(JSON.parse(store.credential("user-bob::acct-bob"))).toMatchObject({ tokens: { account_id: "acct-bob" } });
  });

  test.each([
    ["a byte order mark", (text: string) => `\ufeff${text}`],
    ["an array of one", (text: string) => `[${text}]`],
  ])("%s", async (_, wrap) => {
    expect(await user.auth(["import", user.write("a.json", wrap(auth(ALICE))), "--alias", "x"])).toBe(
      "  imported  a.json\n",
    );
    expect(JSON.parse(store.credential("user-alice::acct-alice"))).toMatchObject({ auth_mode: "chatgpt" });
  });

  test("the default account stays who it is", async () => {
    await user.add(ALICE);
    await user.auth(["switch", "alice"]);
    const { err } = await user.run(["import", user.write("b.json", auth(BOB))]);
    expect(err).toBe("  b.json is bob@example.com\n");
    expect(store.registry()).toMatchObject({ active_account_key: "user-alice::acct-alice" });
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

test("opencode's file: its key is taken, its login is named", async () => {
  const of = (openai: object) => user.write("auth.json", JSON.stringify({ openai }));
  expect(await user.auth(["import", of({ type: "api", key: KEY.key })])).toBe("  imported  auth.json\n");
  const { code, err } = await user.run(["import", of({ type: "oauth", refresh: "r", access: "a", expires: 1 })]);
  expect({ code, err }).toEqual({
    code: 1,
    err: "  skipped   auth.json: UnsupportedLogin: opencode's, which lacks the id_token\n",
  });
});

test("a folder of homes: the folders' names become aliases, and a login that lives twice is told", async () => {
  user.write("homes/work/auth.json", auth(ALICE));
  const path = user.write("homes/work/config.toml", "").replace("config.toml", "auth.json");
  user.write("homes/billing/auth.json", keyAuth());
  const { out, err } = await user.run(["import", user.directory("homes")]);
  expect(out).toContain("  imported  billing/auth.json\n  imported  work/auth.json\n");
  expect(err).toContain(`the login of work lives in ${path} too: `);
  expect(err).not.toContain("the login of billing");
  expect(
    store
      .registry()
      .accounts.map(({ alias }: { alias: string }) => alias)
      .toSorted(),
  ).toEqual(["billing", "work"]);
  // and one of them by itself
  expect((await user.run(["import", path])).err).toContain(`lives in ${path} too`);
});

test("the same key, however it is written; two copies in a folder are one account", async () => {
  user.write("in/a.json", keyAuth());
  user.write("in/b.json", JSON.stringify({ OPENAI_API_KEY: KEY.key }));
  const { out, err } = await user.run(["import", user.directory("in")]);
  expect({ out, err }).toEqual({
    out: expect.stringContaining("1 imported, 1 updated, 0 skipped (total 2 files)"),
    err: expect.stringContaining("  b.json is already here\n"),
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
    ["the same one once more", old, old, old, "  a.json is already here\n"],
  ])("%s", async (_, first, second, stays, note) => {
    const text = at(first);
    const file = user.write("a.json", text);
    await user.auth(["import", file]);
    await user.auth(["switch", "alice"]);
    writeFileSync(file, second === first ? text : at(second));
    if (second === late) utimesSync(file, 1000, 1000);
    const { code, out, err } = await user.run(["import", file]);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "  updated   a.json\n",
      err: `  a.json is alice@example.com\n${note}`,
    });
    expect(JSON.parse(store.credential("user-alice::acct-alice"))).toMatchObject({ last_refresh: stays });
  });

  test("without last_refresh the later of two tokens that have ended", async () => {
    const { last_refresh: _, ...early } = chatgptAuth({ ...ALICE, exp: 1_700_000_000 });
    await user.auth(["import", user.write("a.json", auth({ ...ALICE, exp: 1_700_086_400 }))]);
    await user.auth(["import", user.write("a.json", JSON.stringify(early))]);
    expect(JSON.parse(store.credential("user-alice::acct-alice"))).toHaveProperty("last_refresh");
  });
});

describe("a folder", () => {
  test.each([
    ["one of several files", ["a.json", "bad.json"], 1],
    ["all of several files", ["bad.json", "worse.json"], 1],
    ["a file beside a folder", ["in", "bad.json"], 1],
    ["an element of a file", ["list.json", "a.json"], 0],
    ["what lies in one of several folders", ["in", "more"], 0],
  ])("%s cannot be taken", async (_, paths, code) => {
    for (const name of ["a.json", "in/a.json"]) user.write(name, auth(ALICE));
    for (const name of ["bad.json", "worse.json", "more/bad.json", "in/bad.json"]) user.write(name, "{");
    user.write("list.json", `[${auth(ALICE)}, {}]`);
    expect((await user.run(["import", ...paths], { cwd: user.home })).code).toBe(code);
    const ran = await user.run(["import", "--json", ...paths], { cwd: user.home });
    expect({ code: ran.code, command: JSON.parse(ran.out).command }).toEqual({ code, command: "import" });
  });

  test("a loop of links and what is no file are skipped", async () => {
    user.write("in/a.json", auth(ALICE));
    symlinkSync("loop.json", join(user.directory("in"), "loop.json"));
    symlinkSync("/dev/zero", join(user.directory("in"), "zero.json"));
    const { code, out, err } = await user.run(["import", join(user.home, "in")]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("1 imported, 0 updated, 2 skipped") });
    expect(err).toContain("  skipped   zero.json: AccessDenied: it cannot be read, or is no file\n");
  });

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
    symlinkSync(join(folder, "gone"), join(folder, "nowhere.json"));
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
    expect(err).toContain(
      "  skipped   broken.json: MalformedJson: no login or API key can be read from it\n  skipped   nowhere.json: FileNotFound: it is a link that leads nowhere\n",
    );
    expect(store.registry().accounts.every((account: { alias: string }) => account.alias === "")).toBe(true);
    expect(store.keys()).toHaveLength(4);
  });

  test("one file", async () => {
    user.write("in/a.json", auth(ALICE));
    expect(await user.auth(["import", join(user.home, "in")])).toEndWith("(total 1 file)\n");
  });

  test.each(["empty", "skipped"])("%s: exit 0, and nothing is made", async (kind) => {
    const folder = user.directory("in");
    if (kind === "skipped") user.write("in/broken.json", "{");
    const before = treeOf(user.home);
    const { code, out } = await user.run(["import", folder]);
    expect(code).toBe(0);
    expect(out).toContain("Import Summary: 0 imported, 0 updated");
    expect(treeOf(user.home)).toEqual(before);
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
    expect(store.keys()).toHaveLength(20);
  });
});

describe("CLIProxyAPI's files", () => {
  const flat = (who: ChatgptOptions, more: Record<string, unknown> = {}) => {
    const { tokens, last_refresh } = chatgptAuth(who);
    return JSON.stringify({ ...tokens, last_refresh, type: "codex", email: who.email, expired: "", ...more });
  };

  test("a file", async () => {
    await user.auth(["import", "--cpa", user.write("token.json", flat(ALICE)), "--alias", "cpa"]);
    const stored = JSON.parse(store.credential("user-alice::acct-alice"));
    const { tokens, last_refresh } = stored;
    expect(stored).toEqual({ auth_mode: "chatgpt", OPENAI_API_KEY: null, tokens, last_refresh });
    expect(Object.keys(tokens)).toEqual(["id_token", "access_token", "refresh_token", "account_id"]);
    expect(store.registry().accounts).toMatchObject([{ alias: "cpa" }]);
  });

  test("an empty last_refresh is left out", async () => {
    await user.auth(["import", user.write("token.json", flat(ALICE, { last_refresh: "" })), "--cpa"]);
    expect(JSON.parse(store.credential("user-alice::acct-alice"))).not.toHaveProperty("last_refresh");
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
    expect(err).toMatch(/^  skipped   b.json: MissingRefreshToken: .*\n  skipped   gemini.json: MissingRefreshToken: /);
  });

  test("--cpa only chooses the folder: what a file is, is told from its content", async () => {
    user.write("in/a.json", auth(ALICE));
    user.write("in/b.json", flat(BOB));
    user.write("in/c.json", keyAuth());
    expect(await user.auth(["import", "--cpa", join(user.home, "in")])).toContain("3 imported, 0 updated, 0 skipped");
  });

  test("no default folder", async () => {
    const { code, err } = await user.run(["import", "--cpa"]);
    expect(code).toBe(1);
    expect(err).toContain(`there is no ${user.home}/.cli-proxy-api`);
  });
});

describe("what a file is, is told from what it holds", () => {
  const flat = () => {
    const { tokens, last_refresh } = JSON.parse(auth(BOB));
    return JSON.stringify({ ...tokens, last_refresh, type: "codex" });
  };
  test.each<[string, () => string, string[]]>([
    ["an array", () => `[${auth(ALICE)}, ${keyAuth()}]`, ["in.json[1]", "in.json[2]"]],
    ["a list of accounts", () => `{"accounts": [${auth(ALICE)}, ${auth(BOB)}]}`, ["in.json[1]", "in.json[2]"]],
    [
      "JSON lines",
      () => [auth(ALICE), auth(BOB)].map((text) => JSON.stringify(JSON.parse(text))).join("\n"),
      ["in.json[1]", "in.json[2]"],
    ],
    ["CLIProxyAPI's form", flat, ["in.json"]],
    ["a bare key", () => `${KEY.key}\n`, ["in.json"]],
    ["a line of an .env", () => `# mine\nexport OPENAI_API_KEY="${KEY.key}"  # work\nOTHER=1\n`, ["in.json"]],
  ])("%s", async (_, text, names) => {
    user.fake.addKey(KEY);
    const { code, out, err } = await user.run(["import", user.write("in.json", text())]);
    expect({ code, imported: [...out.matchAll(/ {2}imported {2}(.*)/g)].map(([, name]) => name) }).toEqual({
      code: 0,
      imported: names,
    });
    expect(`${out}${err}`).not.toContain(KEY.key);
  });

  test("several paths at once", async () => {
    const folder = user.directory("more");
    user.write("more/bob.json", auth(BOB));
    const out = await user.auth(["import", user.write("alice.json", auth(ALICE)), folder]);
    expect(out).toContain("  imported  alice.json\n  imported  bob.json\n");
    expect((await user.run(["import", folder, join(user.home, "none")])).code).toBe(1);
  });
});

test.each([true, false])(
  "accounts/ alone on another machine, times kept: %j: nobody is logged out, switch works",
  async (preserveTimestamps) => {
    for (const who of [ALICE, BOB, KEY]) await user.add(who);
    await user.auth(["switch", "alice"]);
    await using other = new User();
    cpSync(store.accounts, join(other.base, "accounts"), { recursive: true, preserveTimestamps });
    const { err } = await other.run(["sync"]);
    expect(err).toContain(
      "alice@example.com was the default account elsewhere; to have it here: codex-auth switch 'alice@example.com'",
    );
    expect(await other.auth(["list", "--skip-api"])).not.toContain("logged out");
    expect(await other.auth(["switch", "alice@example.com"])).toBe("the default account is alice@example.com\n");
    expect((await other.json(["current"])).account.email).toBe(ALICE.email);
  },
);
