import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { namedDirectory } from "../../src/commands/shim-exec/directory.ts";
import { apiKeyAuth, fakeKey } from "../fake/accounts.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { type Ran, run } from "../run.ts";
import { type RunOptions, User } from "./user.ts";

// the shim in front of a codex that only tells how it was started

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const SHOWN = ["CODEX_HOME", "CODEX_API_KEY", "OPENAI_ORGANIZATION", "CODEX_AUTH_EMAIL", "CODEX_AUTH_SOURCE"] as const;
const TELL = `for name in ${SHOWN.join(" ")} PWD; do eval "printf '%s\\n' \\"\\\${$name-}\\""; done; pwd -P; for word; do printf '[%s]' "$word"; done`;

let user: User;
let homes: Record<"ada" | "eve", string>;
const at = (...names: string[]) => join(user.home, ...names);
const shim = () => at(".local/bin/codex");
const path = () => `${at(".local/bin")}:${at("bin")}`;

/** Starts `codex` as a script does: no hook, no rc file. */
async function start(args: readonly string[] = [], { cwd = at("play"), env = {} }: RunOptions = {}): Promise<Ran> {
  const own = { HOME: user.home, PATH: path(), ...fakeEnvironment(user.fake), ...env };
  return await run(["/bin/sh", "-c", 'cd "$0" && exec codex "$@"', cwd, ...args], { env: own });
}

/** Starts it; returns what the codex behind it saw. */
async function seen(args: readonly string[] = [], options: RunOptions = {}) {
  const ran = await start(args, options);
  const [home, key, organization, email, source, pwd, cwd, words] = ran.out.split("\n");
  return { home, key, organization, email, source, pwd, cwd, words, err: ran.err, code: ran.code };
}

beforeAll(async () => {
  user = new User({ keys: [ada, eve] });
  for (const key of [eve, ada]) await user.auth(["login", "--with-api-key"], { stdin: key.key });
  for (const name of ["play", "work/deep", "other"]) mkdirSync(at(name), { recursive: true });
  await user.auth(["pin", "eve@example.com", at("work")]);
  const homeOf = async (name: string) => (await user.json(["env", `${name}@example.com`])).set.CODEX_HOME;
  homes = { ada: await homeOf("ada"), eve: await homeOf("eve") };
  user.write("bin/codex", `#!/bin/sh\n${TELL}\n`, 0o755);
  symlinkSync(at("work"), at("link"));
  mkdirSync(at("work/side"));
  symlinkSync(at("work/side"), at("other/link"));
  await user.auth(["shim", "install"], { env: { PATH: path() } });
});
afterAll(() => user[Symbol.asyncDispose]());

const missing = () => join(user.base, "codex-auth/homes/0000000000000000.missing");

