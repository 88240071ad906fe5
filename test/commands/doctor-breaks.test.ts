import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { examine } from "../../src/commands/doctor/checks.ts";
import { baseHome } from "../../src/commands/doctor/places.ts";
import { fileKeyOf, homeIdOf } from "../../src/core/accounts/account.ts";
import { makeBaseHome } from "../base-home.ts";
import { quote } from "../../src/shell.ts";
import { PROGRAM } from "../shells/program.ts";
import { ALICE, auth, BOB, KEY, KEY_ACCOUNT, keyAuth, storeOf } from "./credentials.ts";
import { User } from "./user.ts";

// Each way that somebody, or something, can break a set-up: doctor finds it, names it, and what it says to do mends it and nothing else.

const BOB_ACCOUNT = "user-bob::acct-bob";
const BOB_HOME = homeIdOf(BOB_ACCOUNT);
const EVE = { email: "eve@example.com" };

let user: User;
let work: string;
/** What doctor says of the whole set-up. */
let whole: Finding[];
beforeAll(async () => {
  user = new User({ keys: [KEY] });
  work = user.directory("work");
  for (const who of [ALICE, BOB, KEY]) await user.add(who);
  await user.auth(["switch", "alice"]);
  await user.auth(["pin", "bob@example.com", work]);
  // what is told to be typed is typed
  user.write("bin/codex-auth", `#!/bin/sh\nexec ${PROGRAM.map((one) => quote("bash", one)).join(" ")} "$@"\n`, 0o755);
  copy(user.home, kept());
  whole = await findings();
});
beforeEach(() => copy(kept(), user.home));
afterAll(async () => {
  rmSync(kept(), { recursive: true, force: true });
  await user[Symbol.asyncDispose]();
});

const kept = () => `${user.home}.kept`;
/** Names of files, and links, are copied as they are. */
function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  const { exitCode, stderr } = Bun.spawnSync(["cp", "-a", from, to]);
  if (exitCode !== 0) throw new Error(stderr.toString());
}

interface Finding {
  id: string;
  level: string;
  message: string;
  remedy: string | null;
}
const base = (...path: string[]) => join(user.base, ...path);
const ours = (...path: string[]) => base("codex-auth", ...path);
const live = (key: string) => base("accounts", `${fileKeyOf(key)}.auth.json`);
const home = (...path: string[]) => ours("homes", BOB_HOME, ...path);

async function findings(env: Record<string, string> = {}): Promise<Finding[]> {
  const { out, err } = await user.run(["doctor", "--json"], { env });
  expect(err).toBe("");
  return JSON.parse(out).findings.filter(({ level }: Finding) => level !== "ok");
}

