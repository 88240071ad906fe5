import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { MANAGED, STRAYS } from "../../src/core/homes/environment.ts";
import { fakeKey } from "../fake/accounts.ts";
import { testWith } from "../needs.ts";
import { User } from "./user.ts";

const ALICE = { email: "alice@example.com", plan: "plus" };
const KEY = fakeKey("acme", { email: "billing@acme.example" });

let template: User;
beforeAll(async () => {
  template = new User();
  await template.add(ALICE);
  await template.add(KEY);
  await template.auth(["switch", ALICE.email]);
});
afterAll(() => template[Symbol.asyncDispose]());

let user: User;
beforeEach(() => {
  user = template.copy({ keys: [KEY] });
});
afterEach(() => user[Symbol.asyncDispose]());

/** What a command gets that runs here by `codex-auth exec`. */
async function environmentIn(
  cwd: string,
  env: Record<string, string> = {},
  words: string[] = [],
): Promise<Record<string, string>> {
  const out = await user.auth(["exec", ...words, "--", "env", "-0"], { cwd, env });
  return Object.fromEntries(
    out
      .split("\0")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

const homeOf = async (email: string): Promise<string> => {
  const { accounts } = await user.json(["list", "--skip-api"]);
  const account = accounts.find((one: { email: string }) => one.email === email);
  return join(user.base, "codex-auth/homes", account.home_id);
};

describe("a pin", () => {
  test("holds in the directory and below, and nowhere else", async () => {
    const acme = user.directory("work/acme");
    const inside = user.directory("work/acme/src/deep");
    const beside = user.directory("work/acme-two");
    await user.auth(["pin", KEY.email ?? ""], { cwd: acme });
    const home = await homeOf("billing@acme.example");
    for (const [cwd, codexHome, source] of [
      [acme, home, "pin"],
      [inside, home, "pin"],
      [beside, user.base, "default"],
      [user.home, user.base, "default"],
    ] as const) {
      const current = await user.json(["current"], { cwd });
      expect([current.codex_home, current.source, current.pin]).toEqual([
        codexHome,
        source,
        source === "pin" ? acme : null,
      ]);
    }
  });

  test("the deepest one decides, and unpin names the parent that is pinned", async () => {
    const outer = user.directory("work");
    const inner = user.directory("work/acme");
    await user.auth(["pin", ALICE.email, outer]);
    await user.auth(["pin", "billing@acme.example", inner]);
    expect((await user.json(["current"], { cwd: inner })).account.email).toBe("billing@acme.example");
    await user.auth(["unpin"], { cwd: inner });
    expect((await user.json(["current"], { cwd: inner })).account.email).toBe(ALICE.email);
    const { code, err } = await user.run(["unpin"], { cwd: inner });
    expect(code).toBe(1);
    expect(err).toContain(outer);
    await user.auth(["unpin", outer]);
    expect((await user.run(["unpin", outer])).code).toBe(1);
    expect(readdirSync(join(user.base, "codex-auth/pins"))).toEqual([]);
  });

  test.each([
    ["$(touch x)"],
    ["`id`"],
    ["[x]*"],
    ["-n"],
    ["with space"],
    ['it\'s "quoted"'],
    ["tür 東京"],
    ["new\nline"],
  ])("of a directory named %j", async (name) => {
    const cwd = user.directory(`odd/${name}`);
    await user.auth(["pin", "billing@acme.example"], { cwd });
    expect(await user.json(["pins"])).toMatchObject({
      pins: [{ path: cwd, account: { email: "billing@acme.example" } }],
    });
    expect((await user.json(["current"], { cwd })).pin).toBe(cwd);
    await user.auth(["unpin"], { cwd });
    expect(readdirSync(user.home)).not.toContain("x");
  });

  test("of a directory that is gone is found by the way that led there, over a link too", async () => {
    const place = user.directory("real/work");
    symlinkSync("real", join(user.home, "link"));
    for (const way of ["link/work", "link/work/", "real/../link/work"]) {
      mkdirSync(place, { recursive: true });
      await user.auth(["pin", ALICE.email, place]);
      rmSync(place, { recursive: true });
      expect(await user.auth(["unpin", way])).toBe(`${place} is not pinned any more\n`);
    }
  });

  test("names the physical directory", async () => {
    const real = user.directory("real");
    symlinkSync(real, join(user.home, "link"));
    await user.auth(["pin", ALICE.email, "link"]);
    expect((await user.json(["pins"])).pins.map((pin: { path: string }) => pin.path)).toEqual([real]);
  });

  test.each([
    [["pin", "alice@example.com", "no/such/dir"], "does not exist"],
    [["pin", "alice@example.com", "file"], "not a directory"],
    [["pin", "alice@example.com", "%account"], "%account"],
    [["pin", "nobody@example.com"], "no account matches"],
  ])("%j is refused", async (words, message) => {
    user.write("file", "");
    user.directory("%account");
    const { code, out, err } = await user.run(words);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(message);
  });

  test("of a deleted directory goes with --prune, and can be taken away by name", async () => {
    for (const name of ["a", "b"]) {
      const path = user.directory(name);
      await user.auth(["pin", ALICE.email, path]);
      rmSync(path, { recursive: true });
    }
    await user.auth(["unpin", join(user.home, "a")]);
    expect((await user.json(["pins", "--prune"])).pins).toEqual([]);
  });

  testWith(
    "git",
    "in the main work tree of a repository holds in its linked work trees, and not for a forged one",
    async () => {
      const git = (...words: string[]) =>
        Bun.spawnSync(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
          cwd: join(user.home, "repo"),
          env: { HOME: user.home, PATH: "/usr/bin:/bin" },
        });
      user.directory("repo");
      git("init", "-q");
      git("commit", "-q", "--allow-empty", "-m", "x");
      git("worktree", "add", "-q", "../tree");
      await user.auth(["pin", "billing@acme.example", "repo"]);
      expect((await user.json(["current"], { cwd: join(user.home, "tree") })).pin).toBe(join(user.home, "repo"));
      const forged = user.directory("forged");
      writeFileSync(join(forged, ".git"), readFileSync(join(user.home, "tree/.git")));
      expect((await user.json(["current"], { cwd: forged })).source).toBe("default");
    },
  );
});

describe("exec", () => {
  test("sets and unsets the variables of an account, and keeps the rest", async () => {
    const cwd = user.directory("acme");
    await user.auth(["pin", "billing@acme.example", cwd]);
    const strays = Object.fromEntries(STRAYS.map((name) => [name, "stray"]));
    const env = await environmentIn(cwd, { ...strays, OPENAI_API_KEY: "sk-mine", OTHER: "x" });
    const home = await homeOf("billing@acme.example");
    expect(env).toMatchObject({
      CODEX_HOME: home,
      CODEX_SQLITE_HOME: user.base,
      OPENAI_API_KEY: KEY.key,
      CODEX_AUTH_EMAIL: "billing@acme.example",
      CODEX_AUTH_PLAN: "API_KEY",
      CODEX_AUTH_LABEL: "billing@acme.example API_KEY",
      CODEX_AUTH_SOURCE: "pin",
      OTHER: "x",
    });
    for (const name of STRAYS) expect(env).not.toHaveProperty(name);
  });

  test("as the default account leaves what the user has", async () => {
    const env = await environmentIn(user.home, { OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "p" });
    expect(env).toMatchObject({
      OPENAI_API_KEY: "sk-mine",
      OPENAI_PROJECT: "p",
      CODEX_AUTH_SOURCE: "default",
      CODEX_AUTH_LABEL: `${ALICE.email} !`,
    });
    expect(env).not.toHaveProperty("CODEX_HOME");
  });

  test("as the default account, a key: the user's own key stays his, for env too", async () => {
    await user.auth(["switch", "billing@acme.example"]);
    for (const [own, key] of [
      ["sk-mine", "sk-mine"],
      ["", KEY.key],
    ] as const) {
      const env = { OPENAI_API_KEY: own };
      expect((await environmentIn(user.home, env)).OPENAI_API_KEY).toBe(key);
      expect((await user.json(["env"], { env })).set.OPENAI_API_KEY).toBe(own ? undefined : key);
    }
  });

  test("as the default account undoes what the calling shell's account has set", async () => {
    const cwd = user.directory("acme");
    await user.auth(["pin", "billing@acme.example", cwd]);
    const inAcme = await environmentIn(cwd);
    const env = await environmentIn(user.home, inAcme);
    for (const name of MANAGED) expect(env).not.toHaveProperty(name);
    expect(env.CODEX_AUTH_LABEL).toBe(ALICE.email);
  });

  test("as a selected account holds for what the command starts", async () => {
    const env = await environmentIn(user.home, {}, ["--account", "billing@acme.example"]);
    expect(env.CODEX_AUTH_SOURCE).toBe("use");
    expect((await user.json(["current"], { env })).account.email).toBe("billing@acme.example");
  });

  test.each([
    [["exec", "--", "sh", "-c", "exit 7"], 7],
    [["exec", "--", "sh", "-c", 'test "$1" = "a b"', "sh", "a b"], 0],
    [["exec", "--", "no-such-command"], 127],
    [["exec", "--", "./no-such-command"], 127],
    [["exec", "--", "/etc/passwd"], 126],
    [["exec", "--", "/etc"], 126],
    [["exec"], 2],
  ])("%j exits with %d", async (words, code) => {
    expect((await user.run(words)).code).toBe(code);
  });

  const script = (text: string) => {
    const path = user.write("script", text);
    chmodSync(path, 0o755);
    return path;
  };

  test("a script that does not say what runs it is run by sh", async () => {
    const { code, out, err } = await user.run(["exec", "--", script('echo "$1" $#; exit 3\n'), "a b", "c"]);
    expect({ code, out, err }).toEqual({ code: 3, out: "a b 2\n", err: "" });
  });

  test("a script whose first line names what is not there", async () => {
    const path = script("#!/no/such/program\n");
    const { code, out, err } = await user.run(["exec", "--", path]);
    const said = `codex-auth: "${path}" cannot be run\n  try: its first line names a program that is not there\n`;
    expect({ code, out, err }).toEqual({ code: 126, out: "", err: said });
  });
});

test.each([
  [["exec", "--", "true"], ""],
  [["env"], "export CODEX_HOME="],
])("%j with no account at all", async (words, begin) => {
  await using nobody = new User();
  for (const makesBase of [false, true]) {
    if (makesBase) nobody.write(".codex/config.toml", "");
    const { code, out, err } = await nobody.run(words);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("there are no accounts") });
    expect(out).toStartWith(begin);
  }
  nobody.write(".codex/auth.json", JSON.stringify({ OPENAI_API_KEY: KEY.key }));
  expect((await nobody.run(words)).code).toBe(0);
});

