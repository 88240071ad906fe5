import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ALICE, BOB } from "../commands/credentials.ts";
import { User } from "../commands/user.ts";
import { run } from "../run.ts";
import { PROGRAM } from "../shells/program.ts";
import { Terminal } from "../shells/terminal.ts";

// What stands in a directory's name shall not steer the terminal of who is told the name.
const NAME = "d\u001b[31mred";
const SHOWN = "d\ufffd[31mred";

let user: User;
let directory: string;
beforeAll(async () => {
  user = new User();
  await user.add(ALICE);
  await user.add(BOB);
  directory = user.directory(NAME);
  user.write(`${NAME}/x.json`, "{}");
});
afterAll(() => user[Symbol.asyncDispose]());

/** The state that a verb is run in, the verb, and whether what it says names the directory. */
const ROWS: [before: string[], words: (path: string) => string[], named: boolean][] = [
  [["unpin"], (path) => ["pin", "alice", path], true],
  [["pin", "alice"], () => ["current"], true],
  [["pin", "alice"], () => ["overview"], true],
  [["pin", "alice"], () => ["unpin"], true],
  [["pin", "alice"], () => ["pins"], true],
  [["pin", "alice"], () => ["list", "--skip-api"], false],
  [["pin", "alice"], () => ["doctor"], false],
  [["pin", "alice"], () => ["exec", "--", "./missing"], false],
  [["pin", "alice"], () => ["env"], false],
  [["pin", "alice"], () => ["switch", "bob"], false],
  [["pin", "alice"], () => ["sync"], false],
  [["pin", "alice"], () => ["alias", "set", "alice", "work"], false],
  [["pin", "alice"], () => ["config"], false],
  [["unpin"], (path) => ["unpin", path], true],
  [["unpin"], (path) => ["pin", "alice", join(path, "x.json")], true],
  [["unpin"], (path) => ["export", path], true],
  [["unpin"], (path) => ["import", path], true],
  [["unpin"], (path) => ["import", join(path, "none")], true],
  [["unpin"], (path) => ["use", path], false],
  [["unpin"], (path) => ["exec", "--", join(path, "none")], true],
  [["unpin"], (path) => ["switch", path], true],
  [["unpin"], (path) => [path], true],
  [["pin", "alice"], () => ["remove", "alice@example.com", "--yes"], true],
  [["unpin"], () => ["pins"], false],
];

test.each(ROWS)("%j, then %p", async (before, words, named) => {
  await user.run(before, { cwd: directory });
  for (const run of [() => user.run(words(directory), { cwd: directory }), () => onTerminal(words(directory))]) {
    const { out, err } = await run();
    const text = `${out}${err}`;
    expect(text).not.toContain(NAME);
    expect(text.includes(SHOWN)).toBe(named);
    await user.add(ALICE);
    await user.run(before, { cwd: directory });
  }
});

async function onTerminal(words: string[]) {
  const env = { HOME: user.home, PATH: "/usr/bin:/bin", SHELL: "/bin/zsh", TERM: "dumb" };
  await using terminal = new Terminal([...PROGRAM, ...words], { cwd: directory, env, columns: 400 });
  await terminal.exited;
  return { out: terminal.raw, err: "" };
}

test("pins that are gone, and what is cleaned away", async () => {
  const gone = user.directory(`gone ${NAME}`);
  await user.auth(["pin", "bob", gone]);
  rmSync(gone, { recursive: true });
  const { err } = await user.run(["pins", "--prune"]);
  expect(err).toContain(`gone ${SHOWN}`);
  user.write(`.codex/codex-auth/login-0123456789ab/${NAME}`, "");
  user.write(`.codex/accounts/.${NAME}.0123456789ab.tmp`, "");
  const { out } = await user.run(["clean"]);
  expect(out).toContain(SHOWN);
  expect(`${err}${out}`).not.toContain(NAME);
});

test("a line to type is about what it names, whatever that is called: typed in sh it runs nothing else", async () => {
  const place = user.directory("a b; touch ran; $(touch ran)");
  await user.add({ email: "gone@example.com" });
  await user.auth(["pin", "gone@example.com"], { cwd: place });
  await user.auth(["remove", "gone@example.com", "--yes"]);
  const { code, err } = await user.run(["exec", "--", "true"], { cwd: place });
  expect(code).toBe(1);
  const line = /codex-auth (unpin .*)\n/.exec(err)?.[1] ?? "";
  const typed = await run(["sh", "-c", `"$0" "$@" ${line}`, ...PROGRAM], {
    cwd: place,
    env: { HOME: user.home, PATH: "/usr/bin:/bin" },
  });
  expect({ line, code: typed.code, left: readdirSync(place) }).toEqual({ line, code: 0, left: [] });
});
