import { expect } from "bun:test";
import { rm } from "node:fs/promises";
import { ACCOUNTS } from "../accounts.ts";
import { defaultLines, type Fixture } from "../fixture.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv } from "../world.ts";

const { own, acme, keyed } = ACCOUNTS;
const words = async (world: Fixture) => (await world.calls()).map((call) => call.words.join(" "));

/** What makes the hook call `sync`, where the stub brings `synced` up to date. */
const causes: [title: string, cause: (world: Fixture) => Promise<unknown>][] = [
  ["a new auth.json in the base home", (world) => world.touchCredential()],
  [
    "a registry that another program wrote",
    async (world) => {
      await world.home.write(".codex/accounts/registry.json", "{}");
      await world.touchCredential(world.home.at(".codex/accounts/registry.json"));
    },
  ],
  [
    "a config.toml that was edited",
    async (world) => {
      await world.home.write(".codex/config.toml", "");
      await world.touchCredential(world.home.at(".codex/config.toml"));
    },
  ],
  ["a login that has vanished", (world) => rm(world.home.at(".codex/auth.json"))],
];

/** When the hook calls the program. */
export const sync: Row<Fixture>[] = [
  ...causes.map(([title, cause]): Row<Fixture> => ({
    title: `${title}: sync is called, once`,
    play: async ({ world, session }) => {
      await world.forgetCalls();
      await session.nextPrompt();
      expect(await words(world)).toEqual([]);
      await cause(world);
      expect((await session.nextPrompt()).trim()).toBe("");
      expect(await words(world)).toEqual(["sync --quiet"]);
      expect((await world.calls())[0]?.base).toBe(world.base);
      await session.nextPrompt();
      await session.cd(world.home.at("bin"));
      await session.cd(world.home.path);
      expect(await words(world)).toEqual(["sync --quiet"]);
      await world.home.write(".codex/auth.json", "{}");
      await world.change();
      await session.nextPrompt();
    },
  })),
  {
    title: "a new auth.json in the account home",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("refreshed"), acme);
      await session.cd(await stage.dir("refreshed"));
      await world.forgetCalls();
      await world.touchCredential(world.ours("homes", acme.id, "auth.json"));
      await session.nextPrompt();
      await session.nextPrompt();
      expect(await words(world)).toEqual(["sync --quiet"]);
    },
  },
  {
    title: "what sync changes is seen at the prompt that called it; it reads nothing and its stdout is not shown",
    play: async (stage) => {
      const { world, session } = stage;
      await world.home.write(
        "my tools/new default",
        world
          .withWitness("@default", defaultLines(keyed))
          .map((line) => `${line}\n`)
          .join(""),
      );
      await world.onSync(
        `cat\necho stdout\necho told >&2\ncp "$here/new default" "$CODEX_AUTH_BASE/codex-auth/env/@default"\n` +
          `echo cafe >"$CODEX_AUTH_BASE/codex-auth/generation"\n`,
      );
      await world.touchCredential();
      expect((await session.nextPrompt()).trim()).toBe("told");
      await stage.expect(defaultEnv(keyed));
      await rm(world.home.at("my tools/on-sync"));
      await world.switchTo(own);
      await session.nextPrompt();
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a sync that changes nothing is not called again for the same state",
    play: async ({ world, session }) => {
      await world.forgetCalls();
      await world.onSync(
        `touch -r "$CODEX_AUTH_BASE/accounts/registry.json" "$CODEX_AUTH_BASE/codex-auth/synced"; exit 1`,
      );
      await world.touchCredential();
      for (const _ of [1, 2, 3]) await session.nextPrompt();
      await session.cd(world.home.at("bin"));
      expect(await words(world)).toEqual(["sync --quiet"]);
      await rm(world.home.at("my tools/on-sync"));
      await world.change();
      await session.nextPrompt();
    },
  },
  {
    title: "Ctrl-C while sync runs leaves a working shell",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(stage.dir("broken off"), acme);
      await world.forgetCalls();
      await world.onSync('touch "$here/began"; sleep 20');
      await world.touchCredential();
      const finish = session.begin(session.kind.cd("broken off"));
      while (!(await Bun.file(world.home.at("my tools/began")).exists())) await Bun.sleep(20);
      // For a moment zsh itself still owns the terminal, with any command.
      await Bun.sleep(100);
      session.terminal.send("ctrl-c");
      await finish();
      await rm(world.home.at("my tools/on-sync"));
      expect((await session.run("echo hi")).trim()).toBe("hi");
      await stage.expect(accountEnv(world, acme, "pin"));
      expect(await words(world)).toEqual(["sync --quiet"]);
      await world.change();
      await session.cd(world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
];