/** Puts a file in the place of a directory. */
const fileAt = (path: string) => {
  rmSync(path, { recursive: true, force: true });
  writeFileSync(path, "", { mode: 0o600 });
};
/** Puts a directory in the place of a file. */
const directoryAt = (path: string) => {
  rmSync(path, { force: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
};
const linkAt = (target: string, path: string) => {
  rmSync(path, { force: true, recursive: true });
  symlinkSync(target, path);
};
const changeRegistry = (change: (registry: any) => void) => {
  const registry = storeOf(user).registry();
  change(registry);
  writeFileSync(storeOf(user).registryFile, JSON.stringify(registry, null, 2));
};

interface Break {
  what: string;
  by: () => void | Promise<void>;
  /** What the finding is, and what it says. */
  id: string;
  level?: "fail" | "warn";
  says: string;
  /** What a person makes of the remedy; by default it is typed as it stands, from the last `: ` on. Null: it says what to look at, and only that. */
  types?: ((remedy: string) => string) | null;
  /** Part of the remedy. */
  remedy?: string;
  /** Variables of the shell. */
  env?: () => Record<string, string>;
  /** What stays to be told. */
  tells?: string;
  /** What is lost by the break itself. */
  lost?: "pins" | "an account";
}

const MOVE = "mv ";
const BREAKS: Break[] = [
  {
    what: "the registry is gone",
    by: () => rmSync(storeOf(user).registryFile),
    id: "registry",
    says: "registry.json is gone",
    remedy: "codex-auth import --purge",
  },
  {
    what: "a registry of a newer version",
    by: () => writeFileSync(storeOf(user).registryFile, '{"schema_version":9,"accounts":[]}'),
    id: "registry",
    says: "has version 9",
    types: null,
    lost: "an account",
  },
  {
    what: "an account twice in the registry",
    by: () => changeRegistry(({ accounts }) => accounts.push(accounts[0])),
    id: "registry",
    level: "warn",
    says: "alice@example.com more than once",
    remedy: "codex-auth import --purge",
  },
  {
    what: "one alias of two accounts",
    by: () => changeRegistry(({ accounts }) => accounts.slice(0, 2).forEach((one: any) => (one.alias = "same"))),
    id: "registry",
    level: "warn",
    says: '"same" is the alias of 2 accounts',
    types: () => "codex-auth alias set user-alice::acct-alice other && codex-auth alias clear other",
  },
  ...["pins", "homes", "env", "backup", "live", "now", "places"].map((name): Break => ({
    what: `a file in the place of ${name}`,
    by: () => fileAt(ours(name)),
    id: "base_home",
    says: `codex-auth/${name} is not a directory`,
    remedy: MOVE,
    ...(name === "pins" && { lost: "pins" }),
  })),
  ...["settings.json", "generation", "synced", "lock", "log"].map((name): Break => ({
    what: `a directory in the place of ${name}`,
    by: () => directoryAt(ours(name)),
    id: "base_home",
    says: `codex-auth/${name} is not a file`,
    remedy: MOVE,
  })),
  ...["generation", "lock"].map((name): Break => ({
    what: `a pipe in the place of ${name}`,
    by() {
      rmSync(ours(name), { force: true });
      Bun.spawnSync(["mkfifo", ours(name)]);
    },
    id: "base_home",
    says: `codex-auth/${name} is not a file`,
    remedy: MOVE,
  })),
  {
    what: "a directory in the place of the registry",
    by: () => directoryAt(storeOf(user).registryFile),
    id: "base_home",
    says: "registry.json is not a file",
    types: (remedy) => `${remedy.split("then: ")[1]} && codex-auth import --purge`,
  },
  {
    what: "a directory in the place of an env file",
    by: () => directoryAt(ours("env", BOB_HOME)),
    id: "base_home",
    says: "is not a file",
    remedy: MOVE,
  },
  {
    what: "a directory in the place of a login",
    by: () => directoryAt(live(BOB_ACCOUNT)),
    id: "base_home",
    says: "is not a file",
    types: (remedy) =>
      `${remedy.split("then: ")[1]} && codex-auth import '${ours("backup", `${fileKeyOf(BOB_ACCOUNT)}.auth.json`)}'`,
  },
  ...(
    [
      ["is cut off", () => writeFileSync(ours("env", BOB_HOME), "CODEX_HOME=/x")],
      ["is empty", () => writeFileSync(ours("env", BOB_HOME), "")],
      [
        "names another home",
        () => {
          const file = ours("env", BOB_HOME);
          writeFileSync(file, readFileSync(file, "utf8").replace(/CODEX_HOME=.*/, "CODEX_HOME=/elsewhere"));
        },
      ],
      ["is gone, of the default account", () => rmSync(ours("env/@default"))],
      ["is damaged, of the default account", () => writeFileSync(ours("env/@default"), "x")],
    ] as const
  ).map(([what, by]): Break => ({
    what: `an env file that ${what}`,
    by,
    id: "env",
    says: what.includes("default") ? "what shells read of the default account" : "what shells read of bob@example.com",
    remedy: "codex-auth sync",
  })),
  {
    what: "a generation that is gone",
    by: () => rmSync(ours("generation")),
    id: "env",
    level: "warn",
    says: "open shells",
    remedy: "codex-auth sync",
  },
  {
    what: "a home that is gone",
    by: () => rmSync(home(), { recursive: true }),
    id: "home",
    says: "the home of bob@example.com is gone",
    remedy: "codex-auth sync",
  },
  {
    what: "a file in the place of a home",
    by: () => fileAt(home()),
    id: "home",
    says: "is not a directory of the base home itself",
    remedy: MOVE,
  },
  {
    what: "a home that was moved away and linked",
    by() {
      renameSync(home(), join(user.home, "elsewhere"));
      symlinkSync(join(user.home, "elsewhere"), home());
    },
    id: "home",
    says: "is not a directory of the base home itself",
    remedy: MOVE,
  },
  {
    what: "a config.toml of a home's own",
    by: () => fileAt(home("config.toml")),
    id: "home",
    level: "warn",
    says: "config.toml is not shared",
    types: (remedy) => `rm '${home("config.toml")}' && ${remedy.split("then: ")[1]}`,
  },
  {
    what: "a home whose auth.json is gone",
    by: () => rmSync(home("auth.json")),
    id: "account",
    says: "bob@example.com is logged out",
  },
  {
    what: "a home whose auth.json was only deleted, long after a Codex had started there",
    by() {
      mkdirSync(home("tmp/arg0-linux"), { recursive: true });
      utimesSync(home("tmp/arg0-linux"), 1, 1);
      rmSync(home("auth.json"));
    },
    id: "account",
    says: "bob@example.com is logged out",
    remedy: "codex-auth import ",
  },
  {
    what: "a home whose auth.json is a link elsewhere",
    by: () => linkAt(user.write("dot.json", auth(EVE)), home("auth.json")),
    id: "account",
    says: "the home of bob@example.com holds another login",
  },
  {
    what: "a home whose auth.json is a directory",
    by: () => directoryAt(home("auth.json")),
    id: "account",
    says: "the home of bob@example.com holds another login",
  },
  {
    what: "a base home whose auth.json is a link of the user's, seen by a shell since",
    async by() {
      linkAt("/nowhere", base("auth.json"));
      await user.auth(["sync", "--quiet"]);
    },
    id: "left_alone",
    level: "warn",
    says: "a link that leads nowhere",
    types: (remedy) => `${remedy.split(": ").at(-1)} alice`,
  },
  {
    what: "a login that is gone",
    by: () => rmSync(live(BOB_ACCOUNT)),
    id: "account",
    says: "bob@example.com is logged out",
  },
  {
    what: "a login with nothing in it",
    by: () => writeFileSync(live(BOB_ACCOUNT), "{}"),
    id: "account",
    says: "the login of bob@example.com is damaged",
  },
  {
    what: "somebody else's login in its place",
    by: () => writeFileSync(live(BOB_ACCOUNT), auth(EVE)),
    id: "account",
    level: "warn",
    says: "eve@example.com has logged in",
    tells: "came back from its backup and may be used up",
    remedy: "codex-auth sync",
    types: (remedy) => `${remedy} && codex-auth remove eve@example.com --yes`,
  },
  {
    what: "a login with a second name, which Codex does not write",
    by: () => linkSync(live(BOB_ACCOUNT), join(user.home, "second")),
    id: "account",
    level: "warn",
    says: "the login of bob@example.com has a second name",
  },
  {
    what: "a login that others can read",
    by: () => chmodSync(live(BOB_ACCOUNT), 0o644),
    id: "permission",
    says: "can be read by others",
    types: (remedy) => remedy,
  },
  {
    what: "codex-auth that others can read",
    by: () => chmodSync(ours(), 0o755),
    id: "permission",
    says: "codex-auth can be read by others",
    types: (remedy) => remedy,
  },
  {
    what: "accounts that others can write",
    by: () => chmodSync(base("accounts"), 0o733),
    id: "base_home",
    says: "accounts can be written by others",
    types: (remedy) => `${remedy} && chmod go= '${base("accounts")}'`,
  },
  {
    what: "a base home whose auth.json leads nowhere",
    by: () => linkAt("/nowhere", base("auth.json")),
    id: "left_alone",
    level: "warn",
    says: "a link that leads nowhere",
  },
  {
    what: "a base home whose auth.json is no login",
    by: () => (rmSync(base("auth.json")), writeFileSync(base("auth.json"), "garbage", { mode: 0o600 })),
    id: "left_alone",
    level: "warn",
    says: "no credential that codex-auth knows",
  },
  ...(
    [
      ["names nobody", () => writeFileSync(ours("pins", work, "%account"), "0123456789abcdef\n")],
      ["says nothing", () => writeFileSync(ours("pins", work, "%account"), "x")],
      ["is a directory", () => directoryAt(ours("pins", work, "%account"))],
    ] as const
  ).map(([what, by]): Break => ({
    what: `a pin that ${what}`,
    by,
    id: "pin",
    says: what === "is a directory" ? "%account is not a file" : "is pinned to an account that is not there",
    ...(what === "is a directory"
      ? {
          id: "base_home",
          types: (remedy) => `${remedy.split("then: ")[1]} && codex-auth pin bob@example.com '${work}'`,
        }
      : { types: (remedy) => remedy.split(", or ")[0]?.replace("SELECTOR", "bob@example.com") ?? "" }),
  })),
  {
    what: "a pinned directory that is gone",
    by: () => rmSync(work, { recursive: true }),
    id: "pin",
    level: "warn",
    says: "is pinned but gone",
    lost: "pins",
  },
  ...(
    [
      ["a key of another's", 'model_provider = "x"\n[model_providers.x]\nenv_key = "X"\n', 'model_provider = "x"'],
      ["only API keys", 'forced_login_method = "api"\n', "forced_login_method"],
      ["logins in a keyring", 'cli_auth_credentials_store = "keyring"\n', "cli_auth_credentials_store"],
      ["no TOML", "a = [", "is no TOML"],
    ] as const
  ).map(([what, text, says]): Break => ({
    what: `a config.toml with ${what}`,
    by: () => void user.write(".codex/config.toml", text),
    id: "config",
    says,
    types: () => `rm '${base("config.toml")}' && codex-auth sync`,
  })),
  {
    what: "an organization in .env",
    by: () => void user.write(".codex/.env", "OPENAI_ORGANIZATION=org-x\n"),
    id: "config",
    says: ".env:1 says OPENAI_ORGANIZATION",
    types: () => `rm '${base(".env")}' && codex-auth sync`,
  },
  {
    what: "a variable that Codex takes instead",
    by: () => {},
    env: () => ({ CODEX_API_KEY: "sk-stray" }),
    id: "stray",
    says: "CODEX_API_KEY is set",
    remedy: "unset CODEX_API_KEY",
    types: null,
  },
  {
    what: "a CODEX_HOME elsewhere",
    by: () => void user.directory("other"),
    env: () => ({ CODEX_HOME: join(user.home, "other"), CODEX_AUTH_BASE: user.base }),
    id: "stray",
    says: "CODEX_HOME is set",
    remedy: "unset CODEX_HOME",
    types: null,
  },
  {
    what: "a login that was broken off",
    by: () => void user.write(".codex/codex-auth/login-0123456789ab/auth.json", auth(EVE)),
    id: "login",
    level: "warn",
    says: "a login of eve@example.com was broken off",
    types: (remedy) => `${remedy} && codex-auth remove eve@example.com --yes`,
  },
  {
    what: "a key that waits for its owner",
    by: () =>
      void user.write(".codex/codex-auth/pending/x.auth.json", keyAuth({ ...KEY, key: "sk-another-0123456789" })),
    id: "pending",
    level: "warn",
    says: "waits until its owner can be asked",
    types: null,
  },
  {
    what: "a replacement that was broken off",
    by: () => void user.write(".codex/codex-auth/rotating.json", "{}"),
    id: "rotation",
    level: "warn",
    says: "replacing a key was broken off",
  },
  {
    what: "a login in kept/",
    by: () => void user.write(".codex/codex-auth/kept/a.json", auth(EVE)),
    id: "kept",
    level: "warn",
    says: "eve@example.com that is nowhere else",
    types: (remedy) => remedy.split(", or ")[1] ?? "",
  },
  {
    what: "a Codex that is too old",
    by: () => void user.write("bin/codex", "#!/bin/sh\necho codex-cli 0.1.0\n", 0o755),
    id: "codex",
    level: "warn",
    says: "version 0.1.0; tested are",
    types: null,
  },
];

describe(`doctor on ${BREAKS.length} broken set-ups`, () => {
  test.each(BREAKS)(
    "$what",
    async ({ by, id, level = "fail", says, remedy = "", types, env = () => ({}), tells, lost }) => {
      const isNew = (one: Finding) => !whole.some((other) => other.message === one.message);
      const logins = [ALICE, BOB].map(({ email }) => email);
      await by();
      const found = (await findings(env())).filter(isNew);
      const named = found.find((one) => one.id === id && one.message.includes(says));
      expect({ named: named?.level, found: named ? [] : found }).toEqual({ named: level, found: [] });
      expect(named?.remedy).toContain(remedy);
      if (types === null) return;
      const typed = types ? types(named?.remedy ?? "") : (named?.remedy?.split(": ").at(-1) ?? "");
      const PATH = `${join(user.home, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`;
      const ran = Bun.spawnSync(["sh", "-c", typed], {
        cwd: user.home,
        env: { HOME: user.home, PATH, CODEX_AUTH_OPENAI_URL: user.fake.openaiUrl },
      });
      expect({ typed, code: ran.exitCode, err: ran.exitCode === 0 ? "" : ran.stderr.toString() }).toEqual({
        typed,
        code: 0,
        err: "",
      });
      expect((await findings(env())).filter(isNew).filter(({ message }) => !tells || !message.includes(tells))).toEqual(
        [],
      );
      // nothing else has changed
      const { accounts } = await user.json(["list", "--skip-api"]);
      expect(accounts.map(({ email }: { email: string }) => email).toSorted()).toEqual(
        [...logins, "billing@acme.example"].toSorted(),
      );
      expect(accounts.filter(({ active }: { active: boolean }) => active)).toMatchObject([ALICE]);
      const { pins } = await user.json(["pins"]);
      expect(pins.map((pin: any) => [pin.path, pin.account?.email])).toEqual(
        lost === "pins" ? [] : [[work, BOB.email]],
      );
      if (lost !== "pins")
        expect(await user.auth(["exec", "--", "sh", "-c", 'cat "$CODEX_HOME/auth.json"'], { cwd: work })).toContain(
          "acct-bob",
        );
      expect(readFileSync(live(KEY_ACCOUNT), "utf8")).toContain(KEY.key);
    },
  );
});

test("a directory that cannot be read is a finding beside the others", () => {
  const world = makeBaseHome();
  const { accounts } = world.ctx.layout;
  const refused = (directory: string) =>
    Object.assign(new Error(`EACCES: permission denied, scandir '${directory}'`), {
      syscall: "scandir",
      code: "EACCES",
    });
  const names = (directory: string) => {
    if (directory === accounts) throw refused(directory);
    return world.ctx.files.names(directory);
  };
  const found = examine({ ...world.ctx, files: { ...world.ctx.files, names } });
  const told = found.filter(({ level, message }) => level === "fail" && message.includes("EACCES"));
  expect(told).not.toEqual([]);
  expect(found.map(({ id }) => id)).toEqual(expect.arrayContaining(["codex", "shim", "shell"]));
  world.remove();
});

test("a base home that cannot be written is told as that", () => {
  const world = makeBaseHome();
  const [found] = baseHome({ ...world.ctx, files: { ...world.ctx.files, isWritable: () => false } });
  expect(found).toMatchObject({
    level: "fail",
    message: expect.stringContaining("cannot be written: no account can be changed"),
    remedy: expect.stringContaining("chmod u+rwx"),
  });
  world.remove();
});
