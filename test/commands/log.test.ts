import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeKey } from "../fake/accounts.ts";
import { ALICE, auth, BOB, KEY, KEY_ACCOUNT } from "./credentials.ts";
import { User } from "./user.ts";

const NEXT = fakeKey("next", { id: KEY.id, email: KEY.email });

let user: User;
beforeEach(async () => {
  user = new User({ keys: [KEY, NEXT] });
  for (const who of [ALICE, BOB, KEY]) await user.add(who);
});
afterEach(() => user[Symbol.asyncDispose]());

const file = () => join(user.base, "codex-auth/log");
const inShell = { env: { CODEX_AUTH_SNIPPET: "zsh" } };
/** Returns the lines as `command: what`; every one begins with a time. */
const log = async (...words: string[]) => {
  const lines = (await user.auth(["log", ...words])).split("\n").slice(0, -1);
  return lines.map((line) => {
    expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/);
    return line.slice(21).replace(/ +/, ": ");
  });
};
/** What happens is the end of the log. */
const happens = async (act: () => Promise<unknown> | void, expected: string[]) => {
  const before = (await log("-n", "1000")).length;
  await act();
  expect((await log("-n", "1000")).slice(before)).toEqual(expected);
};

test("a row for each thing that happens to an account, and by which command", async () => {
  expect(await log()).toEqual([
    "import: added alice@example.com",
    "import: added bob@example.com",
    "import: added billing@acme.example API_KEY",
  ]);
  await happens(() => user.auth(["switch", "alice"]), ["switch: the default account is alice@example.com, was nobody"]);
  await happens(
    () => user.auth(["switch", "bob"]),
    ["switch: the default account is bob@example.com, was alice@example.com"],
  );
  await happens(() => user.auth(["switch", "bob"]), []);
  const work = user.directory("work");
  await happens(() => user.auth(["pin", "alice", work]), [`pin: ${work} is pinned to alice@example.com`]);
  await happens(() => user.auth(["pin", "alice", work]), []);
  await happens(() => user.auth(["unpin", work]), [`unpin: ${work} is not pinned to alice@example.com any more`]);
  await happens(() => user.auth(["use", "billing"], inShell), ["use: a shell uses billing@acme.example API_KEY"]);
  await happens(() => user.auth(["use", "-"], inShell), ["use: a shell uses its directory's account again"]);
  await happens(
    () => user.auth(["rotate", KEY_ACCOUNT], { stdin: NEXT.key }),
    [
      expect.stringMatching(
        /^rotate: billing@acme.example API_KEY has the key sk-\w+\*\*\*\w+ in place of sk-\w+\*\*\*\w+$/,
      ),
    ],
  );
  await happens(
    () => user.auth(["remove", "bob@example.com", "--yes"]),
    ["remove: removed bob@example.com", "remove: the default account is nobody, was bob@example.com"],
  );
  await happens(
    () => user.auth(["login", "--with-api-key"], { stdin: KEY.key }),
    [
      expect.stringContaining("login: added billing@acme.example API_KEY sk-"),
      expect.stringContaining("login: the default account is billing@acme.example API_KEY sk-"),
    ],
  );
  expect((await log()).length).toBeLessThanOrEqual(20);
  expect(await log("-n", "1")).toEqual((await log()).slice(-1));
});

test("what others did is told by the command that finds it, also in the hook", async () => {
  await user.auth(["switch", "alice"]);
  const login = join(user.base, "auth.json");
  await happens(async () => {
    writeFileSync(`${login}.new`, auth({ email: "eve@example.com" }));
    renameSync(`${login}.new`, login);
    await user.auth(["sync", "--quiet"]);
  }, [
    "sync: a login of eve@example.com was taken up",
    "sync: added eve@example.com",
    "sync: the default account is eve@example.com, was alice@example.com",
  ]);
  await happens(async () => {
    rmSync(login);
    await user.auth(["sync", "--quiet"]);
  }, ["sync: eve@example.com is logged out", "sync: the default account is nobody, was eve@example.com"]);
  await happens(() => user.auth(["sync"]).then(() => {}), []);
});

test("no secret, one line each, nothing that a terminal obeys; 0600", async () => {
  const odd = user.directory("a\nb\u001b[31m\tc");
  await user.auth(["pin", "alice", odd]);
  await user.auth(["pin", "billing", user.directory(`to ${KEY.key}`)]);
  const text = readFileSync(file(), "utf8");
  expect(text).not.toContain("\u001b");
  expect(text).not.toContain(KEY.key);
  expect(await log("-n", "2")).toEqual([
    `pin: ${odd.replace(/[\n\t\u001b]/g, "\u{fffd}")} is pinned to alice@example.com`,
    `pin: ${user.home}/to sk-*** is pinned to billing@acme.example API_KEY`,
  ]);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test("at most a megabyte: the newer half stays", async () => {
  const line = `2026-01-01T00:00:00.000Z\tswitch\t${"x".repeat(200)}\n`;
  writeFileSync(file(), line.repeat(5000), { mode: 0o600 });
  await user.auth(["switch", "alice"]);
  const text = readFileSync(file(), "utf8");
  expect(text.length).toBeLessThanOrEqual(500_000);
  expect(text.length).toBeGreaterThan(400_000);
  expect(text).toStartWith("2026-01-01T00:00:00.000Z\tswitch\txxx");
  expect(await log("-n", "1")).toEqual(["switch: the default account is alice@example.com, was nobody"]);
});

test("doctor tells when others can read it, eject takes it away, clean and remove do not", async () => {
  await user.auth(["clean"]);
  await user.auth(["remove", "bob@example.com", "--yes"]);
  Bun.spawnSync(["chmod", "644", file()]);
  expect((await user.run(["doctor"])).out).toContain(`${file()} can be read by others`);
  await user.auth(["eject", "--yes"]);
  expect(existsSync(file())).toBe(false);
});

test.each([
  [["-n", "0"], 2],
  [["-n", "many"], 2],
  [["-n"], 2],
])("%p: exit %p", async (words, code) => {
  expect(await user.run(["log", ...words])).toMatchObject({ code, out: "" });
});

test("more lines than any file has: all of them", async () => {
  expect(await log("-n", "9".repeat(30))).toEqual(await log("-n", "1000"));
});

test("nothing yet, and no base home: nothing is made", async () => {
  rmSync(user.base, { recursive: true });
  expect(await user.run(["log"])).toMatchObject({ code: 0, out: "" });
  await user.run(["use", "-"], inShell);
  expect(existsSync(user.base)).toBe(false);
});

test("what cannot be written there is no reason to fail", async () => {
  rmSync(file());
  Bun.spawnSync(["mkdir", file()]);
  await user.auth(["switch", "alice"]);
  expect(await user.run(["log"])).toMatchObject({ code: 0, out: "" });
});
