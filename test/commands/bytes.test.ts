import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeIdOf } from "../../src/core/accounts/account.ts";
import { decodeBytes, encodeBytes, escapeBytes, showBytes } from "../../src/core/bytes.ts";
import { mustSucceed } from "../run.ts";
import { ALICE, BOB } from "./credentials.ts";
import { User } from "./user.ts";

// A directory whose name is no UTF-8: Latin-1's `café`. What a program gets of it by its runtime is `caf\ufffd`.

const NAME = `caf${decodeBytes(Buffer.of(0xe9))}`;
const SHOWN = "caf\\xe9";
const LIKE = "caf\ufffd";
const ALICE_HOME = homeIdOf("user-alice::acct-alice");
const BOB_HOME = homeIdOf("user-bob::acct-bob");
const bytes = (path: string) => Buffer.from(encodeBytes(path));
/** The path in a script of sh. */
const word = (path: string) => `"$(printf '${showBytes(path).replace("\\xe9", "\\351").replace("\\xe8", "\\350")}')"`;
/** The path as a document has it. */
const inJson = (path: string): string => JSON.parse(escapeBytes(JSON.stringify(path)));

let user: User;
let place: string;
beforeEach(async () => {
  user = new User();
  for (const who of [ALICE, BOB]) await user.add(who);
  await user.auth(["switch", "alice"]);
  place = join(user.home, NAME);
  for (const path of [join(place, "deep"), join(user.home, LIKE)]) mkdirSync(bytes(path), { recursive: true });
});
afterEach(() => user[Symbol.asyncDispose]());

interface Where {
  /** The directory. */
  cwd?: string;
  /** A word behind the others. */
  last?: string;
  env?: Record<string, string>;
}

/** Runs it as a shell does that knows the bytes. */
async function auth(words: readonly string[], { cwd = place, last, env = {} }: Where = {}) {
  const first = `cd ${word(cwd)}${last === undefined ? "" : `; set -- "$@" ${word(last)}`}`;
  return user.run(words, { first, env });
}
const ok = async (words: readonly string[], where?: Where) =>
  mustSucceed(`codex-auth ${words.join(" ")}`, await auth(words, where)).out;
const json = async (words: readonly string[], where?: Where) => JSON.parse(await ok([...words, "--json"], where));
const pinFile = (path: string) => bytes(join(user.base, "codex-auth/pins", path, "%account"));

describe("pinned in it, and by its name", () => {
  test.each<[string, () => Promise<string>]>([
    ["in it", () => ok(["pin", "bob@example.com"])],
    ["by its path", () => ok(["pin", "bob@example.com"], { cwd: user.home, last: place })],
    ["by its name", () => ok(["pin", "bob@example.com"], { cwd: user.home, last: NAME })],
    [
      "through a link",
      () => {
        symlinkSync(bytes(place), join(user.home, "link"));
        return ok(["pin", "bob@example.com", join(user.home, "link")], { cwd: user.home });
      },
    ],
  ])("%s", async (_, pin) => {
    expect(await pin()).toBe(`${join(user.home, SHOWN)} uses bob@example.com\n`);
    expect(readFileSync(pinFile(place), "utf8")).toBe(`${BOB_HOME}\n`);
  });
});

