import { expect } from "bun:test";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { apiKeyAuth, chatgptAuth, fakeKey } from "../fake/accounts.ts";
import { readPid, runs } from "./background.ts";
import { codexTest } from "./find-codex.ts";
import { accountHome } from "./homes.ts";
import { startTui, until } from "./tui.ts";
import { createWorld, writeAuth } from "./world.ts";

const ada = fakeKey("ada");
const BOB = "bob@example.com";

codexTest("two TUIs at once in two homes each bill their own account and leave a server behind", async () => {
  await using world = createWorld({ keys: [ada] });
  const home = accountHome(world, "bob", chatgptAuth({ email: BOB }));
  writeAuth(join(world.base, "auth.json"), apiKeyAuth(ada));
  const tuis = [await startTui(world), await startTui(world, home.env)] as const;
  const billed = (name: string) => world.fake.billed().includes(name);
  await tuis[1].say("as bob");
  await until(
    () => billed(BOB),
    20_000,
    () => tuis[1].drawn(),
  );
  expect(billed("ada")).toBe(false);
  await tuis[0].say("as ada");
  await until(
    () => billed("ada"),
    20_000,
    () => tuis[0].drawn(),
  );
  for (const tui of tuis) await tui.quit();

  for (const path of [world.base, home.path]) {
    const server = readPid(path, "daemon");
    expect(server && runs(server)).toBe(true);
  }
  expect(lstatSync(join(home.path, "history.jsonl")).isSymbolicLink()).toBe(true);
  const history = readFileSync(join(world.base, "history.jsonl"), "utf8");
  expect([history.includes("as bob"), history.includes("as ada")]).toEqual([true, true]);
});
