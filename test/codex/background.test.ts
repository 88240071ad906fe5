import { expect } from "bun:test";
import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { apiKeyAuth, fakeKey } from "../fake/accounts.ts";
import { joinBackgroundServer } from "./app-server.ts";
import { readPid, runs } from "./background.ts";
import { codexTest, CODEX_VERSION } from "./find-codex.ts";
import { accountHome } from "./homes.ts";
import { until } from "./tui.ts";
import { createWorld, writeAuth, type World } from "./world.ts";

// what `switch` and `remove` rest on: the server that Codex leaves running in each home

const ada = fakeKey("ada");
const eve = fakeKey("eve");

async function turn(world: World, codexHome: string): Promise<void> {
  await using client = await joinBackgroundServer(world, codexHome);
  await client.turn(await client.startThread(), "hi");
}

codexTest("the background server keeps the login it started with until it is restarted", async () => {
  await using world = createWorld({ keys: [ada, eve] });
  const daemon = (command: string) => world.codex(["app-server", "daemon", command]);
  writeAuth(join(world.base, "auth.json"), apiKeyAuth(ada));

  const before = await daemon("version");
  expect(before).toMatchObject({ code: 1, out: "", err: expect.stringContaining("failed to connect to") });
  expect(readPid(world.base, "daemon")).toBeNull();

  expect((await daemon("start")).code).toBe(0);
  expect(JSON.parse((await daemon("version")).out)).toMatchObject({
    status: "running",
    backend: "pid",
    socketPath: join(world.base, "app-server-control", "app-server-control.sock"),
    cliVersion: CODEX_VERSION,
    appServerVersion: CODEX_VERSION,
  });
  const first = readPid(world.base, "daemon");
  expect(first && runs(first)).toBe(true);

  await turn(world, world.base);
  writeAuth(join(world.base, "auth.json"), apiKeyAuth(eve));
  await turn(world, world.base);
  expect(world.fake.billed()).toEqual(["ada", "ada"]);

  expect(JSON.parse((await daemon("restart")).out)).toMatchObject({ status: "restarted" });
  await turn(world, world.base);
  expect(world.fake.billed().at(-1)).toBe("eve");
  expect(first && runs(first)).toBe(false);

  const updater = readPid(world.base, "daemon-updater");
  expect(JSON.parse((await daemon("stop")).out)).toMatchObject({ status: "stopped" });
  expect(readPid(world.base, "daemon")).toBeNull();
  expect(updater && runs(updater)).toBe(true);
  const again = await daemon("stop");
  expect({ code: again.code, ...JSON.parse(again.out) }).toMatchObject({ code: 0, status: "notRunning" });
});

codexTest("each home has a background server of its own, and both install into the base home's packages", async () => {
  await using world = createWorld({ keys: [ada, eve] });
  const home = accountHome(world, "eve", apiKeyAuth(eve));
  writeAuth(join(world.base, "auth.json"), apiKeyAuth(ada));
  for (const env of [{}, home.env]) {
    expect((await world.codex(["app-server", "daemon", "start"], { env })).code).toBe(0);
  }
  await turn(world, world.base);
  await turn(world, home.path);
  expect(world.fake.billed()).toEqual(["ada", "eve"]);
  expect(lstatSync(join(home.path, "packages")).isSymbolicLink()).toBe(true);
  const socket = join(home.path, "app-server-control", "app-server-control.sock");
  expect(readlinkSync(socket)).not.toStartWith(world.home);
});

codexTest("a server ends after the turn that runs, and at once when told twice", async () => {
  await using world = createWorld({ keys: [ada], behave: { responses: { delay: "never" } } });
  writeAuth(join(world.base, "auth.json"), apiKeyAuth(ada));
  await world.codex(["app-server", "daemon", "start"]);
  await using client = await joinBackgroundServer(world, world.base);
  const thread = await client.startThread();
  void client.turn(thread, "hi").catch(() => {});
  await until(
    () => world.fake.billed().length > 0,
    10_000,
    () => "no turn began",
  );
  const server = readPid(world.base, "daemon");
  if (!server) throw new Error("no background server");
  process.kill(server.pid, "SIGTERM");
  await Bun.sleep(1500);
  expect(runs(server)).toBe(true);
  process.kill(server.pid, "SIGTERM");
  await until(
    () => !runs(server),
    3000,
    () => "the server did not end",
  );
});