describe("pinned to bob", () => {
  beforeEach(async () => {
    await ok(["pin", "bob@example.com"]);
    // what is called alike is another one
    await user.auth(["pin", "alice@example.com", join(user.home, LIKE)]);
  });

  test("current, in it, below it, and in the one that is called alike", async () => {
    for (const cwd of [place, join(place, "deep")]) {
      const { account, source, pin } = await json(["current"], { cwd });
      expect({ email: account.email, source, pin }).toEqual({ email: BOB.email, source: "pin", pin: inJson(place) });
    }
    expect(await ok(["current"])).toContain(`pinned in ${join(user.home, SHOWN)}`);
    expect((await json(["current"], { cwd: join(user.home, LIKE) })).account.email).toBe(ALICE.email);
  });

  test("pins, in text and as a document that tells the bytes", async () => {
    expect(await ok(["pins"])).toMatch(/\/caf\\xe9 {2}bob@example.com\n/);
    const { pins } = await json(["pins"]);
    expect(pins.map(({ path }: { path: string }) => path).toSorted()).toEqual(
      [inJson(place), join(user.home, LIKE)].toSorted(),
    );
    expect(await ok(["pins", "--json"])).toContain("caf\\udce9");
  });

  test("env, exec: the account, the directory, and each byte of words and variables", async () => {
    expect((await json(["env"])).set.CODEX_AUTH_EMAIL).toBe(BOB.email);
    const script = 'printf "%s|" "$CODEX_AUTH_EMAIL" "$CODEX_HOME" "$PWD" "$@"; pwd -P';
    const code = `{ ${script}; } | od -An -tx1`;
    const raw = await ok(["exec", "--", "sh", "-c", code, "sh", "a b", "", "'$x'\\"], { last: NAME });
    const seen = Buffer.from(raw.replace(/\s/g, ""), "hex").toString("latin1");
    const path = bytes(place).toString("latin1");
    const home = join(user.base, "codex-auth/homes", BOB_HOME);
    expect(seen).toBe(
      [BOB.email, home, path, "a b", "", "'$x'\\", bytes(NAME).toString("latin1"), `${path}\n`].join("|"),
    );
  });

  test("exec keeps exit code, an environment without more, and a program that is not there", async () => {
    expect((await auth(["exec", "--", "sh", "-c", "exit 7"], { last: NAME })).code).toBe(7);
    expect((await auth(["exec", "--", "nosuch"], { last: NAME })).code).toBe(127);
    const before = (await ok(["exec", "--", "env"], { cwd: join(place, "deep") })).split("\n");
    const names = before.map((line) => line.split("=")[0] ?? "").filter((name) => /^_?CODEX_AUTH/.test(name));
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });

  test("unpin, in it and by its name", async () => {
    expect((await auth(["unpin"], { cwd: join(place, "deep") })).err).toContain(
      `codex-auth unpin $'${join(user.home, SHOWN)}'`,
    );
    expect(await ok(["unpin"])).toBe(`${join(user.home, SHOWN)} is not pinned any more\n`);
    expect(existsSync(pinFile(place))).toBe(false);
    await ok(["pin", "bob@example.com"]);
    await ok(["unpin"], { cwd: user.home, last: place });
    expect(existsSync(pinFile(place))).toBe(false);
    expect((await user.json(["pins"])).pins).toHaveLength(1);
  });

  test("clean, doctor and --prune keep it while it is there, and find it when it is not", async () => {
    await ok(["clean"]);
    await ok(["pins", "--prune"]);
    const pinFindings = async () =>
      JSON.parse((await auth(["doctor", "--json"], { cwd: user.home })).out).findings.filter(
        ({ id, level }: { id: string; level: string }) => id === "pin" && level !== "ok",
      );
    expect(await pinFindings()).toEqual([]);
    rmSync(bytes(place), { recursive: true });
    expect(await pinFindings()).toMatchObject([
      { level: "warn", remedy: expect.stringContaining(`codex-auth unpin $'${join(user.home, SHOWN)}'`) },
    ]);
    const { err } = await auth(["pins", "--prune"], { cwd: user.home });
    expect(err).toContain(`${join(user.home, SHOWN)} is gone`);
    expect(existsSync(pinFile(place))).toBe(false);
  });

  test("moved to another such name: current says from where", async () => {
    const moved = join(user.home, `caf${decodeBytes(Buffer.of(0xe8))}`);
    renameSync(bytes(place), bytes(moved));
    const { err } = await auth(["current"], { cwd: moved });
    expect(err).toContain(`${showBytes(moved)} was pinned as ${showBytes(place)}`);
  });

  test("the history tells it, and an export takes it along", async () => {
    expect(await ok(["log"])).toContain(`${join(user.home, SHOWN)} is pinned to bob@example.com`);
    const to = join(user.home, "out");
    await ok(["export", "--to", to]);
    await ok(["unpin"]);
    await ok(["import", to]);
    expect((await json(["current"])).account.email).toBe(BOB.email);
  });

  test("a repository with such a name counts for its worktrees", async () => {
    const git = (script: string) =>
      Bun.spawnSync(["sh", "-ec", `cd ${word(place)}; ${script}`], { env: { ...process.env, HOME: user.home } });
    const { exitCode, stderr } = git(
      "git init -q; git -c user.name=x -c user.email=x@x commit -q --allow-empty -m x; git worktree add -q ../tree",
    );
    expect({ exitCode, err: exitCode === 0 ? "" : stderr.toString() }).toEqual({ exitCode: 0, err: "" });
    expect((await user.json(["current"], { cwd: join(user.home, "tree") })).account.email).toBe(BOB.email);
  });

  test("a trusted project's own config.toml", async () => {
    mkdirSync(bytes(join(place, ".codex")));
    writeFileSync(bytes(join(place, ".codex/config.toml")), 'forced_login_method = "api"\n');
    user.write(".codex/config.toml", `[projects."${user.home}"]\ntrust_level = "trusted"\n`);
    expect((await json(["current"])).overridden_by).toEqual([]);
  });

  test("a shim in front of Codex: in it, and where -C names it", async () => {
    user.write("real/codex", '#!/bin/sh\nprintf "%s|" "$CODEX_HOME" "$PWD" "$@" | od -An -tx1\n', 0o755);
    user.directory("bin");
    await user.auth(["shim", "install", join(user.home, "bin")], {
      env: { PATH: `${user.home}/bin:${user.home}/real:/usr/bin:/bin` },
    });
    const env = { HOME: user.home, PATH: `${user.home}/bin:${user.home}/real:/usr/bin:/bin` };
    const home = join(user.base, "codex-auth/homes", BOB_HOME);
    for (const [script, args, cwd] of [
      [`cd ${word(place)}; codex exec hi`, ["exec", "hi"], place],
      [`cd ${word(user.home)}; codex -C ${word(NAME)} hi`, ["-C", NAME, "hi"], user.home],
      [`cd ${word(join(place, "deep"))}; codex`, [], join(place, "deep")],
    ] as const) {
      const { stdout, stderr } = Bun.spawnSync(["sh", "-c", script], { env });
      const seen = Buffer.from(stdout.toString().replace(/\s/g, ""), "hex").toString("latin1");
      const wanted = [home, cwd, ...args].map((one) => `${bytes(one).toString("latin1")}|`).join("");
      expect({ script, seen, err: seen === "" ? stderr.toString() : "" }).toEqual({ script, seen: wanted, err: "" });
    }
    expect(ALICE_HOME).not.toBe(BOB_HOME);
  });
});

