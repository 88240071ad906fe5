import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";

import { join } from "node:path";
import { fileKeyOf, homeIdOf } from "../../src/core/accounts/account.ts";
import { changeState, WITHOUT_ASKING } from "../../src/core/state/change.ts";
import { makeBaseHome } from "../base-home.ts";
import { breakEach } from "../breaking-files.ts";
import { chatgptAuth, chatgptLogin, type ChatgptOptions, fakeKey } from "../fake/accounts.ts";
import { ALICE, KEY, KEY_ACCOUNT, storeOf } from "./credentials.ts";
import { apiKey, login, savedRegistry, stock } from "./stock.ts";
import { User } from "./user.ts";

// A real ChatGPT login may hold an API key that Codex asks for beside its tokens. Older versions took it for that key's account.

const CAROL = { email: "carol@example.com", accountId: "acct-one" };
const OTHER = { ...CAROL, accountId: "acct-two" };
const keyOf = (who: ChatgptOptions) => {
  const { userId, accountId } = chatgptLogin(who);
  return `${userId}::${accountId}`;
};
/** The login of somebody, with the minted key beside its tokens. */
const minted = (who: ChatgptOptions, key: string) =>
  JSON.stringify({ ...chatgptAuth(who), OPENAI_API_KEY: key }, null, 2);

let user: User;
let store: ReturnType<typeof storeOf>;
beforeEach(async () => {
  // the key that was minted is KEY: OpenAI says that it is of its owner
  user = new User({ keys: [KEY] });
  store = storeOf(user);
  for (const who of [ALICE, KEY]) await user.add(who);
  await user.auth(["alias", "set", KEY_ACCOUNT, "acme"]);
});
afterEach(() => user[Symbol.asyncDispose]());

const ours = (...path: string[]) => join(user.base, "codex-auth", ...path);
const live = (key: string) => join(store.accounts, `${fileKeyOf(key)}.auth.json`);
const backup = (key: string) => ours("backup", `${fileKeyOf(key)}.auth.json`);
const kept = () => (existsSync(ours("kept")) ? readdirSync(ours("kept")) : []);

/** Makes the account of the key what an older version has made of a login. */
function makeOld(who: ChatgptOptions = CAROL): string {
  const text = minted(who, KEY.key);
  writeFileSync(live(KEY_ACCOUNT), text);
  writeFileSync(backup(KEY_ACCOUNT), text);
  const { mtimeMs } = lstatSync(live(KEY_ACCOUNT));
  Bun.spawnSync(["touch", "-r", live(KEY_ACCOUNT), backup(KEY_ACCOUNT)]);
  expect(Math.abs(lstatSync(backup(KEY_ACCOUNT)).mtimeMs - mtimeMs)).toBeLessThan(1);
  return text;
}

/** Pins to the key's account, as which the base home is logged in too. */
async function useIt(): Promise<string> {
  await user.auth(["switch", "alice"]);
  await user.auth(["switch", "acme"]);
  const work = user.directory("work");
  await user.auth(["pin", "acme", work]);
  writeFileSync(ours("homes", homeIdOf(KEY_ACCOUNT), ".credentials.json"), '{"figma":{"access_token":"x"}}');
  return work;
}

