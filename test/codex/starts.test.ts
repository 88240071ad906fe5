import { afterAll, expect } from "bun:test";
import { startAppServer } from "./app-server.ts";
import { codexTest } from "./find-codex.ts";
import { findSdk, SDK_REMEDY } from "./find-sdk.ts";
import { createStarts, environmentIn, type PlaceName, PLACES, startIn, type Starts, WAYS } from "./starts.ts";

// each way of starting Codex where no hook runs, with a shim in front: whom it bills, and whom `codex-auth current` names there

let made: Promise<Starts> | undefined;
const starts = () => (made ??= createStarts());
afterAll(async () => await (await made)?.product[Symbol.asyncDispose]());

/** Whose bearer comes; null where Codex does not start. */
type Expected = Record<PlaceName, "ada" | "bob" | "eve" | null>;

const FOLLOWED: Expected = {
  default: "ada",
  pinned: "bob",
  worktree: "bob",
  use: "bob",
  missing: null,
  stray: "eve",
  "stray, pinned": "bob",
};
const nobody: Expected = { ...FOLLOWED };
for (const place of PLACES) nobody[place] = null;

const OTHERWISE: Record<string, Expected> = {
  // nothing of the shell comes along
  "env -i, as cron": { ...FOLLOWED, use: "ada", stray: "ada" },
  // it goes past the shim
  npx: { ...FOLLOWED, pinned: "ada", worktree: "ada", missing: "ada", "stray, pinned": "eve" },
  // only `codex exec` heeds CODEX_API_KEY
  "app-server": { ...FOLLOWED, stray: "ada" },
  // these versions have none, and take the word for a prompt
  "mcp-server": nobody,
};

for (const way of WAYS) {
  for (const place of PLACES) {
    codexTest(
      `${way.name}, ${place}: whose the bearer is, and whom current names`,
      async () => {
        const world = await starts();
        const expected = (OTHERWISE[way.name] ?? FOLLOWED)[place];
        const { bearers, billed, overriddenBy } = await startIn(world, way, world.places[place]);
        expect(bearers).toEqual(expected === null ? [] : [expected]);
        if (overriddenBy.length > 0) expect([billed, overriddenBy]).toEqual([null, ["CODEX_API_KEY"]]);
        else if (expected !== null) expect(billed).toBe(expected);
      },
      {
        needs: ["make", "xargs", "npx", "node", "git"],
        lacks: findSdk() === null && way.name.startsWith("the SDK") ? [SDK_REMEDY] : [],
        milliseconds: 600_000,
      },
    );
  }
}

codexTest("app-server: a thread in another directory is billed to whom the server was started as", async () => {
  const world = await starts();
  const { env, bearers, shim } = environmentIn(world, world.places.default);
  const options = { command: [shim, "app-server"], cwd: world.places.default.cwd };
  await using server = await startAppServer(world.product, env, options);
  await server.turn(await server.startThread(world.places.pinned.cwd), "hi");
  expect(bearers()).toEqual(["ada"]);
});
