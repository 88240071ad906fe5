import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { isCredential, parseCredential } from "../../src/core/accounts/credential.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { PROGRAM } from "../shells/program.ts";
import { Terminal } from "../shells/terminal.ts";
import { ALICE, auth, BOB, KEY, storeOf } from "./credentials.ts";
import { User } from "./user.ts";

const ALICE_KEY = "user-alice::acct-alice";
const BOB_KEY = "user-bob::acct-bob";
/** A kind of login that codex-auth does not know. */
const UNKNOWN = JSON.stringify({ auth_mode: "agent_identity", agent_identity: "secret-of-an-agent" });
const MCP = JSON.stringify({ "figma|1": { access_token: "secret-of-figma" } });

let user: User;
beforeEach(async () => {
  user = new User({ keys: [KEY] });
  for (const who of [ALICE, BOB]) await user.add(who);
  await user.auth(["switch", "alice"]);
});
afterEach(() => user[Symbol.asyncDispose]());

const ours = (...path: string[]) => join(user.base, "codex-auth", ...path);
const live = (key: string) => join(user.base, "accounts", `${fileKeyOf(key)}.auth.json`);
/** What is kept, by the beginning of its name. */
const kept = () => {
  const found: Record<string, string> = {};
  for (const name of existsSync(ours("kept")) ? readdirSync(ours("kept")) : []) {
    expect(name).toMatch(/^.+\.\d{8}-\d{6}(\.\d+)?\.json$/);
    expect(statSync(ours("kept", name)).mode & 0o777).toBe(0o600);
    const text = readFileSync(ours("kept", name), "utf8");
    const credential = parseCredential(text);
    const isLogin = isCredential(credential) && credential.kind === "chatgpt";
    const whose = name.replace(/\.\d{8}-.*$/, "");
    found[whose] = [...(found[whose]?.split("\n") ?? []), isLogin ? credential.accountKey : text].sort().join("\n");
  }
  return found;
};
const homeOf = async (name: string) => {
  const { accounts } = await user.json(["list", "--skip-api"]);
  return ours("homes", accounts.find((one: { email: string }) => one.email === name).home_id);
};