describe("a ChatGPT login that was taken for an API key becomes itself", () => {
  test.each([
    [["sync"]],
    [["switch", "acme"]],
    [["pin", "alice", "/"]],
    [["exec", "--", "true"]],
    [["import", "--purge"]],
    [["clean"]],
  ])("at the first change: %j", async (words) => {
    const work = await useIt();
    const text = makeOld();
    const ran = await user.run(words);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.err).toContain("acme is a ChatGPT login");
    const key = keyOf(CAROL);
    expect(store.keys().toSorted()).toEqual([key, keyOf(ALICE)].toSorted());
    expect(store.registry()).toMatchObject({ active_account_key: key, previous_active_account_key: keyOf(ALICE) });
    expect(store.registry().accounts.find((one: { alias: string }) => one.alias === "acme")).toMatchObject({
      account_key: key,
      auth_mode: "chatgpt",
      chatgpt_user_id: "user-carol",
      chatgpt_account_id: "acct-one",
      email: CAROL.email,
      account_name: null,
      plan: "plus",
    });
    // the credential is as Codex has written it, and once
    expect(store.credential(key)).toBe(text);
    expect(existsSync(live(KEY_ACCOUNT))).toBe(false);
    expect(existsSync(backup(KEY_ACCOUNT))).toBe(false);
    expect(readFileSync(backup(key), "utf8")).toBe(text);
    expect(kept()).toEqual([]);
    expect(readlinkSync(join(user.base, "auth.json"))).toBe(`accounts/${fileKeyOf(key)}.auth.json`);
    // pins, home, and shells that know the old one
    const here = await user.json(["current"], { cwd: work });
    expect(here).toMatchObject({ source: "pin", codex_home: ours("homes", homeIdOf(key)) });
    expect(here.account).toMatchObject({ account_key: key, label: "acme" });
    expect(readFileSync(join(here.codex_home, "auth.json"), "utf8")).toBe(text);
    expect(readFileSync(join(here.codex_home, ".credentials.json"), "utf8")).toContain("figma");
    const env = { CODEX_AUTH_USE: homeIdOf(KEY_ACCOUNT), CODEX_AUTH_SNIPPET: "zsh" };
    expect((await user.json(["current"], { env })).account.account_key).toBe(key);
    const { set } = await user.json(["env"], { cwd: work });
    expect(set.OPENAI_API_KEY).toBeUndefined();
    expect(set).toMatchObject({ CODEX_AUTH_PLAN: "Plus", CODEX_AUTH_LABEL: "acme" });
    expect((await user.run(["doctor"], { cwd: work })).out).not.toMatch(/^FAIL {2}(?!the snippet|codex)/m);
    // said once
    expect((await user.run(["sync"])).err).not.toContain("ChatGPT login");
    expect(await user.auth(["log"])).toContain("acme is a ChatGPT login");
  });

  test("doctor says so until then", async () => {
    await useIt();
    makeOld();
    const { findings } = JSON.parse((await user.run(["doctor", "--json"])).out);
    expect(findings).toContainEqual(
      expect.objectContaining({ id: "account", level: "warn", remedy: "codex-auth sync" }),
    );
  });

  test("what the older tool leaves: a copy in auth.json, nothing of ours", async () => {
    const text = makeOld();
    rmSync(ours(), { recursive: true });
    writeFileSync(join(user.base, "auth.json"), text);
    const registry = { ...store.registry(), active_account_key: KEY_ACCOUNT };
    writeFileSync(store.registryFile, JSON.stringify(registry, null, 2));
    await user.auth(["sync"]);
    const key = keyOf(CAROL);
    expect(store.registry()).toMatchObject({ active_account_key: key });
    expect(store.keys().toSorted()).toEqual([key, keyOf(ALICE)].toSorted());
    expect(readlinkSync(join(user.base, "auth.json"))).toBe(`accounts/${fileKeyOf(key)}.auth.json`);
    expect(store.credential(key)).toBe(text);
    expect(kept()).toEqual([]);
  });

  test("a purge of a registry that was lost knows the alias from its backup", async () => {
    const work = await useIt();
    makeOld();
    rmSync(store.registryFile);
    await user.auth(["import", "--purge"]);
    expect((await user.json(["current"], { cwd: work })).account).toMatchObject({
      account_key: keyOf(CAROL),
      alias: "acme",
    });
    expect(store.keys().toSorted()).toEqual([keyOf(ALICE), keyOf(CAROL)].toSorted());
  });

  test("a refresh after the backup: the newest tokens are live, and the used ones are dropped", async () => {
    await useIt();
    makeOld();
    const newer = minted({ ...CAROL, lastRefresh: new Date().toISOString() }, KEY.key);
    writeFileSync(live(KEY_ACCOUNT), newer);
    await user.auth(["sync"]);
    expect(store.credential(keyOf(CAROL))).toBe(newer);
    expect(kept()).toEqual([]);
  });
});

