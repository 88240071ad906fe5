import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { apiKeyAuth, fakeKey } from "../fake/accounts.ts";
import { User } from "./user.ts";

// what a bare `codex` would bill in an environment, beside what the directory says

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const Shown = v.object({ email: v.string() });
const Document = v.object({
  account: v.nullable(Shown),
  source: v.nullable(v.string()),
  billed: v.nullable(Shown),
  overridden_by: v.array(v.string()),
});

let user: User;
let work: string;
let homes: { ada: string; eve: string };
const at = (name: string) => join(user.home, name);

beforeAll(async () => {
  user = new User({ keys: [ada, eve] });
  for (const key of [eve, ada]) await user.run(["login", "--with-api-key"], { stdin: key.key });
  work = at("work");
  mkdirSync(work);
  mkdirSync(at("play"));
  const homeOf = async (name: string) =>
    v.parse(
      v.object({ set: v.object({ CODEX_HOME: v.string() }) }),
      JSON.parse((await user.run(["env", `${name}@example.com`, "--json"])).out),
    ).set.CODEX_HOME;
  homes = { ada: await homeOf("ada"), eve: await homeOf("eve") };
  await user.run(["pin", "eve@example.com", work]);
  mkdirSync(at("other"));
  writeFileSync(at("other/auth.json"), JSON.stringify(apiKeyAuth(eve)));
});
afterAll(async () => await user[Symbol.asyncDispose]());

const HOOKED = { CODEX_AUTH_SNIPPET: "bash" };

test.each<[string, string, () => Record<string, string>, string | null, string | null, string[]]>([
  ["no hook, no pin", "play", () => ({}), "ada", "ada", []],
  ["no hook, in a pin", "work", () => ({}), "eve", "ada", []],
  ["a hook, in a pin", "work", () => HOOKED, "eve", "eve", []],
  [
    "a hook that comes from another directory",
    "play",
    () => ({
      ...HOOKED,
      CODEX_HOME: homes.eve,
      _CODEX_AUTH_SET_CODEX_HOME: `+${homes.eve}`,
      _CODEX_AUTH_OLD_CODEX_HOME: "-",
    }),
    "ada",
    "ada",
    [],
  ],
  [
    "a child without a hook of a shell that is another account",
    "play",
    () => ({ CODEX_HOME: homes.eve, _CODEX_AUTH_SET_CODEX_HOME: `+${homes.eve}`, _CODEX_AUTH_OLD_CODEX_HOME: "-" }),
    "ada",
    "eve",
    [],
  ],
  ["an account home in CODEX_HOME", "play", () => ({ CODEX_HOME: homes.eve }), "ada", "eve", ["CODEX_HOME"]],
  ["the pin's own home", "work", () => ({ CODEX_HOME: homes.eve }), "eve", "eve", []],
  [
    "another home",
    "play",
    () => ({ CODEX_AUTH_BASE: user.base, CODEX_HOME: at("other") }),
    "ada",
    "eve",
    ["CODEX_HOME"],
  ],
  [
    "an empty home",
    "play",
    () => ({ CODEX_AUTH_BASE: user.base, CODEX_HOME: at("play") }),
    "ada",
    null,
    ["CODEX_HOME"],
  ],
  ["a stray variable", "play", () => ({ CODEX_API_KEY: "x" }), "ada", null, ["CODEX_API_KEY"]],
  [
    "a stray variable without a hook, in a pin",
    "work",
    () => ({ OPENAI_PROJECT: "x" }),
    "eve",
    null,
    ["OPENAI_PROJECT"],
  ],
  ["a stray variable that the hook takes away", "work", () => ({ ...HOOKED, CODEX_API_KEY: "x" }), "eve", "eve", []],
])("%s", async (_what, directory, env, account, billed, overriddenBy) => {
  const cwd = at(directory);
  const ran = await user.run(["current", "--json"], { cwd, env: env() });
  const document = v.parse(Document, JSON.parse(ran.out));
  const name = (shown: { email: string } | null) => shown?.email.replace("@example.com", "") ?? null;
  expect([name(document.account), name(document.billed), document.overridden_by]).toEqual([
    account,
    billed,
    overriddenBy,
  ]);
  const said = ran.err !== "";
  expect(said).toBe(account !== billed || overriddenBy.length > 0);
  const doctor = (await user.run(["doctor"], { cwd, env: env() })).out;
  expect(doctor.includes("a bare codex here bills the account of this directory")).toBe(!said);
});

