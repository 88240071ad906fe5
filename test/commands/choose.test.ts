import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { fakeEnvironment } from "../fake/config.ts";
import { PROGRAM } from "../shells/program.ts";
import { Terminal } from "../shells/terminal.ts";
import { ALICE, BOB, KEY, storeOf } from "./credentials.ts";
import { treeOf } from "../tree.ts";
import { User } from "./user.ts";

let user: User;
beforeAll(async () => {
  user = new User();
  for (const who of [ALICE, BOB, KEY]) await user.add(who);
  await user.auth(["switch", "alice"]);
});
afterAll(() => user[Symbol.asyncDispose]());

const openAs = ({ home, fake }: User, ...words: string[]) =>
  new Terminal([...PROGRAM, ...words], {
    cwd: home,
    env: { HOME: home, PATH: "/usr/bin:/bin", TERM: "xterm-256color", ...fakeEnvironment(fake) },
  });
const open = (...words: string[]) => openAs(user, ...words);

describe("a command without a selector, on a terminal", () => {
  test("asks; no other command waits for the answer", async () => {
    await using terminal = open("switch");
    await terminal.waitFor("which account?");
    await terminal.waitFor("> 01 alice@example.com");
    const started = performance.now();
    await user.auth(["sync"]);
    await user.auth(["alias", "set", "bob", "robert"]);
    expect(performance.now() - started).toBeLessThan(8000);
    terminal.write("bob\r");
    expect(await terminal.exited).toBe(0);
    expect(terminal.transcript()).toContain("the default account is robert");
    expect(storeOf(user).registry()).toMatchObject({ active_account_key: "user-bob::acct-bob" });
    await user.auth(["switch", "alice"]);
  });

  test.each([
    ["escape", 1],
    ["ctrl-c", 130],
  ] as const)("%s leaves everything as it is, exit %i", async (key, code) => {
    const before = treeOf(user.base);
    await using terminal = open("pin");
    await terminal.waitFor("which account?");
    terminal.send(key);
    expect(await terminal.exited).toBe(code);
    expect(terminal.transcript()).toBe("codex-auth: no account was chosen, nothing has changed");
    expect(treeOf(user.base)).toEqual(before);
  });

  test("remove without a selector: several are marked, named and removed", async () => {
    await using other = user.copy();
    await using terminal = openAs(other, "remove");
    await terminal.waitFor("remove which accounts?");
    terminal.send("down");
    terminal.write(" ");
    await terminal.waitFor("[x] 02");
    terminal.send("down");
    terminal.write(" \r");
    await terminal.waitFor("Remove these 2 accounts? y/N");
    terminal.write("y");
    expect(await terminal.exited).toBe(0);
    expect(storeOf(other).registry().accounts).toHaveLength(1);
    expect(storeOf(other).registry().active_account_key).toBe("user-alice::acct-alice");
  });

  test.each([
    ["n", 1],
    ["\r", 1],
    ["\x03", 130],
  ])("remove --all asks; %j removes nothing, exit %i", async (key, code) => {
    const before = treeOf(user.base);
    await using terminal = open("remove", "--all");
    await terminal.waitFor("Remove all 3 accounts and their logins? y/N");
    terminal.write(key);
    expect(await terminal.exited).toBe(code);
    expect(
      terminal
        .transcript()
        .split("\n")
        .map((line) => line.trimEnd()),
    ).toEqual([
      "  alice@example.com: its login goes for good, it is the default account: there will be none",
      "  robert: its login goes for good",
      "  billing@acme.example API_KEY: its login goes for good",
      "codex-auth: nothing has been removed",
    ]);
    expect(treeOf(user.base)).toEqual(before);
  });

  test("remove --all removes after a y", async () => {
    await using other = new User();
    await other.add(ALICE);
    await using terminal = openAs(other, "remove", "--all");
    await terminal.waitFor("y/N");
    terminal.write("y");
    expect(await terminal.exited).toBe(0);
    expect(storeOf(other).registry()).toMatchObject({ accounts: [] });
  });

  test.each([
    ["with --json nobody is asked", ["switch", "--json"], 1, '"ambiguous_query"'],
    ["env alone asks nobody", ["env"], 0, ""],
  ])("%s", async (_, words, code, text) => {
    await using terminal = open(...words);
    expect(await terminal.exited).toBe(code);
    expect(terminal.transcript()).toContain(text);
  });
});

test("an ambiguous selector elsewhere: the candidates, whole objects in JSON", async () => {
  const { code, out, err } = await user.run(["switch", "example.com"]);
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain(
    'codex-auth: "example.com" matches 2 accounts\n  try: a number, or one of these names\n    01 ',
  );
  const failed = await user.run(["switch", "example.com", "--json"]);
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.out)).toMatchObject({
    schema_version: 1,
    error: {
      code: "ambiguous_query",
      candidates: [{ number: 1, email: "alice@example.com", usage: {}, pins: [] }, { number: 3 }],
    },
  });
});
