import { expect } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { apiKeyAccountKey, hashKey, homeIdOf } from "../../src/core/accounts/account.ts";
import { parseEnvFile } from "../../src/core/homes/environment.ts";
import { KEY, KEY_ACCOUNT, storeOf } from "../commands/credentials.ts";
import { testWith } from "../needs.ts";
import { breaking, type Point } from "./points.ts";
import { findPoints, NEW_KEY, VARIANTS } from "./run.ts";
import { FaultWorld } from "./world.ts";

const NEW_ACCOUNT = apiKeyAccountKey(NEW_KEY.id, hashKey(NEW_KEY.key));
const DIRECTORIES = ["play", "two", "three/deep"];

/** Each step takes two seconds: one of four is taken, all with CODEX_AUTH_TEST_FAULTS=1. */
const STEP = process.env.CODEX_AUTH_TEST_FAULTS === "1" ? 1 : 4;

/** What comes after: the prompt of a shell, somebody who rebuilds the registry, somebody who tries again. */
const NEXT = [
  ["sync", "--quiet"],
  ["import", "--purge"],
  ["rotate", "billing@acme.example"],
];

testWith(
  "strace",
  "a rotation that is killed at any step: all is the old key's, or all is the new one's, whatever command comes next",
  async () => {
    await using world = new FaultWorld();
    const { user } = world;
    await world.settle(async () => {
      for (const name of DIRECTORIES) await user.auth(["pin", KEY_ACCOUNT, user.directory(name)]);
      await user.auth(["switch", KEY_ACCOUNT]);
    });
    const { rotate } = VARIANTS;
    if (!rotate) throw new Error("no such variant");
    const points = await findPoints(world, rotate);
    const count = { old: 0, new: 0 };
    let taken = 0;
    for (const [at, point] of points.entries()) {
      if (at % STEP !== 0) continue;
      taken++;
      world.restore();
      await kill(world, point);
      const words = NEXT[taken % NEXT.length] ?? [];
      // who would end it may be killed as well
      const again = { call: "rename", nth: 1 + (taken % 5), what: "" };
      if (words[0] === "sync") await user.run(words, { first: breaking(again, "signal=KILL") });
      const ran = await user.run(words, { stdin: NEW_KEY.key });
      expect({ point, words, code: ran.code, err: ran.code === 0 ? "" : ran.err }).toMatchObject({ code: 0 });
      const billed = await billedEverywhere(world);
      expect({ point, words, billed: [...new Set(Object.values(billed))] }).toMatchObject({
        billed: [words[0] === "rotate" ? "new" : expect.stringMatching(/^(old|new)$/)],
      });
      count[billed.base === "new" ? "new" : "old"]++;
    }
    console.log(
      `a rotation killed at ${taken} of ${points.length} steps: ${count.old} times all old, ${count.new} times all new`,
    );
    expect(Math.min(count.old, count.new)).toBeGreaterThan(0);
  },
  600_000,
);

async function kill({ user }: FaultWorld, point: Point): Promise<void> {
  const first = breaking(point, "signal=KILL");
  const ran = await user.run(["rotate", "billing@acme.example"], { stdin: NEW_KEY.key, first });
  expect({ point, code: ran.code }).not.toMatchObject({ code: 0 });
}

/** Whose key is used: by the base home, in each pinned directory, by shells that use the old id or the new one, and by the registry. */
async function billedEverywhere({ user }: FaultWorld): Promise<Record<string, string>> {
  const ours = (...path: string[]) => join(user.base, "codex-auth", ...path);
  const nameOf = (text: string) => (text.includes(NEW_KEY.key) ? "new" : text.includes(KEY.key) ? "old" : "nobody");
  const billed: Record<string, string> = { base: nameOf(readFileSync(join(user.base, "auth.json"), "utf8")) };
  const shown = (id: string) => {
    const set = parseEnvFile(readFileSync(ours("env", id), "utf8"))?.set;
    const login = readFileSync(join(set?.CODEX_HOME ?? "", "auth.json"), "utf8");
    const names = [set?.OPENAI_API_KEY ?? "", login].map(nameOf);
    return [...new Set(names)].join();
  };
  for (const name of DIRECTORIES)
    billed[name] = shown(readFileSync(ours("pins", user.home, name, "%account"), "utf8").trim());
  for (const account of [KEY_ACCOUNT, NEW_ACCOUNT])
    if (existsSync(ours("env", homeIdOf(account)))) billed[`use ${account}`] = shown(homeIdOf(account));
  const keys = storeOf(user).keys();
  billed.registry =
    [KEY_ACCOUNT, NEW_ACCOUNT].map((key) => (keys.includes(key) ? 1 : 0)).join() === "0,1" ? "new" : "old";
  if (keys.includes(KEY_ACCOUNT) && keys.includes(NEW_ACCOUNT)) billed.registry = "both";
  const env = { CODEX_AUTH_USE: homeIdOf(KEY_ACCOUNT) };
  billed.current = (await user.json(["current"], { env })).account?.account_key === NEW_ACCOUNT ? "new" : "old";
  return billed;
}
