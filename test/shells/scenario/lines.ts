import { expect } from "bun:test";
import { ACCOUNTS } from "../accounts.ts";
import { ALL_SHELLS } from "../shells.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, type World } from "../world.ts";

const { own, acme } = ACCOUNTS;

/** What is typed at the prompt works as without codex-auth. */
export const lines: Row<World>[] = [
  {
    title: "a command on the same line as cd",
    play: async (stage) => {
      const { home } = stage.world;
      await home.program("bin/codex", `printf '%s' "$CODEX_HOME" >"$HOME/tmp/codex-home"`);
      await stage.world.pin(await stage.dir("line"), acme);
      await stage.dir("line/sub");
      const child = `sh -c 'exec codex'`;
      const { kind } = stage.session;
      await stage.session.run(`${kind.cd(home.at("line"))} ${kind.and ?? "&&"} ${child}`);
      const expected = accountEnv(stage.world, acme, "pin");
      expect(await stage.read(home.at("tmp/codex-home"))).toBe(expected.CODEX_HOME ?? "");
      await stage.expect(expected);
      await stage.session.run(`${kind.cd(home.path)} ; ${child}`);
      expect(await stage.read(home.at("tmp/codex-home"))).toBe("");
      await stage.session.run(`${kind.cd(home.at("line"))} ; ${kind.cd(home.at("line/sub"))} ; ${child}`);
      expect(await stage.read(home.at("tmp/codex-home"))).toBe(expected.CODEX_HOME ?? "");
    },
  },
  {
    title: "pushd, popd and cd -",
    shells: ALL_SHELLS.filter((shell) => shell !== "elvish" && shell !== "nu"), // which have none, and the others of their own
    play: async (stage) => {
      const { session } = stage;
      await stage.world.pin(await stage.dir("stack"), acme);
      const there = session.kind.word(stage.world.home.at("stack"));
      await session.run(`pushd ${there}${stage.shell === "pwsh" ? "" : " >/dev/null"}`);
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await session.run(`popd${stage.shell === "pwsh" ? "" : " >/dev/null"}`);
      await stage.expect(defaultEnv(own));
      await session.cd(stage.world.home.at("stack"));
      await session.cd(stage.world.home.path);
      await session.run(`cd -${stage.shell === "pwsh" ? "" : " >/dev/null"}`);
      await stage.expect(accountEnv(stage.world, acme, "pin"));
    },
  },
  {
    title: "a subshell's directory is not its parent's; nothing goes to stdout",
    shells: ["zsh", "bash"],
    play: async (stage) => {
      await stage.world.pin(await stage.dir("sub"), acme);
      expect(await stage.session.run("(cd sub && pwd)")).toBe(stage.world.home.at("sub"));
      expect(await stage.session.run('echo "$(cd sub && pwd)"')).toBe(stage.world.home.at("sub"));
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "the last command's status is the user's",
    play: async (stage) => {
      await stage.world.pin(await stage.dir("status"), acme);
      for (const status of [7, 0, 1]) {
        await stage.session.run(stage.session.kind.fail(status));
        expect(stage.session.status).toBe(status);
        const { shownStatus } = stage.session.kind;
        if (shownStatus === undefined) continue;
        await stage.session.run(stage.session.kind.fail(status));
        expect(await stage.session.run(`echo ${shownStatus}`)).toBe(String(status));
      }
      await stage.session.run(`cd status ; ${stage.session.kind.fail(5)}`);
      expect(stage.session.status).toBe(5);
    },
  },
  {
    title: "a start-up line that is run twice does nothing twice",
    shells: ALL_SHELLS.filter((shell) => shell !== "nu"), // which reads a file where it starts
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("twice"), acme);
      const line = session.kind.evaluate([...world.program, "init", stage.shell]);
      expect(await session.run(line)).toBe("");
      await stage.expect(defaultEnv(own));
      await session.cd(await stage.dir("twice"));
      await stage.expect(accountEnv(world, acme, "pin"));
      expect(await session.run(line)).toBe("");
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.cd(world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
];
