import { expect, test } from "bun:test";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { codeOf } from "../../src/io/system-error.ts";
import { findFlock } from "../../src/io/flock.ts";
import { ADA, BESIDE, BOB, bobsToken, EVE, type Rounds, toDefault } from "../beside-refresh.ts";
import { User } from "../commands/user.ts";
import { loginOfToken } from "../fake/accounts.ts";

// A stand-in of Codex refreshes bob's login, and every command runs beside it, at any moment: the server sees each refresh token once, and the
// newest is the one that lies there. CODEX_AUTH_TEST_ROUNDS=200 takes about ten minutes.

const ROUNDS = Number(process.env.CODEX_AUTH_TEST_ROUNDS ?? 2);

const { tryLock } = findFlock(process.platform, process.env.PATH);
async function lock(path: string): Promise<number> {
  const fd = openSync(path, "a", 0o600);
  while (!tryLock(fd)) await Bun.sleep(3);
  return fd;
}

/** Refreshes as Codex does: under its two locks, by a file that is renamed over what the link leads to. Returns the new token's serial; undefined where nobody is logged in. */
async function refresh(home: string, server: string): Promise<number | undefined> {
  const locks: number[] = [];
  try {
    locks.push(await lock(join(home, "auth.lock")));
    const path = realpathSync(join(home, "auth.json"));
    locks.push(await lock(`${path}.lock`));
    const auth = JSON.parse(readFileSync(path, "utf8"));
    const { email = "" } = loginOfToken(auth.tokens?.refresh_token ?? "") ?? {};
    if (email !== BOB) return undefined;
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: auth.tokens.refresh_token });
    const answer = await fetch(`${server}/oauth/token`, { method: "POST", body });
    expect(answer.status).toBe(200);
    Object.assign(auth.tokens, await answer.json());
    auth.last_refresh = new Date().toISOString();
    writeFileSync(`${path}.new`, JSON.stringify(auth), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return loginOfToken(auth.tokens.refresh_token)?.serial;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return undefined;
  } finally {
    for (const fd of locks) closeSync(fd);
  }
}

test.each(["base home", "account home"] as const)(
  `${ROUNDS} rounds of each command beside a refresh in the %s`,
  async (at) => {
    await using user = new User({ keys: [ADA, EVE] });
    user.directory("other");
    const rounds: Rounds = {
      at,
      base: user.base,
      lab: user.directory("lab"),
      auth: (words, options) => user.auth(words, options),
      addBob: () => user.add({ email: BOB }),
      addKey: (key) => user.add(key),
      knows: (key) => user.fake.addKey(key),
    };
    await rounds.addKey(ADA);
    await rounds.addBob();
    await rounds.auth(["pin", BOB, rounds.lab]);
    const { set } = JSON.parse(await user.auth(["env", BOB, "--json"]));
    await toDefault(rounds);
    const home = at === "base home" ? user.base : set.CODEX_HOME;
    const wrong: string[] = [];
    let refreshed = 0;
    for (let round = 0; round < ROUNDS; round++)
      for (const { words, stdin, back, endsBob = false } of BESIDE) {
        user.fake.behave("token", { delay: Bun.sleep(Math.random() * 60) });
        const typed = stdin && { stdin: stdin(rounds) };
        const before = bobsToken(user.base);
        const [serial] = await Promise.all([
          Bun.sleep(Math.random() * 90).then(() => refresh(home, user.fake.url)),
          Bun.sleep(Math.random() * 60).then(() => rounds.auth(words, typed)),
        ]);
        if (serial !== undefined) refreshed++;
        const after = bobsToken(user.base);
        const isNewest = endsBob ? after === undefined : after?.serial === (serial ?? before?.serial);
        if (!isNewest)
          wrong.push(`${words.join(" ")}: ${serial ?? "no refresh"}, but ${after?.serial ?? "none"} is there`);
        await back?.(rounds);
      }
    expect({ wrong, reused: user.fake.tokens.reused }).toEqual({ wrong: [], reused: [] });
    expect(user.fake.tokens.refreshed).toHaveLength(refreshed);
    console.log(`${at}: ${ROUNDS * BESIDE.length} commands, ${refreshed} refreshes, each token once`);
  },
  1_800_000,
);

test.each([
  ["base home", ["remove", BOB, "--yes"]],
  ["account home", ["remove", BOB, "--yes"]],
  ["account home", ["remove", "--all", "--yes"]],
  ["account home", ["remove", BOB, "--keep"]],
] as const)("in the %s a refresh that ends late brings nobody back: %p", async (at, words) => {
  await using user = new User({ keys: [ADA] });
  await user.add(ADA);
  await user.add({ email: BOB });
  await user.auth(["pin", BOB, user.directory("lab")]);
  await user.auth(["switch", at === "base home" ? BOB : "ada@example.com"]);
  const { set } = JSON.parse(await user.auth(["env", BOB, "--json"]));
  user.fake.behave("token", { delay: Bun.sleep(1500) });
  const refreshed = refresh(at === "base home" ? user.base : set.CODEX_HOME, user.fake.url);
  await user.auth([...words]);
  expect(await refreshed).toBe(1);
  expect(bobsToken(user.base)).toBeUndefined();
  const kept = join(user.base, "codex-auth/kept");
  expect(existsSync(kept) && readdirSync(kept).length > 0).toBe((words as readonly string[]).includes("--keep"));
});