test("variables that hold bytes are handed on; nothing in a name of one runs, and no value stands on a command line", async () => {
  const value = "$(printf 'se\\377cret %%s \\\\n')";
  const traced = Bun.which("strace") ? 'strace -f -qq -s 4000 -e trace=execve -o "$HOME/trace"' : "";
  const script = `exec env "VALUE=${value}" "a;touch $HOME/ran;b=${value}" ${traced} "$@"`;
  const exec = [...(await programWords()), "exec", "--account", "bob@example.com", "--", "/usr/bin/env"];
  const env = { HOME: user.home, PATH: "/usr/bin:/bin" };
  const { stdout } = Bun.spawnSync(["sh", "-c", script, "sh", ...exec], { env });
  expect(stdout.toString("latin1")).toContain("VALUE=se\xffcret %s \\n\n");
  expect(existsSync(join(user.home, "ran"))).toBe(false);
  if (traced) expect(readFileSync(join(user.home, "trace"), "latin1")).not.toMatch(/"-c".*se.*cret/);
});

test("completions name it byte for byte", async () => {
  await ok(["pin", "bob@example.com"]);
  const { stdout } = Bun.spawnSync(["sh", "-c", `cd ${word(place)}; "$@" | od -An -tx1`, "sh", ...(await words())], {
    env: { HOME: user.home, PATH: "/usr/bin:/bin" },
  });
  expect(Buffer.from(stdout.toString().replace(/\s/g, ""), "hex").toString("latin1")).toContain("caf\xe9");
});

const words = async () => [...(await programWords()), "complete", "--", "unpin", ""];

async function programWords(): Promise<string[]> {
  const { PROGRAM } = await import("../shells/program.ts");
  return PROGRAM;
}