describe("whom the shim starts codex as", () => {
  interface Row {
    name: string;
    args?: string[];
    cwd?: string;
    env?: () => Record<string, string>;
    home: () => string;
    email: string;
    /** How what is said begins; default: nothing is said. */
    says?: string;
    more?: Record<string, string>;
  }
  const ofEve = { home: () => homes.eve, email: "eve@example.com" };
  const ofAda = { home: () => "", email: "ada@example.com" };
  const applied = (id: string, key: string) => ({
    _CODEX_AUTH_APPLIED: id,
    CODEX_AUTH_ACCOUNT: key,
    CODEX_AUTH_EMAIL: "as the hook has it",
  });
  const keyOf = (name: string): string => {
    const text = readFileSync(join(user.base, "codex-auth/env", name), "utf8");
    return /^CODEX_AUTH_ACCOUNT=(.*)$/m.exec(text)?.[1] ?? "";
  };
  const idOf = (home: string) => home.slice(-16);
  const hooked = () => ({
    ...applied(idOf(homes.eve), keyOf(idOf(homes.eve))),
    CODEX_HOME: homes.eve,
    _CODEX_AUTH_SET_CODEX_HOME: `+${homes.eve}`,
    _CODEX_AUTH_OLD_CODEX_HOME: "-",
  });

  const ROWS: Row[] = [
    { name: "no pin", ...ofAda, more: { source: "default" } },
    { name: "a pin", cwd: "work", ...ofEve, more: { source: "pin" } },
    { name: "below a pin, by a link", cwd: "link/deep", ...ofEve },
    { name: "use in the parent", env: () => ({ CODEX_AUTH_USE: idOf(homes.eve) }), ...ofEve, more: { source: "use" } },
    {
      name: "a pin takes strays away",
      cwd: "work",
      env: () => ({ CODEX_API_KEY: "x", OPENAI_ORGANIZATION: "org" }),
      ...ofEve,
      more: { key: "", organization: "" },
    },
    {
      name: "beside the default account they stay, as the hook leaves them",
      env: () => ({ CODEX_API_KEY: "x" }),
      ...ofAda,
      more: { key: "x" },
    },
    {
      name: "what a hook has set for another directory goes",
      env: hooked,
      ...ofAda,
    },
    {
      name: "what a hook has set for the same account stays, and what came later too",
      cwd: "work",
      env: () => ({ ...hooked(), CODEX_API_KEY: "later" }),
      home: () => homes.eve,
      email: "as the hook has it",
      more: { key: "later" },
    },
    {
      name: "the same of the default account",
      env: () => applied("@default", keyOf("@default")),
      home: () => "",
      email: "as the hook has it",
    },
    {
      name: "a CODEX_HOME of the user's stays",
      cwd: "work",
      env: () => ({ CODEX_HOME: at("other") }),
      home: () => at("other"),
      email: "",
    },
    {
      name: "the same where the account is not there",
      env: () => ({ CODEX_HOME: at("other"), CODEX_AUTH_USE: "0123456789abcdef" }),
      home: () => at("other"),
      email: "",
    },
    {
      name: "another base home of the user's is none of the shim's",
      cwd: "work",
      env: () => ({ CODEX_AUTH_BASE: at("other") }),
      ...ofEve,
    },
    {
      name: "-C, from outside a pin",
      args: ["exec", "-C", "../work", "hi there"],
      ...ofEve,
      says: "codex-auth: in ../work codex is eve@example.com API_KEY, not ada@example.com API_KEY as here\n",
    },
    {
      name: "-C, out of a pin",
      args: ["--cd=../play"],
      cwd: "work",
      ...ofAda,
      says: "codex-auth: in ../play codex is",
    },
    {
      name: "-C, up from what a link leads to",
      args: ["-C", "../other/link/../deep"],
      ...ofEve,
      says: "codex-auth: in ",
    },
    { name: "-C, the same account", args: ["-Cdeep"], cwd: "work", ...ofEve },
    {
      name: "-C, and use",
      args: ["-C", "../play"],
      cwd: "work",
      env: () => ({ CODEX_AUTH_USE: idOf(homes.ada) }),
      home: () => homes.ada,
      email: "ada@example.com",
    },
    {
      name: "-C that does not exist",
      args: ["exec", "-C", "nosuch"],
      cwd: "work",
      home: missing,
      email: "",
      says: "codex-auth: nosuch does not exist, and so has no account\n",
    },
    { name: "-C behind --", args: ["exec", "--", "-C", "../work"], ...ofAda },
    {
      name: "use of an account that is not there",
      env: () => ({ CODEX_AUTH_USE: "0123456789abcdef", CODEX_API_KEY: "x" }),
      home: () => missing().replace("0000000000000000", "0123456789abcdef"),
      email: "",
      says: "codex-auth: the account that this shell uses is not there: codex does not start\n",
      more: { key: "" },
    },
  ];

  test.each(ROWS)("$name", async ({ args = [], cwd = "play", env, home, email, says, more }) => {
    const { err, ...rest } = await seen(args, { cwd: at(cwd), env: env?.() ?? {} });
    expect(rest).toMatchObject({ code: 0, home: home(), email, pwd: at(cwd), ...more });
    expect(rest.words).toBe(args.map((word) => `[${word}]`).join(""));
    expect(says === undefined ? err : err.slice(0, says.length)).toBe(says ?? "");
  });

  test.each([
    ["a known one", ada],
    ["one that nobody knows", fakeKey("mallory")],
  ])("another login in the home of the account, %s: the account's comes back first", async (_, key) => {
    const auth = join(homes.eve, "auth.json");
    rmSync(auth);
    writeFileSync(auth, JSON.stringify(apiKeyAuth(key)));
    expect(await seen([], { cwd: at("work") })).toMatchObject({ code: 0, home: homes.eve });
    expect(readFileSync(auth, "utf8")).toContain(eve.key);
  });

  test("a base home that somebody else has logged in is that login's, as current says", async () => {
    const auth = join(user.base, "auth.json");
    const before = readlinkSync(auth);
    rmSync(auth);
    writeFileSync(auth, JSON.stringify(apiKeyAuth(eve)));
    expect(await seen()).toMatchObject({ code: 0, home: "", email: "eve@example.com" });
    expect((await user.json(["current"], { cwd: at("play"), env: { PATH: path() } })).billed.email).toBe(
      "eve@example.com",
    );
    await user.auth(["switch", "ada@example.com"]);
    expect(readlinkSync(auth)).toBe(before);
  });

  test("every argument arrives as it was", async () => {
    const words = ["", "--", "--help", "--version", "-", "a b", "'", "$HOME", "*", "--base=/x", "--", "é\n"];
    expect((await start(words)).out).toEndWith(words.map((word) => `[${word}]`).join(""));
  });

  test("its exit code is the command's", async () => {
    user.write("failing/codex", "#!/bin/sh\nexit 37\n", 0o755);
    expect(await start([], { env: { PATH: `${at(".local/bin")}:${at("failing")}` } })).toMatchObject({ code: 37 });
  });

  test("in a directory that is gone it does not start", async () => {
    const gone = at("gone");
    const ran = await run(
      ["/bin/sh", "-c", `/bin/mkdir '${gone}' && cd '${gone}' && /bin/rmdir '${gone}' && exec codex`],
      {
        cwd: user.home,
        env: { HOME: user.home, PATH: path() },
      },
    );
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("working directory"); // in the one binary it is Bun that says so
  });

  test("with the program gone it does not start, and says so in a line and its remedy", async () => {
    const broken = readFileSync(shim(), "utf8").replace(/\[ -x '[^']*' \]/, "[ -x '/nowhere/bun' ]");
    user.write("broken/codex", broken, 0o700);
    const ran = await start([], { env: { PATH: `${at("broken")}:${path()}` } });
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toBe(
      `codex-auth: the program that the shim ${at("broken/codex")} needs is gone, and codex does not start\n` +
        `  try: codex-auth shim install, or without codex-auth: rm ${at("broken/codex")}\n`,
    );
  });

  test("two shims do not start each other", async () => {
    await user.auth(["shim", "install", at("other")], { env: { PATH: path() } });
    const ran = await seen([], { cwd: at("work"), env: { PATH: `${at("other")}:${path()}:${at("other")}` } });
    expect(ran).toMatchObject({ code: 0, home: homes.eve });
    const alone = await start([], { env: { PATH: `${at("other")}` } });
    expect(alone).toMatchObject({ code: 127, err: expect.stringContaining("no codex on PATH but this shim") });
    await user.auth(["shim", "remove", at("other")]);
  });

  test("a codex of the directory that it works in is not run, unless that is HOME", async () => {
    user.write("project/node_modules/.bin/codex", "#!/bin/sh\necho hostile\n", 0o755);
    const bin = at("project/node_modules/.bin");
    const before = { PATH: `${at(".local/bin")}:${bin}:node_modules/.bin:.:${at("bin")}` };
    const alone = { PATH: `${at(".local/bin")}:${bin}` };
    expect((await start([], { cwd: at("project"), env: before })).out).not.toContain("hostile");
    expect((await start(["-C", at("project")], { env: before })).out).not.toContain("hostile");
    expect(await start([], { cwd: at("project"), env: alone })).toMatchObject({ code: 126, out: "" });
    expect((await start([], { cwd: at(), env: alone })).out).toBe("hostile\n");
  });

  test("codex-auth itself, and exec, start the real codex", async () => {
    const ran = await user.run(["exec", "--", "codex", "-C", "../work"], { cwd: at("play"), env: { PATH: path() } });
    expect(ran.err).toBe("");
    expect(ran.out).toContain("ada@example.com");
    await user.run(["login"], { cwd: at("work"), env: { PATH: path() } });
    expect((await user.json(["list", "--skip-api"])).accounts).toHaveLength(2);
  });
});

describe("what is said of it", () => {
  const env = () => ({ PATH: path() });

  test("shim alone, and current", async () => {
    const out = await user.auth(["shim"], { cwd: at("work"), env: env() });
    expect(out).toBe(
      `codex is ${shim()}, a shim in front of ${at("bin/codex")}\nhere it is eve@example.com API_KEY: pinned in ${at("work")}\n`,
    );
    const without = await user.run(["shim"], { cwd: at("work") });
    expect(without.out).toBe(
      `codex is ${at("bin/codex")}, no shim\nhere it is ada@example.com API_KEY\n${shim()} is a shim\n`,
    );
    expect(without.err).toContain("bills ada@example.com API_KEY: the snippet does not run here");
    const current = await user.auth(["current"], { cwd: at("work"), env: env() });
    expect(current.split("\n")[2]).toBe(`codex is ${shim()}, a shim in front of ${at("bin/codex")}`);
    const hooked = await user.auth(["current"], { env: { PATH: at("bin"), CODEX_AUTH_SNIPPET: "bash" } });
    expect(hooked.split("\n")).toEqual(["ada@example.com API_KEY", "the default account", ""]);
    const none = await user.run(["shim"], { env: { PATH: "/nowhere" } });
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("there is no codex on PATH") });
  });

  test.each<[string, string, () => Record<string, string>, string | null, string[], boolean]>([
    ["a pin", "work", env, "eve@example.com", [], true],
    ["no pin", "play", env, "ada@example.com", [], true],
    ["a pin takes strays away", "work", () => ({ ...env(), CODEX_API_KEY: "x" }), "eve@example.com", [], true],
    [
      "the default account leaves them",
      "play",
      () => ({ ...env(), CODEX_API_KEY: "x" }),
      null,
      ["CODEX_API_KEY"],
      true,
    ],
    ["a codex in the working directory", "other", () => ({ PATH: `.:${path()}` }), "ada@example.com", [], false],
    ["without a shim", "work", () => ({ PATH: `${at("bin")}` }), "ada@example.com", [], false],
    ["missing", "play", () => ({ ...env(), CODEX_AUTH_USE: "0123456789abcdef" }), null, [], true],
  ])("current --json: %s", async (_, cwd, own, billed, overriddenBy, isShim) => {
    user.write("other/codex", "#!/bin/sh\n", 0o755);
    const document = await user.json(["current"], { cwd: at(cwd), env: own() });
    expect({ ...document, billed: document.billed?.email ?? null }).toMatchObject({
      billed,
      overridden_by: overriddenBy,
      shim: isShim,
    });
    const ran = await user.run(["current"], { cwd: at(cwd), env: own() });
    const isSaid = billed !== (document.account?.email ?? null) || overriddenBy.length > 0;
    expect(ran.err !== "").toBe(isSaid);
    rmSync(at("other/codex"));
  });

  test("doctor", async () => {
    const finding = async (own: Record<string, string>) => {
      const { out } = await user.run(["doctor", "--json"], { cwd: at("play"), env: own });
      const findings: { id: string; level: string; message: string }[] = JSON.parse(out).findings;
      return findings
        .filter(({ id }) => id === "shim" || id === "codex")
        .map(({ level, message }) => `${level} ${message}`);
    };
    const say = (text: string) =>
      user.write("bin/codex-says", text) && `#!/bin/sh\n[ "$1" = --version ] && echo '${text}'\n`;
    user.write("versions/codex", say("codex-cli 0.170.0"), 0o755);
    const [codex, stands] = await finding({ PATH: `${at(".local/bin")}:${at("versions")}` });
    expect(codex).toBe(`ok codex is ${at("versions/codex")}, version 0.170.0`);
    expect(stands).toStartWith(`ok ${shim()} is a shim`);
    user.write("versions/codex", say("codex-cli 0.999.0"), 0o755);
    const [newer, behind] = await finding({ PATH: `${at("versions")}:${at(".local/bin")}` });
    expect(newer).toMatch(/^warn .*version 0\.999\.0; tested are 0\.169\.0 to /);
    expect(behind).toBe(`warn the shim ${shim()} does not stand before ${at("versions/codex")} in PATH`);
    const made = readFileSync(shim(), "utf8");
    user.write(".local/bin/codex", made.replaceAll("shim-exec", "shim-exec-of-old"), 0o700);
    const [, stale] = await finding({ PATH: `${at(".local/bin")}:${at("versions")}` });
    expect(stale).toBe(`warn the shim ${shim()} starts another codex-auth than this one`);
    user.write(".local/bin/codex", made, 0o700);
  });
});