test("env takes away what an environment tells of another account", async () => {
  await using keyed = new User();
  await keyed.add(fakeKey("nobody's", { email: null }));
  const told = { CODEX_AUTH_EMAIL: "x@y.z", CODEX_AUTH_PLAN: "Plus", CODEX_AUTH_LABEL: "x", CODEX_AUTH_ACCOUNT: "x" };
  const unsetBy = async (words: string[], env: Record<string, string>) =>
    (await keyed.json(["env", ...words], { env })).unset.filter(
      (name: string) => name.startsWith("CODEX_AUTH_") && name in told,
    );
  expect(await unsetBy(["01"], told)).toEqual(["CODEX_AUTH_EMAIL"]);
  expect(await unsetBy(["01"], {})).toEqual([]);
  expect((await unsetBy([], told)).toSorted()).toEqual(Object.keys(told).toSorted());
});

test("a directory where the account belongs, and no place to export to", async () => {
  expect(await user.run(["pin", "/tmp"])).toMatchObject({
    code: 2,
    err: 'codex-auth: "/tmp" is a directory, and the account comes first\n  try: codex-auth pin SELECTOR /tmp\n',
  });
  const { code, err } = await user.run(["export", "--to", "/proc/nowhere"]);
  expect({ code, err }).toEqual({
    code: 1,
    err: "codex-auth: /proc/nowhere cannot be made, or is no directory: no such file or directory\n  try: codex-auth export --to another directory\n",
  });
});

