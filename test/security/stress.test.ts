import { expect, test } from "bun:test";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { fakeEnvironment } from "../fake/config.ts";
import { User } from "../commands/user.ts";
import { PROGRAM } from "../shells/program.ts";

const NAMES = ["alice", "bob", "carol"].map((name) => `${name}@example.com`);
const LASTS_MS = 3000;

/** Refreshes a home's login over and over as Codex does: under its two locks, by a temporary file renamed over what the link leads to. */
const REFRESHER = `
import { dlopen, FFIType } from "bun:ffi";
import { closeSync, openSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
const { flock } = dlopen(process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
  flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
}).symbols;
const home = process.argv[2];
for (const end = Date.now() + ${LASTS_MS}; Date.now() < end; await Bun.sleep(Math.random() * 40)) {
  const locks = [openSync(home + "/auth.lock", "a", 0o600)];
  try {
    flock(locks[0], 2);
    const path = realpathSync(home + "/auth.json");
    locks.push(openSync(path + ".lock", "a", 0o600));
    if (flock(locks[1], 6) !== 0) continue;
    const auth = JSON.parse(readFileSync(path, "utf8"));
    auth.serial = (auth.serial ?? 0) + 1;
    auth.last_refresh = new Date().toISOString();
    writeFileSync(path + ".codex", JSON.stringify(auth), { mode: 0o600 });
    renameSync(path + ".codex", path);
    console.log(auth.tokens.account_id, auth.serial);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  } finally {
    for (const lock of locks) closeSync(lock);
  }
}`;

/** Runs commands at random, and kills some of them, until the time is over; returns what went wrong. */
async function hurry(user: User, env: Record<string, string>): Promise<string[]> {
  const bugs: string[] = [];
  const any = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)] as T;
  for (const end = Date.now() + LASTS_MS; Date.now() < end;) {
    const words = any([
      ["sync", "--quiet"],
      ["switch", any(NAMES)],
      ["pin", any(NAMES), join(user.home, "work")],
      ["unpin", join(user.home, "work")],
      ["exec", "--account", any(NAMES), "--", "true"],
      ["alias", "clear", any(NAMES)],
      ["list"],
      ["clean"],
      ["import", join(user.base, "codex-auth/backup")],
    ]);
    const child = Bun.spawn([...PROGRAM, ...words], { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
    const killer = Math.random() < 0.3 ? setTimeout(() => child.kill("SIGKILL"), 20 + Math.random() * 80) : undefined;
    const err = await child.stderr.text();
    if ((await child.exited) === 70) bugs.push(`${words.join(" ")}: ${err}`);
    clearTimeout(killer);
  }
  return bugs;
}

test("many commands at once, some of them killed, while Codex refreshes: each account has one login, its newest", async () => {
  await using user = new User();
  for (const email of NAMES) {
    await user.add({ email });
    await user.auth(["pin", email, user.directory("work")]);
  }
  await user.auth(["switch", NAMES[0] ?? ""]);
  const script = user.write("refresher.ts", REFRESHER);
  const env = { HOME: user.home, PATH: "/usr/bin:/bin", ...fakeEnvironment(user.fake) };
  const homes = readdirSync(join(user.base, "codex-auth/homes")).map((id) => join(user.base, "codex-auth/homes", id));
  const codexes = [user.base, ...homes].map((home) =>
    Bun.spawn([process.execPath, script, home], { env, stdout: "pipe", stderr: "inherit" }).stdout.text(),
  );
  const bugs = await Promise.all([hurry(user, env), hurry(user, env), hurry(user, env)]);
  const newest = new Map<string, number>();
  for (const line of (await Promise.all(codexes)).join("").split("\n").filter(Boolean)) {
    const [id = "", serial] = line.split(" ");
    newest.set(id, Math.max(newest.get(id) ?? 0, Number(serial)));
  }
  await user.auth(["sync"]);
  expect(bugs.flat()).toEqual([]);

  const { accounts, active_account_key } = JSON.parse(readFileSync(join(user.base, "accounts/registry.json"), "utf8"));
  expect(accounts).toHaveLength(NAMES.length);
  for (const { account_key, chatgpt_account_id } of accounts) {
    const file = `${Buffer.from(account_key).toString("base64url")}.auth.json`;
    const live = readFileSync(join(user.base, "accounts", file), "utf8");
    expect(JSON.parse(live).serial).toBe(newest.get(chatgpt_account_id) ?? 0);
    expect(readFileSync(join(user.base, "codex-auth/backup", file), "utf8")).toBe(live);
    if (account_key === active_account_key) expect(readlinkSync(join(user.base, "auth.json"))).toBe(`accounts/${file}`);
  }
  for (const home of homes) {
    expect(lstatSync(join(home, "auth.json")).isSymbolicLink()).toBe(true);
    expect(existsSync(join(home, "auth.json"))).toBe(true);
  }
}, 120_000);
