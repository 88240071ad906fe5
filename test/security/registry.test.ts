import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentsOf } from "../tree.ts";
import { chatgptAuth } from "../fake/accounts.ts";
import { User } from "../commands/user.ts";

const COMMANDS = [
  ["list"],
  ["current"],
  ["pins", "--prune"],
  ["doctor"],
  ["env", "alice@example.com"],
  ["sync"],
  ["switch", "alice@example.com"],
  ["pin", "alice@example.com", "."],
  ["unpin", "work"],
  ["use", "alice@example.com"],
  ["exec", "--", "true"],
  ["remove", "alice@example.com"],
  ["remove", "--all", "--yes"],
  ["alias", "set", "alice@example.com", "al"],
  ["config", "share", "none"],
  ["config", "interval", "9"],
  ["clean"],
  ["export", "out"],
  ["import", "new.json"],
  ["login"],
  ["login", "--with-api-key"],
  ["eject"],
];

async function prepared(): Promise<User> {
  const user = new User();
  await user.add({ email: "alice@example.com" });
  await user.auth(["switch", "alice@example.com"]);
  await user.auth(["pin", "alice@example.com", user.directory("work")]);
  const login = user.write("new.json", JSON.stringify(chatgptAuth({ email: "new@example.com" })));
  user.write("bin/codex", `#!/bin/sh\ncp "${login}" "$CODEX_HOME/auth.json"\n`, 0o755);
  return user;
}

const registryOf = (user: User) => join(user.base, "accounts/registry.json");

test.concurrent.each([
  [
    "of a newer version",
    '{"schema_version": 5, "accounts": [], "new": {"a": 1}}',
    "version 5",
    [["import", "--purge"]],
  ],
  ["that is damaged", '{"schema_version": 4, "accounts": [', "import --purge", []],
])(
  "a registry %s is refused, untouched, by every command",
  async (_, text, told, more) => {
    await using user = await prepared();
    writeFileSync(registryOf(user), text);
    const before = contentsOf(user.base);
    await Promise.all(
      [...COMMANDS, ...more].map(async (words) => {
        const { code, out, err } = await user.run(words, { stdin: "sk-key", env: { CODEX_AUTH_SNIPPET: "zsh" } });
        expect({ words, code }).toEqual({ words, code: 1 });
        // where doctor says what it has found
        expect(words[0] === "doctor" ? out : err).toContain(told);
      }),
    );
    expect(contentsOf(user.base)).toEqual(before);
  },
  120_000,
);

test("what another program put into the registry survives every command", async () => {
  await using user = await prepared();
  const registry = JSON.parse(readFileSync(registryOf(user), "utf8"));
  const theirs = { a: [1, { b: null }], "constructor ": "x" };
  registry.theirs = theirs;
  registry.accounts[0].theirs = theirs;
  writeFileSync(registryOf(user), JSON.stringify(registry));
  for (const words of COMMANDS.filter(([verb]) => verb !== "remove" && verb !== "eject")) {
    await user.run(words, { stdin: "sk-key", env: { CODEX_AUTH_SNIPPET: "zsh" } });
    const now = JSON.parse(readFileSync(registryOf(user), "utf8"));
    const alice = now.accounts.find((account: { email: string }) => account.email === "alice@example.com");
    expect({ words, top: now.theirs, record: alice.theirs }).toEqual({ words, top: theirs, record: theirs });
  }
}, 120_000);

test("an id in a login that could not be a name is no login, and gets nowhere", async () => {
  await using user = await prepared();
  for (const userId of ["u\nOPENAI_API_KEY=sk-evil", "u".repeat(300), "u\0"]) {
    const file = user.write("odd.json", JSON.stringify(chatgptAuth({ email: "odd@example.com", userId })));
    expect(await user.run(["import", file])).toMatchObject({ code: 1, err: expect.stringContaining("MalformedJson") });
  }
  for (const userId of ["../../x", "__proto__", "a/b", "$(id)"]) {
    const file = user.write("odd.json", JSON.stringify(chatgptAuth({ email: "odd@example.com", userId })));
    await user.auth(["import", file]);
    await user.auth(["pin", `${userId}::acct-odd`, user.directory("odd")]);
    await user.auth(["remove", `${userId}::acct-odd`, "--unpin"]);
  }
  expect(
    Object.keys(contentsOf(user.home))
      .filter((name) => !name.startsWith(".codex"))
      .sort(),
  ).toEqual(["bin", "bin/codex", "import.json", "new.json", "odd", "odd.json", "work"]);
}, 120_000);