describe("an account that is not there fails closed", () => {
  const forget = (email: string) => {
    const path = join(user.base, "accounts/registry.json");
    const registry = JSON.parse(readFileSync(path, "utf8"));
    registry.accounts = registry.accounts.filter((account: { email: string }) => account.email !== email);
    writeFileSync(path, JSON.stringify(registry));
  };

  test.each(["taken out of the registry", "removed", "an env file that is cut off", "a damaged pin"])(
    "%s",
    async (how) => {
      const cwd = user.directory("acme");
      await user.auth(["pin", "billing@acme.example", cwd]);
      const home = await homeOf("billing@acme.example");
      if (how === "taken out of the registry") forget("billing@acme.example");
      if (how === "removed") await user.auth(["remove", "billing@acme.example"]);
      if (how === "a damaged pin") writeFileSync(join(user.base, "codex-auth/pins", cwd, "%account"), "nonsense\n");
      if (how === "an env file that is cut off") {
        const file = home.replace("/homes/", "/env/");
        writeFileSync(file, readFileSync(file, "utf8").slice(0, -10));
      }
      const current = await user.json(["current"], { cwd });
      expect(current).toMatchObject({ account: null, source: "pin", pin: cwd });
      expect(current.codex_home).toEndWith(".missing");
      expect(existsSync(current.codex_home)).toBe(false);
      expect(await user.auth(["current"], { cwd })).toStartWith("missing account\n");
      if (how === "an env file that is cut off") return; // what only a file lacks, exec mends
      for (const words of [["exec", "--", "true"], ["env"]]) {
        const { code, out, err } = await user.run(words, { cwd });
        // what a script evaluates keeps Codex from starting too
        const set =
          words[0] === "env"
            ? "export CODEX_HOME='" + join(user.base, "codex-auth/homes/0000000000000000.missing'")
            : "";
        expect({ code, out: out.split("\n")[0] }).toEqual({ code: 1, out: set });
        expect(err).toContain(cwd);
      }
    },
  );

  test.each(["0123456789abcdef", "nonsense", "../../../etc"])("CODEX_AUTH_USE=%s", async (use) => {
    const options = { env: { CODEX_AUTH_USE: use } };
    expect(await user.json(["current"], options)).toMatchObject({ account: null, source: "use" });
    expect((await user.run(["exec", "--", "true"], options)).code).toBe(1);
  });
});