describe("an account that is there already", () => {
  const EARLY = "2026-01-01T00:00:00Z";
  const LATE = "2026-02-01T00:00:00Z";

  test.each([
    ["is later", EARLY, LATE],
    ["is earlier", LATE, EARLY],
  ])("%s: one account, with both's pins; the later login is live, the other kept", async (_what, old, other) => {
    const work = await useIt();
    await user.add({ ...CAROL, lastRefresh: other });
    const play = user.directory("play");
    await user.auth(["pin", CAROL.email, play]);
    writeFileSync(ours("homes", homeIdOf(keyOf(CAROL)), ".credentials.json"), '{"linear":{"access_token":"y"}}');
    mkdirSync(ours("homes", homeIdOf(KEY_ACCOUNT), "log"), { recursive: true });
    writeFileSync(ours("homes", homeIdOf(KEY_ACCOUNT), "log/codex-tui.log"), "");
    const there = store.credential(keyOf(CAROL));
    const text = makeOld({ ...CAROL, lastRefresh: old });
    await user.auth(["sync"]);
    const key = keyOf(CAROL);
    expect(store.keys().toSorted()).toEqual([key, keyOf(ALICE)].toSorted());
    expect(store.registry()).toMatchObject({ active_account_key: key, previous_active_account_key: keyOf(ALICE) });
    expect(store.credential(key)).toBe(old > other ? text : there);
    const texts = kept().map((name) => readFileSync(ours("kept", name), "utf8"));
    expect(texts.toSorted()).toEqual([old > other ? there : text, '{"figma":{"access_token":"x"}}'].toSorted());
    for (const cwd of [work, play]) {
      const here = await user.json(["current"], { cwd });
      expect(here).toMatchObject({ source: "pin", codex_home: ours("homes", homeIdOf(key)) });
      expect(here.account).toMatchObject({ account_key: key, alias: "acme" });
    }
    const home = ours("homes", homeIdOf(key));
    expect(readFileSync(join(home, ".credentials.json"), "utf8")).toContain("linear");
    expect(readFileSync(join(home, "auth.json"), "utf8")).toBe(store.credential(key));
    expect(readlinkSync(ours("homes", homeIdOf(KEY_ACCOUNT)))).toBe(homeIdOf(key));
  });

  test("its alias stays, and so does its workspace's name", async () => {
    await useIt();
    await user.auth(["import", user.write("c.json", JSON.stringify(chatgptAuth(CAROL))), "--alias", "home"]);
    makeOld();
    await user.auth(["sync"]);
    const aliases = store.registry().accounts.map(({ alias }: { alias: string }) => alias);
    expect(aliases.toSorted()).toEqual(["", "home"]);
  });

  test("sessions of each home's own are all there", async () => {
    await user.auth(["config", "share", "none"]);
    await useIt();
    await user.add({ ...CAROL, lastRefresh: EARLY });
    await user.auth(["pin", CAROL.email, user.directory("play")]);
    const homes = [KEY_ACCOUNT, keyOf(CAROL)].map((key) => ours("homes", homeIdOf(key)));
    for (const [at, home] of homes.entries()) {
      mkdirSync(join(home, "sessions/2026"), { recursive: true });
      writeFileSync(join(home, "sessions/2026", `rollout-${at}.jsonl`), String(at));
      writeFileSync(join(home, "state_5.sqlite"), String(at));
    }
    makeOld();
    await user.auth(["sync"]);
    expect(readdirSync(join(homes[1] ?? "", "sessions/2026")).toSorted()).toEqual([
      "rollout-0.jsonl",
      "rollout-1.jsonl",
    ]);
    expect(readFileSync(`${homes[0]}.old/state_5.sqlite`, "utf8")).toBe("0");
  });

  test("another workspace with the same minted key: two accounts", async () => {
    const work = await useIt();
    await user.auth(["import", user.write("two.json", minted(OTHER, KEY.key))]);
    makeOld(CAROL);
    await user.auth(["sync"]);
    expect(store.keys().toSorted()).toEqual([keyOf(CAROL), keyOf(OTHER), keyOf(ALICE)].toSorted());
    for (const who of [CAROL, OTHER])
      expect(JSON.parse(store.credential(keyOf(who))).tokens.account_id).toBe(who.accountId);
    expect((await user.json(["current"], { cwd: work })).account.account_key).toBe(keyOf(CAROL));
  });
});

