import { expect } from "bun:test";
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { fakeKey } from "../fake/accounts.ts";
import { joinBackgroundServer } from "./app-server.ts";
import { readPid, runs } from "./background.ts";
import { codexTest } from "./find-codex.ts";
import { startTui, until } from "./tui.ts";
import { createProduct, entries, sessionsIn, type Product } from "./product.ts";

// what outlives a command: background servers, and the sessions of an account that is gone

const ada = fakeKey("ada");
const eve = fakeKey("eve");

async function twoKeys(): Promise<Product> {
  const product = await createProduct({ keys: [ada, eve] });
  await product.addKey(eve);
  await product.addKey(ada);
  return product;
}

async function turn(product: Product, codexHome: string): Promise<void> {
  await using client = await joinBackgroundServer(product, codexHome);
  await client.turn(await client.startThread(), "hi");
}

codexTest(
  "switch restarts the background server of the base home: the next request bills the new account",
  async () => {
    await using product = await twoKeys();
    expect((await product.codex(["app-server", "daemon", "start"])).code).toBe(0);
    const before = readPid(product.base, "daemon");
    await turn(product, product.base);
    await product.auth(["switch", "eve@example.com"]);
    expect(before && runs(before)).toBe(false);
    await turn(product, product.base);
    expect(product.fake.billed()).toEqual(["ada", "eve"]);
  },
);

codexTest("an open TUI of the base home goes on as the new account after switch", async () => {
  await using product = await twoKeys();
  const tui = await startTui(product);
  const turnsOf = (name: string) => product.fake.billed().filter((one) => one === name).length;
  await tui.say("first");
  await until(() => turnsOf("ada") > 0, 20_000, tui.drawn);
  const before = tui.drawn().length;
  await product.auth(["switch", "eve@example.com"]);
  await until(() => /Reconnecting.*AskCodex/.test(tui.drawn().slice(before)), 20_000, tui.drawn);
  await tui.say("second");
  await until(() => turnsOf("eve") > 0, 20_000, tui.drawn);
  await tui.quit();
});

codexTest("switch where no background server runs starts none", async () => {
  await using product = await twoKeys();
  await product.auth(["switch", "eve@example.com"]);
  expect(readPid(product.base, "daemon")).toBeNull();
  await product.execIn(product.work);
  expect(product.fake.billed()).toEqual(["eve"]);
});

codexTest("the sessions of a removed account go on in another; its home ends with its processes", async () => {
  await using product = await twoKeys();
  const acme = product.directory("acme");
  await product.auth(["pin", "eve@example.com", acme]);
  const home = await product.accountHome("eve@example.com");
  await product.execIn(acme);
  const started = await product.codex(["app-server", "daemon", "start"], {
    env: { CODEX_HOME: home, CODEX_SQLITE_HOME: product.base },
  });
  expect(started.code).toBe(0);
  const pids = (["daemon", "daemon-updater"] as const).flatMap((which) => readPid(home, which) ?? []);
  expect(pids).toHaveLength(2);

  await product.auth(["remove", "eve@example.com", "--unpin"]);
  expect(pids.filter(runs)).toEqual([]);
  expect(entries(home)).toEqual(["archived_sessions", "sessions"]);
  for (const name of entries(home)) expect(lstatSync(join(home, name)).isSymbolicLink()).toBe(true);
  expect(existsSync(join(product.base, "packages", "app-server-daemon"))).toBe(true);

  await product.execIn(product.work, ["resume", "--last", "--all"]);
  expect(product.fake.billed()).toEqual(["eve", "ada"]);
  expect(sessionsIn(product.base)).toHaveLength(1);
});

codexTest("an account that comes back finds its home and its sessions again", async () => {
  await using product = await twoKeys();
  const acme = product.directory("acme");
  await product.auth(["pin", "eve@example.com", acme]);
  await product.execIn(acme);
  await product.auth(["remove", "eve@example.com"]);
  await product.addKey(eve);
  await product.auth(["switch", "ada@example.com"]);
  await product.execIn(acme, ["resume", "--last"]);
  expect(product.fake.billed()).toEqual(["eve", "eve"]);
  expect(sessionsIn(product.base)).toHaveLength(1);
});