describe("use", () => {
  test("says that it needs the snippet", async () => {
    const { code, out, err } = await user.run(["use", ALICE.email]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("snippet");
  });

  test("gives the snippet a home id, and beats a pin", async () => {
    const options = { env: { CODEX_AUTH_SNIPPET: "zsh" } };
    const id = (await user.auth(["use", "billing@acme.example"], options)).trim();
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    const cwd = user.directory("alice");
    await user.auth(["pin", ALICE.email, cwd]);
    expect(await user.json(["current"], { cwd, env: { CODEX_AUTH_USE: id } })).toMatchObject({
      source: "use",
      account: { email: "billing@acme.example" },
    });
    expect(await user.auth(["use", "-"], options)).toBe("-\n");
  });
});

describe("config.toml that would make Codex be somebody else", () => {
  test.each([
    ['cli_auth_credentials_store = "keyring"', "alice@example.com"],
    ['cli_auth_credentials_store = "ephemeral"', "billing@acme.example"],
    ['forced_login_method = "chatgpt"', "billing@acme.example"],
    ['forced_login_method = "api"', "alice@example.com"],
    ['forced_chatgpt_workspace_id = "another"', "alice@example.com"],
  ])("%s: pin, use, switch of %s name the line", async (line, email) => {
    user.write(".codex/config.toml", `${line}\n`);
    for (const words of [
      ["pin", email],
      ["use", email],
      ["switch", email],
    ]) {
      const { code, out, err } = await user.run(words, { env: { CODEX_AUTH_SNIPPET: "zsh" } });
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain(line);
    }
  });
});

describe("an account home", () => {
  test("shares the base home by links, and keeps its own login and caches", async () => {
    user.directory(".codex/mine");
    user.write(".codex/models_cache.json", "{}");
    await user.auth(["pin", ALICE.email]);
    const home = await homeOf(ALICE.email);
    expect(readlinkSync(join(home, "sessions"))).toBe("../../../sessions");
    expect(readlinkSync(join(home, "mine"))).toBe("../../../mine");
    expect(readlinkSync(join(home, "config.toml"))).toBe("../../../config.toml");
    expect(lstatSync(join(user.base, "sessions")).isDirectory()).toBe(true);
    expect(readdirSync(home)).not.toContain("models_cache.json");
    expect(readlinkSync(join(home, "auth.json"))).toMatch(/^\.\.\/\.\.\/\.\.\/accounts\/.+\.auth\.json$/);
    user.directory(".codex/later");
    await user.auth(["sync"]);
    expect(readlinkSync(join(home, "later"))).toBe("../../../later");
  });

  test("shares nothing when share is none, and everything again afterwards", async () => {
    await user.auth(["pin", ALICE.email]);
    const home = await homeOf(ALICE.email);
    await user.auth(["config", "share", "none"]);
    expect(readdirSync(home).sort()).toEqual(["auth.json", "auth.lock"]);
    expect(await environmentIn(user.home)).not.toHaveProperty("CODEX_SQLITE_HOME");
    await user.auth(["config", "share", "all"]);
    expect(readlinkSync(join(home, "sessions"))).toBe("../../../sessions");
  });

  test("of a removed account keeps what makes old sessions resumable, and no login", async () => {
    await user.auth(["pin", "billing@acme.example"]);
    const home = await homeOf("billing@acme.example");
    user.write(".codex/sessions/2026/rollout.jsonl", "{}");
    const { err } = await user.run(["remove", "billing@acme.example"]);
    expect(err).toContain(user.home);
    expect(readdirSync(home).sort()).toEqual(["archived_sessions", "sessions"]);
    expect(existsSync(join(home, "sessions/2026/rollout.jsonl"))).toBe(true);
    expect(readdirSync(join(user.base, "accounts")).filter((name) => name.startsWith("YXBpa2V5"))).toEqual([]);
    await user.add(KEY);
    await user.auth(["pin", "billing@acme.example"]);
    expect((await user.json(["current"])).account.email).toBe("billing@acme.example");
  });
});

test("label_width cuts the label in its middle, and the mark behind it stays; 0 shows it whole", async () => {
  const long = "a-very-long-address-of-somebody@subdomain.example.com";
  await user.add({ email: long });
  await user.auth(["config", "label_width", "20"]);
  const label = async () => (await user.json(["env", long])).set.CODEX_AUTH_LABEL;
  expect(await label()).toBe("a-very-lon…ample.com");
  await user.auth(["config", "label_width", "0"]);
  expect(await label()).toBe(long);
  for (const value of ["7", "201", "-1", "x"]) expect((await user.run(["config", "label_width", value])).code).toBe(2);
});

test("nothing written is wider than 0600 and 0700, also under umask 000", async () => {
  const fresh = new User();
  try {
    const file = fresh.write("key.json", JSON.stringify({ OPENAI_API_KEY: KEY.key }));
    fresh.fake.addKey(KEY);
    for (const words of [
      ["import", file],
      ["switch", "billing@acme.example"],
      ["pin", "billing@acme.example"],
      ["config", "announce", "true"],
      ["sync"],
    ]) {
      expect(await fresh.run(words, { first: "umask 000" })).toMatchObject({ code: 0 });
    }
    const wide: string[] = [];
    const visit = (path: string) => {
      const stat = lstatSync(path);
      if (!stat.isSymbolicLink() && stat.mode & 0o077) wide.push(`${path} ${(stat.mode & 0o777).toString(8)}`);
      if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    };
    visit(fresh.base);
    expect(wide).toEqual([]);
  } finally {
    await fresh[Symbol.asyncDispose]();
  }
});

test("a moved credential directory is found by its link all the same", async () => {
  renameSync(join(user.base, "accounts"), join(user.base, "kept"));
  symlinkSync("kept", join(user.base, "accounts"));
  await user.auth(["sync"]);
  expect((await user.json(["current"])).account.email).toBe(ALICE.email);
});

test.each([[["pin", "alice"]], [["use", "alice"]], [["init", "zsh"]], [["login", "--pin"]]])(
  "%j where the path of the base home holds a line feed: it is refused, and nothing is made",
  async (words) => {
    const base = user.directory("a\nbase");
    const env = { CODEX_AUTH_BASE: base, CODEX_AUTH_SNIPPET: "zsh" };
    const { code, out, err } = await user.run(words, { env });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toStartWith("codex-auth: the path of the base home holds a line feed: ");
    expect(readdirSync(base)).toEqual([]);
  },
);