test.each<[string, () => Record<string, string>, string]>([
  ["no hook", () => ({}), "still bills ada@example.com"],
  ["a hook", () => HOOKED, ""],
  ["another account in use", () => ({ ...HOOKED, CODEX_AUTH_USE: homes.ada.slice(-16) }), "codex-auth use -"],
])("pin ends with who is billed here all the same: %s", async (_what, env, said) => {
  const ran = await user.run(["pin", "eve@example.com"], { cwd: work, env: env() });
  expect(ran.code).toBe(0);
  if (said === "") expect(ran.err).toBe("");
  else expect(ran.err).toContain(said);
  const elsewhere = await user.run(["pin", "eve@example.com", work], { cwd: at("play"), env: env() });
  expect(elsewhere.err).toBe("");
});

test("switch in a pinned directory says that it stays", async () => {
  const ran = await user.run(["switch", "ada@example.com"], { cwd: work, env: HOOKED });
  expect(ran.err).toContain(`still bills eve@example.com API_KEY: pinned in ${work}`);
});

test("env that fails closes, in the syntax of the shell; as JSON it is the error alone", async () => {
  const missing = join(user.base, "codex-auth/homes/0000000000000000.missing");
  const sh = await user.run(["env", "nosuch"]);
  expect(sh).toMatchObject({ code: 1, err: expect.stringContaining("nosuch") });
  expect(sh.out.split("\n")).toContain(`export CODEX_HOME='${missing}'`);
  expect(sh.out.split("\n")).toContain("unset CODEX_API_KEY");
  const fish = await user.run(["env", "nosuch", "--shell", "fish"]);
  expect(fish.out.split("\n")).toContain(`set -gx CODEX_HOME '${missing}'`);
  const json = await user.run(["env", "nosuch", "--json"]);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ error: { code: "account_not_found" } });
});

test.each([
  ["deleted", (directory: string) => `rm -r '${directory}'`],
  ["moved", (directory: string) => `mv '${directory}' '${directory}.away'`],
])("in a directory that was %s under the shell, what it has applied counts", async (what, command) => {
  const directory = at(`place-${what}`);
  const id = homes.eve.slice(-16);
  const first = `rm -rf '${directory}'*; mkdir '${directory}'; cd '${directory}' && ${command(directory)}`;
  const applied = { _CODEX_AUTH_APPLIED: id };
  for (const words of [["current"], ["exec", "--", "sh", "-c", "echo $CODEX_AUTH_EMAIL"], ["env"]]) {
    const ran = await user.run(words, { first, env: applied });
    expect({ words, code: ran.code, err: ran.err }).toMatchObject({ words, code: 0 });
    expect(ran.out).toContain("eve@example.com");
  }
  const byDefault = await user.run(["current"], {
    first,
    env: { _CODEX_AUTH_APPLIED: "@default" },
  });
  expect(byDefault.out).toContain("ada@example.com");
});

test("in a deleted directory without a hook nobody can tell", async () => {
  const directory = at("gone");
  for (const words of [["current"], ["exec", "--", "true"], ["env"]]) {
    const ran = await user.run(words, {
      first: `mkdir -p '${directory}' && cd '${directory}' && rmdir '${directory}'`,
    });
    expect({ words, code: ran.code }).toEqual({ words, code: 1 });
    expect(ran.err).toContain("the working directory cannot be told");
  }
  expect(
    (
      await user.run(["list", "--skip-api"], {
        first: `mkdir -p '${directory}' && cd '${directory}' && rmdir '${directory}'`,
      })
    ).code,
  ).toBe(0);
});