describe("what is none of these stays what it is", () => {
  test("somebody who logged in over an API key, with or without a key of his own", async () => {
    for (const key of [null, "sk-minted-another"]) {
      await user.auth(["switch", "acme"]);
      const text = JSON.stringify({ ...chatgptAuth(CAROL), OPENAI_API_KEY: key }, null, 2);
      writeFileSync(join(user.base, "auth.json"), text);
      await user.auth(["sync"]);
      expect(store.keys().toSorted()).toEqual([KEY_ACCOUNT, keyOf(ALICE), keyOf(CAROL)].toSorted());
      expect(store.credential(KEY_ACCOUNT)).toContain(KEY.key);
      expect(store.credential(keyOf(CAROL))).toBe(text);
      await user.auth(["remove", CAROL.email, "--yes"]);
    }
  });

  test("an API key whose file holds tokens too, without an auth_mode: Codex bills the key", async () => {
    const { auth_mode: _, ...rest } = chatgptAuth(CAROL);
    writeFileSync(live(KEY_ACCOUNT), JSON.stringify({ ...rest, OPENAI_API_KEY: KEY.key }, null, 2));
    await user.auth(["sync"]);
    expect(store.keys()).toContain(KEY_ACCOUNT);
    expect(store.keys()).not.toContain(keyOf(CAROL));
  });
});

test("broken off at every change, and run again: aliases, pins and logins are as if it had not been", async () => {
  const world = makeBaseHome();
  const key = fakeKey("acme");
  const old = { ...apiKey("acme", { alias: "work" }), auth: { ...chatgptAuth(CAROL), OPENAI_API_KEY: key.key } };
  stock(world.path, [old, login({ ...CAROL, lastRefresh: "2026-01-01T00:00:00Z" }), login(ALICE)]);
  const id = homeIdOf(old.account.account_key);
  world.write(`codex-auth/pins${world.path}/%account`, `${id}\n`);
  for (const name of [id, homeIdOf(keyOf(CAROL))]) {
    world.write(`codex-auth/homes/${name}/.credentials.json`, `{"${name}": 1}`);
    world.write(`codex-auth/env/${name}`, "");
  }
  const texts = () => {
    const places = ["accounts", "codex-auth/kept"].map((name) => join(world.path, name));
    const paths = places.flatMap((place) =>
      existsSync(place) ? readdirSync(place).map((name) => join(place, name)) : [],
    );
    return paths.filter((path) => /auth\.json$|kept/.test(path)).map((path) => readFileSync(path, "utf8"));
  };
  const points = await breakEach(
    world,
    (ctx) => changeState(ctx, WITHOUT_ASKING, () => {}),
    (nth) => {
      const { accounts, active_account_key: active } = savedRegistry(world.path);
      const aliases = accounts.map(({ account_key, alias }) => [account_key, alias]).toSorted();
      expect({ nth, active, aliases }).toEqual({
        nth,
        active: keyOf(CAROL),
        aliases: [
          [keyOf(ALICE), ""],
          [keyOf(CAROL), "work"],
        ],
      });
      expect({ nth, pin: world.read(`codex-auth/pins${world.path}/%account`) }).toEqual({
        nth,
        pin: `${homeIdOf(keyOf(CAROL))}\n`,
      });
      for (const text of [JSON.stringify(old.auth, null, 2), `{"${id}": 1}`]) expect(texts()).toContain(text);
      expect(world.read("auth.json")).toBe(JSON.stringify(old.auth, null, 2));
    },
  );
  console.log(`${points} points at which it was broken off`);
  expect(points).toBeGreaterThan(20);
  world.remove();
});
