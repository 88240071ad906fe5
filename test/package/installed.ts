import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Shell } from "../../src/shell.ts";
import { ACCOUNTS } from "../shells/accounts.ts";
import { Program, PROGRAM } from "../shells/program.ts";
import { mustSucceed, run } from "../run.ts";
import { Session } from "../shells/session.ts";
import { findShell, KINDS } from "../shells/shells.ts";
import { Terminal } from "../shells/terminal.ts";

// The package as it was installed by the README's first line, and its second line: run by `.ci/package`, which names the program, a PATH
// without any Bun, and the tarball of a later version.

const [program = ""] = PROGRAM;
const { CODEX_AUTH_TEST_PATH: PATH = "", CODEX_AUTH_TEST_UPDATE: update = "" } = process.env;
const README = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");
const [, setUp = ""] = /## Set up[^]*?```sh\n[^\n]*\n([^\n]*)/.exec(README) ?? [];
const FOUR: readonly Shell[] = ["zsh", "bash", "fish", "pwsh"];

/** Types the README's line, and yes; returns what the shell's start file holds then. */
async function setUpIn(world: Program, shell: Shell): Promise<string> {
  const env = { ...world.home.env({ ...world.env, PATH, SHELL: findShell(shell) ?? shell }) };
  await using terminal = new Terminal(["sh", "-c", setUp], { cwd: world.home.path, env });
  await terminal.waitFor("Add it? y/N", 30);
  terminal.write("y");
  expect(await terminal.exited).toBe(0);
  return readFileSync(world.home.at(KINDS[shell].rcFile), "utf8");
}

/** Goes to and fro, and expects the account of each directory. */
async function follows(session: Session, world: Program): Promise<void> {
  await session.cd(world.home.at("work"));
  expect(await session.env()).toMatchObject({ CODEX_AUTH_LABEL: "acme", CODEX_AUTH_SOURCE: "pin" });
  expect(session.prompt).toBe("acme >");
  await session.cd(world.home.path);
  expect(await session.env()).toMatchObject({ CODEX_AUTH_EMAIL: ACCOUNTS.own.email, CODEX_AUTH_SOURCE: "default" });
}

test("the README's lines give shells that switch accounts, and do so still when a later version is installed over it", async () => {
  expect(setUp).toStartWith("codex-auth setup ");
  await using shells = new AsyncDisposableStack();
  const opened: { shell: Shell; world: Program; session: Session; open(): Promise<Session> }[] = [];
  for (const shell of FOUR) {
    const world = shells.use(await Program.create());
    await world.pin(world.home.mkdir("work"), ACCOUNTS.acme);
    const rc = await setUpIn(world, shell);
    const env = { ...world.env, PATH: `${world.home.bin}:${PATH}` };
    const open = async () => shells.use(await Session.start(shell, world.home, { rc, env }));
    opened.push({ shell, world, open, session: await open() });
  }
  for (const { session, world } of opened) await follows(session, world);

  const prefix = dirname(dirname(program));
  const env = { ...process.env, PATH, HOME: dirname(prefix), npm_config_prefix: prefix };
  mustSucceed("npm install", await run(["npm", "install", "-g", "--silent", "--prefer-offline", update], { env }));

  for (const { shell, session, world, open } of opened) {
    const version = await session.run("codex-auth --version");
    expect({ shell, version }).toEqual({ shell, version: `codex-auth ${/-([\d.]+)\.tgz$/.exec(update)?.[1]}` });
    await follows(session, world);
    await session.call("codex-auth", "switch", "the lab");
    expect(await session.env()).toMatchObject({ CODEX_AUTH_EMAIL: ACCOUNTS.lab.email });
    await world.switchTo(ACCOUNTS.own);
    await follows(await open(), world);
  }
}, 600_000);
