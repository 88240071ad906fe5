import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Account } from "../../src/core/accounts/account.ts";
import { renderRegistry } from "../../src/core/accounts/registry.ts";
import { keyRecord, record, registryOf } from "../core/registries.ts";
import { Home } from "../home.ts";
import { run } from "../run.ts";
import { Terminal } from "../shells/terminal.ts";

const PROGRAM = [process.execPath, "--no-env-file", join(import.meta.dir, "choose-program.ts")];
const ACCOUNTS = [
  record({ account_key: "u1::a1", email: "alice@example.com", alias: "work" }),
  keyRecord({ email: "bob@example.com" }),
  record({ account_key: "u3::a3", email: "carol@example.org", alias: "仕事" }),
  record({ account_key: "u4::a4", email: "dave@example.org", alias: "\u001b]0;owned\u0007\u001b[2Jbad" }),
];

// Bun keeps a cache in it
const home = new Home();
afterAll(() => home[Symbol.dispose]());

function writeAccounts(accounts: Account[]) {
  const registry = renderRegistry(registryOf(accounts));
  home.write(".codex/accounts/registry.json", registry);
}

function open(
  accounts = ACCOUNTS,
  { program = PROGRAM, args = [] as string[], columns = 70, rows = 20, env = {} as Record<string, string> } = {},
) {
  writeAccounts(accounts);
  return new Terminal([...program, ...args], {
    cwd: "/",
    env: { HOME: home.path, PATH: "/usr/bin:/bin", TERM: "xterm-256color", ...env },
    columns,
    rows,
  });
}
const shown = (terminal: Terminal) => terminal.screen().filter(Boolean);

describe("the picker on a terminal", () => {
  test("arrows and Enter choose; nothing of it stays", async () => {
    await using terminal = open();
    await terminal.waitFor("> 01 work(alice@example.com)");
    terminal.send("down", "down");
    await terminal.waitFor("> 03 仕事(carol@example.org)");
    terminal.send("enter");
    expect(await terminal.exited).toBe(0);
    expect(shown(terminal)).toEqual(["chosen: u3::a3"]);
    expect(terminal.raw).toEndWith("\u001b[?25hchosen: u3::a3\r\n");
  });

  test("typing filters, other scripts too", async () => {
    await using terminal = open();
    await terminal.waitFor("> 01");
    terminal.write("仕");
    await terminal.waitFor("> 03 仕事");
    expect(shown(terminal)).toHaveLength(2);
    terminal.send("backspace");
    await terminal.waitFor("> 01");
    terminal.write("dave\r");
    expect(await terminal.exited).toBe(0);
    expect(shown(terminal)).toEqual(["chosen: u4::a4"]);
  });

  test.each([
    ["escape", 1],
    ["ctrl-c", 130],
    ["ctrl-d", 1],
  ] as const)("%s leaves with %i", async (key, code) => {
    await using terminal = open();
    await terminal.waitFor("> 01");
    terminal.send(key);
    expect(await terminal.exited).toBe(code);
    expect(shown(terminal)).toEqual(["refused: no account was chosen, nothing has changed"]);
    expect(terminal.raw).toContain("\u001b[?25h");
  });

  test("hostile labels are shown as text", async () => {
    await using terminal = open();
    await terminal.waitFor("04 ]0;owned[2Jbad(dave@example.org)");
    terminal.send("escape");
    await terminal.exited;
    expect(terminal.raw).not.toContain("\u001b]0;owned");
  });

  test("a long list scrolls, and follows the size of the terminal", async () => {
    const many = Array.from({ length: 40 }, (_, at) =>
      record({ account_key: `u::${at}`, email: `user${String(at).padStart(2, "0")}@example.com` }),
    );
    await using terminal = open(many, { rows: 12 });
    await terminal.waitFor("1 of 40");
    terminal.send("up");
    await terminal.waitFor("> 40 user39@example.com");
    terminal.resize(20, 8);
    await terminal.waitFor(/> 40 user39@exam.*…/);
    expect(shown(terminal).length).toBeLessThan(8);
    terminal.send("enter");
    expect(await terminal.exited).toBe(0);
    expect(terminal.transcript()).toContain("chosen: u::39");
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "%s ends the program, the terminal is as before",
    async (signal) => {
      await using terminal = open();
      await terminal.waitFor("> 01");
      process.kill(terminal.pid, signal);
      expect(await terminal.exited).toBeGreaterThan(128);
      expect(shown(terminal)).toEqual([]);
      expect(terminal.raw).toEndWith("\u001b[?25h");
    },
  );

  test.each([
    ["a choice", "\r"],
    ["Esc", "\u001b"],
    ["Ctrl-C", "\u0003"],
    ["a signal", undefined],
  ])("the terminal's modes are as before: %s", async (_, keys) => {
    const script = `stty -g; sh -c 'echo "pid $$"; exec "$@"' sh "$@"; stty -g`;
    await using terminal = open(ACCOUNTS, { program: ["/bin/sh", "-c", script, "sh", ...PROGRAM], columns: 120 });
    await terminal.waitFor("> 01");
    if (keys !== undefined) terminal.write(keys);
    else process.kill(Number(/pid (\d+)/.exec(terminal.transcript())?.[1]), "SIGTERM");
    await terminal.exited;
    const [before, ...after] = terminal.transcript().split("\n");
    expect(before).toContain(":");
    expect(after.at(-1)).toBe(before);
  });

  test("an ambiguous selector opens it with what matches", async () => {
    await using terminal = open(ACCOUNTS, { args: ["example.org"] });
    await terminal.waitFor('which "example.org"?');
    expect(shown(terminal)).toHaveLength(3);
    terminal.write("dave\r");
    expect(await terminal.exited).toBe(0);
    expect(terminal.transcript()).toContain("chosen: u4::a4");
  });

  test.each([
    ["one match needs no picker", ["carol"], "chosen: u3::a3", 0],
    ["no match", ["zzz"], 'refused: no account matches "zzz"', 1],
  ])("%s", async (_, args, line, code) => {
    await using terminal = open(ACCOUNTS, { args });
    expect(await terminal.exited).toBe(code);
    expect(shown(terminal)).toEqual([line]);
  });

  test("a terminal that can't be drawn on is none", async () => {
    await using terminal = open(ACCOUNTS, { env: { TERM: "dumb" } });
    expect(await terminal.exited).toBe(1);
    expect(shown(terminal)).toEqual(["refused: which account?"]);
  });
});

describe("without a terminal", () => {
  test.each([
    ["no selector", [], ACCOUNTS, "refused: which account?", 1],
    ["an ambiguous one", ["example.org"], ACCOUNTS, 'refused: "example.org" matches 2 accounts', 1],
    ["no accounts", [], [], "refused: there are no accounts", 1],
  ])("%s", async (_, args, accounts, line, code) => {
    writeAccounts(accounts);
    const env = { HOME: home.path, PATH: "/usr/bin:/bin", TERM: "xterm" };
    expect(await run([...PROGRAM, ...args], { env })).toMatchObject({ code, err: `${line}\n` });
  });
});