describe("install and remove", () => {
  test("again changes nothing; what is not ours stays", async () => {
    const before = readFileSync(shim(), "utf8");
    await user.auth(["shim", "install"], { env: { PATH: path() } });
    expect(readFileSync(shim(), "utf8")).toBe(before);
    expect(statSync(shim()).mode & 0o777).toBe(0o700);
    const ran = await user.run(["shim", "install", at("bin")]);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining("is there, and no shim of codex-auth") });
    expect(await user.run(["shim", "install", at("nosuch")])).toMatchObject({ code: 1 });
    symlinkSync(at("bin/codex"), at("other/codex"));
    expect(await user.run(["shim", "install", at("other")])).toMatchObject({ code: 1 });
    rmSync(at("other/codex"));
  });

  test.each<[string, () => string, string]>([
    ["not in PATH", () => `${at("bin")}`, "is not in PATH"],
    ["behind the real one", () => `${at("bin")}:${at(".local/bin")}`, `stands before it in PATH`],
    ["no codex", () => `${at(".local/bin")}`, "no codex on PATH that it could become"],
    ["first", path, "hash -r"],
  ])("it says how to mend PATH: %s", async (_, own, says) => {
    const ran = await user.run(["shim", "install"], { env: { PATH: own() } });
    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining(says) });
  });

  test("one that is always an account, by another name; removed with the rest", async () => {
    const install = ["shim", "install", "--account", "eve@example.com", "--as", "codex-work"];
    await user.auth(install, { env: { PATH: path() } });
    const own = { HOME: user.home, PATH: path(), CODEX_AUTH_USE: homes.ada.slice(-16) };
    const ran = await run([at(".local/bin/codex-work"), "-C", "../play"], { cwd: at("play"), env: own });
    expect(ran.out.split("\n").slice(0, 4)).toEqual([homes.eve, "", "", "eve@example.com"]);
    expect(await user.auth(["shim"], { env: { PATH: path() } })).toContain(
      "codex-work is a shim, always eve@example.com",
    );
    const removed = await user.auth(["shim", "remove"]);
    expect(removed.trim().split("\n").toSorted()).toEqual(
      ["codex", "codex-work"].map((name) => `removed ${at(".local/bin", name)}`),
    );
    expect(await user.run(["shim", "remove"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is no shim"),
    });
    await user.auth(["shim", "install"]);
  });

  test.each([
    [["shim", "--as", "x"]],
    [["shim", "install", "--account", "eve"]],
    [["shim", "install", "--account", "eve", "--as", "codex"]],
    [["shim", "install", "--as", "a/b"]],
  ])("%j is wrong usage", async (words) => {
    expect(await user.run(words)).toMatchObject({ code: 2, out: "" });
  });

  test("one that is always an account goes over to the key that replaces its key; with the account gone it does not start codex", async () => {
    const second = fakeKey("second", { id: ada.id, email: ada.email });
    await using other = new User({ keys: [ada, second] });
    await other.add(ada);
    await other.auth(["shim", "install", "--account", "ada@example.com", "--as", "codex-ada"]);
    other.write("bin/codex", '#!/bin/sh\necho "$CODEX_HOME" && cat "$CODEX_HOME/auth.json"\n', 0o755);
    const env = { HOME: other.home, PATH: `${join(other.home, "bin")}:/bin`, ...fakeEnvironment(other.fake) };
    const start = () => run([join(other.home, ".local/bin/codex-ada")], { cwd: other.home, env });
    expect((await start()).out).toContain(ada.key);
    await other.auth(["rotate", "ada@example.com"], { stdin: second.key });
    expect((await start()).out).toContain(second.key);
    await other.auth(["remove", "ada@example.com", "--yes"]);
    const ran = await start();
    expect(ran.out).toMatch(/\/homes\/[0-9a-f]{16}\.missing\n$/);
    expect(ran.err).toStartWith("codex-auth: the account that this shim is for is not there: codex does not start\n");
  });

  test("eject takes them along", async () => {
    await using other = new User({ keys: [ada] });
    await other.add(ada);
    await other.auth(["shim", "install"]);
    const ran = await other.run(["eject", "--yes"]);
    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining("removed the shim") });
    expect(await Bun.file(join(other.home, ".local/bin/codex")).exists()).toBe(false);
  });
});

// as Codex 0.169.0 takes them
test.each<[string[], string | undefined]>([
  [["exec", "hi"], undefined],
  [["exec", "-C", "a"], "a"],
  [["-C", "a", "exec"], "a"],
  [["-C", "a", "exec", "-C", "b"], "b"],
  [["-Ca"], "a"],
  [["-C=a"], "a"],
  [["--cd=a"], "a"],
  [["--cd", "a=b"], "a=b"],
  [["--cd="], ""],
  [["exec", "hi", "-C", "a"], "a"],
  [["exec", "--", "-C", "a"], undefined],
  [["-C"], undefined],
])("%j names the directory %p", (args, directory) => {
  expect(namedDirectory(args)).toBe(directory);
});