describe("the last copy of a login is never dropped", () => {
  interface Row {
    what: string;
    /** Lays something down; the words are then run. */
    before: () => void | Promise<void>;
    words: string[];
    keeps: () => Record<string, string>;
  }
  const old = (path: string) => utimesSync(path, 1000, 1000);

  const rows: Row[] = [
    {
      what: "import over a live credential of an unknown kind",
      before: () => writeFileSync(live(ALICE_KEY), UNKNOWN),
      words: ["import", "again.json"],
      keeps: () => ({ unknown: UNKNOWN }),
    },
    {
      what: "import over a live credential that holds nothing",
      before: () => writeFileSync(live(ALICE_KEY), "{}"),
      words: ["import", "again.json"],
      keeps: () => ({}),
    },
    {
      what: "switch over an auth.json of an unknown kind",
      before() {
        rmSync(join(user.base, "auth.json"));
        writeFileSync(join(user.base, "auth.json"), UNKNOWN);
      },
      words: ["switch", "bob"],
      keeps: () => ({ unknown: UNKNOWN }),
    },
    {
      what: "an older login of the same account in the base home",
      before() {
        rmSync(join(user.base, "auth.json"));
        user.write(".codex/auth.json", auth({ ...ALICE, lastRefresh: "2020-01-01T00:00:00Z" }));
      },
      words: ["sync"],
      keeps: () => ({ [ALICE.email]: ALICE_KEY }),
    },
    {
      what: "clean and backups of logins that nobody knows",
      before() {
        for (const [at, who] of ["eve", "eve", "eve", "eve", "eve", "eve"].entries())
          user.write(`.codex/accounts/auth.json.bak.20260101-00000${at}`, auth({ email: `${who}${at}@example.com` }));
        user.write(".codex/accounts/auth.json.bak.20250101-000000", UNKNOWN);
        user.write(
          ".codex/accounts/auth.json.bak.20240101-000000",
          auth({ ...ALICE, lastRefresh: "2020-01-01T00:00:00Z" }),
        );
      },
      words: ["clean"],
      keeps: () => ({ unknown: UNKNOWN, "eve0@example.com": "user-eve0::acct-eve0" }),
    },
    {
      what: "clean and a broken-off login of an unknown kind",
      before() {
        old(join(user.write(".codex/codex-auth/login-0123456789ab/auth.json", UNKNOWN), ".."));
      },
      words: ["clean"],
      keeps: () => ({ unknown: UNKNOWN }),
    },
    {
      what: "clean and the MCP logins of a home whose account has gone",
      before: () => void user.write(".codex/codex-auth/homes/0123456789abcdef/.credentials.json", MCP),
      words: ["clean"],
      keeps: () => ({ "mcp-0123456789abcdef": MCP }),
    },
    {
      what: "remove of another account",
      before: () => writeFileSync(live(ALICE_KEY), UNKNOWN),
      words: ["remove", "bob@example.com"],
      keeps: () => ({}),
    },
    {
      what: "remove --keep",
      before: () => {},
      words: ["remove", "bob@example.com", "--keep"],
      keeps: () => ({ [BOB.email]: BOB_KEY }),
    },
    {
      what: "remove --keep of an account that is logged out",
      before: () => rmSync(live(BOB_KEY)),
      words: ["remove", "bob@example.com", "--keep"],
      keeps: () => ({ [BOB.email]: BOB_KEY }),
    },
    {
      what: "eject and a backup that a message had named",
      before: () => rmSync(live(BOB_KEY)),
      words: ["eject"],
      keeps: () => ({ [BOB.email]: BOB_KEY }),
    },
    {
      what: "eject and logins to MCP servers, a parked login, one that was broken off behind the browser",
      async before() {
        await user.auth(["pin", "bob@example.com"]);
        writeFileSync(join(await homeOf(BOB.email), ".credentials.json"), MCP);
        user.write(".codex/codex-auth/login-0123456789ab/auth.json", UNKNOWN);
        user.write(".codex/codex-auth/pending/x.auth.json", UNKNOWN.replace("secret", "other"));
      },
      words: ["eject"],
      keeps: () => ({
        unknown: [UNKNOWN, UNKNOWN.replace("secret", "other")].sort().join("\n"),
        [Object.keys(kept()).find((one) => one.startsWith("mcp-")) ?? "mcp"]: MCP,
      }),
    },
  ];

  test.each(rows)("$what", async ({ before, words, keeps }) => {
    user.write("again.json", auth({ ...ALICE, lastRefresh: "2026-09-01T00:00:00Z" }));
    await before();
    const { code, err } = await user.run(words);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(kept()).toEqual(keeps());
    for (const name of existsSync(ours("kept")) ? readdirSync(ours("kept")) : [])
      expect(err).toContain(ours("kept", name));
    expect((await user.run(words)).err).not.toContain("kept, because");
  });
});

test("a login that was killed behind the browser is taken up by the next sync, never while it goes on", async () => {
  const scratch = ours("login-0123456789ab");
  user.write(".codex/codex-auth/login-0123456789ab/auth.json", auth({ email: "eve@example.com" }));
  const holder = Bun.spawn(["flock", "--no-fork", join(scratch, "lock"), "sleep", "60"]);
  await Bun.sleep(300);
  await user.auth(["sync"]);
  expect(existsSync(join(scratch, "auth.json"))).toBe(true);
  holder.kill();
  await holder.exited;
  const { err } = await user.run(["sync"]);
  expect(err).toContain("a login of eve@example.com that was broken off is taken up");
  expect(storeOf(user).keys()).toContain("user-eve::acct-eve");
  expect(existsSync(scratch)).toBe(false);
  expect(kept()).toEqual({});
});

test("codex login that leaves a login of an unknown kind: it is kept, and named", async () => {
  user.write("bin/codex", `#!/bin/sh\nprintf %s '${UNKNOWN}' > "$CODEX_HOME/auth.json"\n`, 0o755);
  const { code, err } = await user.run(["login"]);
  expect(code).toBe(1);
  expect(kept()).toEqual({ unknown: UNKNOWN });
  expect(err).toContain(ours("kept"));
  expect(readdirSync(ours()).filter((name) => name.startsWith("login-"))).toEqual([]);
});

