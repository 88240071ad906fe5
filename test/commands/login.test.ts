import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { chatgptAuth, fakeKey } from "../fake/accounts.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { Terminal } from "../shells/terminal.ts";
import { PROGRAM } from "../shells/program.ts";
import { login, savedRegistry, stock } from "./stock.ts";
import { User } from "./user.ts";

// a stand-in of Codex logs in as whoever the browser is signed in as; alice is the default account, bob another

const [alice, bob] = [{ email: "alice@example.com" }, { email: "bob@example.com" }];
const ada = fakeKey("ada");

let user: User;
beforeEach(() => {
  user = new User({ keys: [ada] });
  stock(user.base, [login(alice), login(bob, { alias: "work" })]);
});
afterEach(() => user[Symbol.asyncDispose]());

/** The browser is signed in as somebody: each time Codex logs in it is another session of his. */
function browserOf(email: string): void {
  const auth = user.write("session.json", JSON.stringify(chatgptAuth({ email, session: crypto.randomUUID() })));
  chmodSync(user.write("bin/codex", `#!/bin/sh\ncp '${auth}' "$CODEX_HOME/auth.json"\n`), 0o755);
}

const defaultEmail = () => {
  const { accounts, active_account_key } = savedRegistry(user.base);
  return accounts.find((account) => account.account_key === active_account_key)?.email;
};
const aliasOf = (email: string) => savedRegistry(user.base).accounts.find((account) => account.email === email)?.alias;

describe("codex-auth login", () => {
  test("somebody new: the default account, and how to go back", async () => {
    browserOf("eve@example.com");
    const { code, out, err } = await user.run(["login"]);
    expect({ code, out }).toEqual({ code: 0, out: "eve@example.com is the default account\n" });
    expect(err).toBe("codex-auth: it was alice@example.com\n  try: codex-auth switch -, to go back\n");
  });

  test("the default account once more: it says that it is the same", async () => {
    browserOf(alice.email);
    const { code, out, err } = await user.run(["login"]);
    expect({ code, out }).toEqual({ code: 0, out: "alice@example.com is the default account\n" });
    expect(err).toContain(
      "alice@example.com again, who was here already\n  try: for another account: log out in the browser",
    );
  });

  test("one that is known, where nothing else decides: the default account", async () => {
    browserOf(bob.email);
    expect(await user.auth(["login"])).toBe("work is the default account\n");
    expect(defaultEmail()).toBe(bob.email);
  });

  test.each([
    ["pinned", ["pin", "work"], {}],
    ["used", undefined, { CODEX_AUTH_SNIPPET: "bash" }],
  ])("one that is known, where it is %s: it is only renewed", async (_, pin, snippet) => {
    const env = pin ? {} : { ...snippet, CODEX_AUTH_USE: (await user.auth(["use", "work"], { env: snippet })).trim() };
    if (pin) await user.auth(pin);
    browserOf(bob.email);
    const { out } = await user.run(["login"], { env });
    expect(out).toBe("work is logged in again; the default account is alice@example.com, as before\n");
    expect(defaultEmail()).toBe(alice.email);
  });

  test("--pin: the directory uses it, said as pin says it; the default account stays", async () => {
    browserOf("dora@example.com");
    const place = user.directory("place");
    expect(await user.auth(["login", "--pin"], { cwd: place })).toBe(`${place} uses dora@example.com\n`);
    expect(defaultEmail()).toBe(alice.email);
    expect((await user.json(["current"], { cwd: place })).account.email).toBe("dora@example.com");
  });

  test("--alias of the account that has it renews it; that of another is refused, and the login is kept", async () => {
    browserOf(bob.email);
    expect((await user.run(["login", "--alias", "work"])).code).toBe(0);
    browserOf("eve@example.com");
    const { code, err } = await user.run(["login", "--alias", "work"]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `codex-auth: the alias "work" is taken by work; the login is kept, and neither default nor pinned
  try: codex-auth alias set 'eve@example.com' ALIAS, or codex-auth switch 'eve@example.com'
`,
    });
    expect(savedRegistry(user.base).accounts.map(({ email }) => email)).toContain("eve@example.com");
    expect(aliasOf(bob.email)).toBe("work");
  });

  test.each([[["--with-api-key"]], [["--with-access-token"]], [["--device-auth"]]])(
    "an alias that nothing can be called, %j: refused before anything is asked for",
    async (how) => {
      const { code, err } = await user.run(["login", ...how, "--alias", "12"], { stdin: "" });
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("an alias cannot be a number") });
    },
  );

  test("--alias in a browser that is signed in as one who has another: that stays, without a terminal", async () => {
    browserOf(bob.email);
    const { code, err } = await user.run(["login", "--alias", "eve"]);
    expect(code).toBe(0);
    expect(err).toContain("work again, who was here already");
    expect(err).toContain("work keeps its alias\n  try: codex-auth alias set 'work' 'eve'");
    expect(aliasOf(bob.email)).toBe("work");
  });

  test.each([
    ["y", "eve"],
    ["n", "work"],
  ])("... on a terminal %s to the question: %s", async (key, alias) => {
    browserOf(bob.email);
    await using terminal = new Terminal([...PROGRAM, "login", "--alias", "eve"], {
      cwd: user.home,
      env: { HOME: user.home, PATH: `${user.home}/bin:/usr/bin:/bin`, TERM: "xterm", ...fakeEnvironment(user.fake) },
    });
    await terminal.waitFor("Call it eve in place of work? y/N");
    terminal.write(key);
    await terminal.exited;
    expect(aliasOf(bob.email)).toBe(alias);
  });

  test("the same key once more", async () => {
    await user.run(["login", "--with-api-key"], { stdin: ada.key });
    const { out, err } = await user.run(["login", "--with-api-key"], { stdin: ada.key });
    expect(out).toBe("ada@example.com API_KEY is the default account\n");
    expect(err).toBe("codex-auth: ada@example.com API_KEY: this key was here already\n");
  });
});
