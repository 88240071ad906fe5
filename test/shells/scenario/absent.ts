import { expect } from "bun:test";
import { chown, rename, rm } from "node:fs/promises";
import { ACCOUNTS } from "../accounts.ts";
import type { Fixture } from "../fixture.ts";
import type { Row } from "../stage.ts";
import { defaultEnv } from "../world.ts";

const { own, acme } = ACCOUNTS;
const isRoot = process.getuid?.() === 0;

/** What can be missing; each is undone afterwards. */
const cases: [
  title: string,
  take: (world: Fixture) => Promise<unknown>,
  giveBack: (world: Fixture) => Promise<unknown>,
][] = [
  ["no default account", (world) => world.switchTo(null), (world) => world.switchTo(own)],
  [
    "no env/@default",
    (world) => world.switchTo(null).then(() => rm(world.ours("env/@default"))),
    (world) => world.switchTo(own),
  ],
  [
    "no codex-auth/ and no login",
    async (world) => {
      await rm(world.home.at(".codex/auth.json"));
      await rename(world.ours(), world.home.at("away"));
    },
    async (world) => {
      await rename(world.home.at("away"), world.ours());
      await world.home.write(".codex/auth.json", "{}");
      await world.change();
    },
  ],
  [
    "no base home",
    (world) => rename(world.base, world.home.at("away")),
    (world) => rename(world.home.at("away"), world.base),
  ],
  ...(isRoot
    ? ([
        [
          "a codex-auth/ of somebody else's",
          (world) => chown(world.ours(), 12345, 12345).then(() => world.change()),
          (world) => chown(world.ours(), 0, 0).then(() => world.change()),
        ],
      ] satisfies typeof cases)
    : []),
];

/** Without an account: nothing is set, nothing is shown, nothing is said, nothing is run. */
export const absent: Row<Fixture>[] = cases.map(([title, take, giveBack]) => ({
  title,
  play: async (stage) => {
    const { world, session, shell } = stage;
    const here = await stage.dir("absent");
    if (title !== "no default account" && title !== "no env/@default") await world.pin(here, acme);
    await session.cd(here);
    await world.forgetCalls();
    await take(world);
    // A change is seen at the next prompt, and by the first hook of a new shell.
    await session.nextPrompt();
    await session.cd(world.home.path);
    await stage.expect({});
    // PowerShell takes a second to start: once is enough.
    if (shell !== "pwsh" || title === cases.at(-1)?.[0]) {
      await session.run(session.kind.typed);
      await stage.expect({});
      expect(await session.run("echo hi")).toBe("hi");
      await session.run("exit");
    }
    expect(await world.calls()).toEqual([]);
    await giveBack(world);
    await session.nextPrompt();
    await stage.expect(defaultEnv(own));
    expect(await world.calls()).toEqual([]);
  },
}));