describe("what is kept", () => {
  beforeEach(async () => {
    await user.auth(["remove", "bob@example.com", "--keep"]);
  });
  const [path] = ["bob@example.com"];
  const file = () => readdirSync(ours("kept"))[0] ?? "";

  test("doctor lists it with whose it is", async () => {
    const { out } = await user.run(["doctor"]);
    expect(out).toContain(`${ours("kept", file())} is kept: a login of ${path}`);
    expect(out).toContain(`try: codex-auth import ${ours("kept", file())}`);
  });

  test("import takes it: it has its place again", async () => {
    await user.auth(["import", ours("kept", file())]);
    expect(storeOf(user).keys()).toEqual([ALICE_KEY, BOB_KEY]);
    expect(kept()).toEqual({});
  });

  test("import of the folder takes all of it that it can", async () => {
    user.write(".codex/codex-auth/kept/unknown.20260101-000000.json", UNKNOWN);
    await user.auth(["import", ours("kept")]);
    expect(kept()).toEqual({ unknown: UNKNOWN });
  });

  test.each(["remove --all --yes", "clean", "sync", "import --purge", "eject"])("%s leaves it", async (words) => {
    await user.auth(words.split(" "));
    expect(kept()).toEqual({ [BOB.email]: BOB_KEY });
  });

  test.each([(name: string) => name, (name: string) => ours("kept", name)])(
    "it is removed by its name only",
    async (word) => {
      const name = file();
      expect(await user.auth(["remove", word(name)])).toContain(`removed ${ours("kept", name)}`);
      expect(kept()).toEqual({});
      expect(storeOf(user).keys()).toEqual([ALICE_KEY]);
    },
  );
});

describe("remove on a terminal", () => {
  const open = (...words: string[]) =>
    new Terminal([...PROGRAM, ...words], {
      cwd: user.home,
      env: { HOME: user.home, PATH: "/usr/bin:/bin", TERM: "xterm-256color", ...fakeEnvironment(user.fake) },
    });

  test("asks, naming what goes", async () => {
    await user.auth(["pin", "alice@example.com"]);
    writeFileSync(join(await homeOf(ALICE.email), ".credentials.json"), MCP);
    await using terminal = open("remove", "alice@example.com");
    await terminal.waitFor("Remove alice@example.com? y/N");
    const shown = terminal.transcript();
    for (const line of [
      "its login goes for good",
      "MCP servers",
      "it is the default account",
      `${user.home} stays pinned`,
    ])
      expect(shown).toContain(line);
    terminal.write("n");
    expect(await terminal.exited).toBe(1);
    expect(storeOf(user).keys()).toContain(ALICE_KEY);
  });

  test("y removes it", async () => {
    await using terminal = open("remove", "bob@example.com");
    await terminal.waitFor("Remove bob@example.com? y/N");
    terminal.write("y");
    expect(await terminal.exited).toBe(0);
    expect(storeOf(user).keys()).toEqual([ALICE_KEY]);
  });

  test("--yes does not ask", async () => {
    await using terminal = open("remove", "bob@example.com", "--yes");
    expect(await terminal.exited).toBe(0);
    expect(storeOf(user).keys()).toEqual([ALICE_KEY]);
  });

  test("eject asks about pins", async () => {
    await user.auth(["pin", "bob@example.com"]);
    await using terminal = open("eject");
    await terminal.waitFor("Forget this pin and take codex-auth out of");
    terminal.write("n");
    expect(await terminal.exited).toBe(1);
    expect((await user.json(["pins"])).pins).toHaveLength(1);
  });
});

test("under share none the sessions of a removed account stay, and are named", async () => {
  await user.auth(["config", "share", "none"]);
  await user.auth(["pin", "bob@example.com"]);
  const home = await homeOf(BOB.email);
  mkdirSync(join(home, "sessions/2026"), { recursive: true });
  for (const name of ["sessions/2026/rollout-x.jsonl", "history.jsonl", "state_5.sqlite", "models_cache.json"])
    writeFileSync(join(home, name), "{}");
  const { code, err } = await user.run(["remove", "bob@example.com", "--unpin"]);
  expect(code).toBe(0);
  expect(err).toContain(`sessions that are nowhere else stay in ${home}`);
  expect(readdirSync(home).sort()).toEqual(["history.jsonl", "sessions", "state_5.sqlite"]);
  await user.auth(["clean"]);
  expect(existsSync(join(home, "sessions/2026/rollout-x.jsonl"))).toBe(true);
});

test("eject leaves no empty directories and no locks of ours behind", async () => {
  await user.auth(["pin", "bob@example.com"]);
  await user.auth(["eject"]);
  expect(readdirSync(user.base).sort()).toEqual(["accounts", "auth.json", "auth.lock"]);
  expect(readdirSync(join(user.base, "accounts")).filter((name) => name.endsWith(".lock"))).toEqual([]);
});
