import { expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runVerb } from "../../src/command.ts";
import login from "../../src/commands/login.ts";
import { changeState, CREATING } from "../../src/core/state/change.ts";
import { chatgptAuth } from "../fake/accounts.ts";
import { makeBaseHome } from "../base-home.ts";
import { contentsOf } from "../tree.ts";
import { User } from "../commands/user.ts";
import { testWith } from "../needs.ts";

/** A user with two accounts, one of them pinned; `home` is its account home. */
async function pinned(): Promise<{ user: User; home: string }> {
  const user = new User();
  await user.add({ email: "alice@example.com" });
  await user.add({ email: "bob@example.com" });
  await user.auth(["switch", "alice@example.com"]);
  await user.auth(["pin", "alice@example.com", user.directory("work")]);
  const [id = ""] = readdirSync(join(user.base, "codex-auth/homes"));
  return { user, home: join(user.base, "codex-auth/homes", id) };
}

test.concurrent.each([
  [["sync"]],
  [["clean"]],
  [["pin", "alice@example.com", "."]],
  [["exec", "--account", "alice@example.com", "--", "true"]],
  [["env", "alice@example.com"]],
  [["remove", "alice@example.com"]],
  [["remove", "--all", "--yes"]],
  [["eject"]],
])(
  "an account home that is a link to another directory: nothing in there changes (%j)",
  async (words) => {
    const { user, home } = await pinned();
    await using _ = user;
    rmSync(home, { recursive: true });
    for (const name of ["auth.json", "config.toml", "sessions/one"]) user.write(`mine/${name}`, "mine");
    symlinkSync(join(user.home, "mine"), home);
    symlinkSync(join(user.home, "mine"), join(user.base, "codex-auth/homes/0123456789abcdef"));
    const before = contentsOf(join(user.home, "mine"));
    expect((await user.run(words)).code).toBeLessThan(2);
    expect(contentsOf(join(user.home, "mine"))).toEqual(before);
  },
  120_000,
);

test("homes that have been moved behind a link fail closed, with what to do", async () => {
  const { user } = await pinned();
  await using _ = user;
  const homes = join(user.base, "codex-auth/homes");
  renameSync(homes, join(user.home, "moved"));
  symlinkSync(join(user.home, "moved"), homes);
  await user.auth(["sync"]);
  const cwd = join(user.home, "work");
  expect(await user.run(["exec", "--", "true"], { cwd })).toMatchObject({
    code: 1,
    err: expect.stringContaining(homes),
  });
  expect(await user.json(["current"], { cwd })).toMatchObject({
    account: null,
    codex_home: expect.stringMatching(/missing$/),
  });
  expect((await user.run(["doctor"])).out).toContain(homes);
}, 120_000);

test.concurrent.each([
  "auth.json",
  "config.toml",
  "accounts/registry.json",
  "codex-auth/settings.json",
  "codex-auth/lock",
  "auth.lock",
])(
  "a pipe or a device in the place of %s is never waited for, and is no bug of ours",
  async (name) => {
    const { user } = await pinned();
    await using _ = user;
    const path = join(user.base, name);
    for (const put of [() => Bun.spawnSync(["mkfifo", path]), () => symlinkSync("/dev/zero", path)]) {
      rmSync(path, { force: true });
      put();
      for (const words of [["sync"], ["switch", "bob@example.com"], ["list", "--skip-api"]])
        expect((await user.run(words)).code).toBeLessThan(2);
    }
  },
  120_000,
);

test("what the system refuses is told in a line, with the file", async () => {
  const { user } = await pinned();
  await using _ = user;
  rmSync(join(user.base, "codex-auth/env"), { recursive: true });
  writeFileSync(join(user.base, "codex-auth/env"), "");
  const { code, err } = await user.run(["sync"]);
  expect({ code, lines: err.trim().split("\n").length }).toEqual({ code: 1, lines: 2 });
  expect(err).toContain(join(user.base, "codex-auth/env"));
}, 120_000);

test("clean leaves the scratch home of a login that is under way, and what is not ours", async () => {
  const { user } = await pinned();
  await using _ = user;
  const mine = [
    "codex-auth/login-0123456789ab/auth.json",
    "codex-auth/notes",
    "codex-auth/homes/notes",
    "accounts/notes",
  ];
  for (const name of mine) user.write(`.codex/${name}`, "mine");
  await user.auth(["clean"]);
  for (const name of mine) expect(existsSync(join(user.base, name))).toBe(true);
}, 120_000);

test("a base home of another user's is not changed, and nobody logs in for it", async () => {
  const home = makeBaseHome();
  try {
    home.write("auth.json", JSON.stringify(chatgptAuth({ email: "alice@example.com" })));
    let asked = 0;
    const run = async () => ++asked;
    const codex = { ...home.ctx.codex, find: () => "/bin/false", run };
    const ctx = { ...home.ctx, codex, uid: (process.getuid?.() ?? 0) + 1 };
    const before = [contentsOf(home.path), readdirSync(home.path)];
    const typed = { ...ctx, terminal: { ...ctx.terminal, readInput: async () => "sk-key" } };
    for (const work of [
      () => changeState(ctx, CREATING, () => {}),
      () => runVerb(login, [], ctx),
      () => runVerb(login, ["--with-api-key"], typed),
    ])
      await expect(work()).rejects.toThrow("belongs to another user");
    expect([contentsOf(home.path), readdirSync(home.path), asked]).toEqual([...before, 0]);
  } finally {
    home.remove();
  }
});

testWith(
  "strace",
  "under umask 000 nothing is wider than 0600 and 0700 at any moment",
  async () => {
    const user = new User();
    await using _ = user;
    const trace = join(user.home, "trace");
    const first = `umask 000; set -- strace -f -qq -e trace=openat,mkdir,mkdirat,chmod,fchmod,fchmodat -o "${trace}" "$@"`;
    mkdirSync(user.base, { mode: 0o700 });
    const login = user.write("login.json", JSON.stringify(chatgptAuth({ email: "alice@example.com" })));
    user.write("bin/codex", `#!/bin/sh\n(umask 077; cp "${login}" "$CODEX_HOME/auth.json")\n`, 0o755);
    const env = { BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" };
    for (const words of [
      ["import", login],
      ["login"],
      ["pin", "alice@example.com", "."],
      ["export", "out"],
      ["remove", "01"],
    ]) {
      await user.auth(words, { first, env });
      const wide = readFileSync(trace, "utf8")
        .split("\n")
        .filter((line) => line.includes(`"${user.home}`) && /O_CREAT|mkdir|chmod/.test(line))
        .filter((line) => /, 0\d?[1-7][0-7]\)|, 0\d?[0-7][1-7]\)/.test(line.replace(/, 0([0-7])00\)/, ")")));
      expect(wide).toEqual([]);
    }
  },
  120_000,
);
