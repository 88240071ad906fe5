import { expect } from "bun:test";
import { SHELLS } from "../../../src/shell.ts";
import { ACCOUNTS } from "../accounts.ts";
import { NASTY } from "../nasty.ts";
import { type AnyShell, findShell, KIND_OF } from "../shells.ts";
import type { Row, Stage } from "../stage.ts";
import { accountEnv, defaultEnv, toldDefault, type World } from "../world.ts";

const { own, keyed } = ACCOUNTS;

/** Shells in shells. */
export const nesting: Row<World>[] = [
  {
    title: "a nested shell has the same account, and gives the user's variables back",
    play: (stage) => nest(stage, [stage.shell]),
  },
  {
    title: "so has a nested shell of another kind",
    play: (stage) =>
      nest(
        stage,
        SHELLS.filter((each) => each !== stage.shell && findShell(each)),
      ),
  },
  {
    title: "exec of the shell keeps the account and what was saved",
    shells: ["zsh", "bash", "fish"],
    play: async (stage) => {
      const { world, session, shell } = stage;
      await world.pin(await stage.dir("exec"), keyed);
      await stage.export({ CODEX_HOME: "/mine", OPENAI_PROJECT: NASTY });
      await session.cd(await stage.dir("exec"));
      await session.run(`exec ${shell}`);
      await stage.expect(accountEnv(world, keyed, "pin"));
      await session.cd(world.home.path);
      await stage.expect({ ...toldDefault(own, " !"), CODEX_HOME: "/mine", OPENAI_PROJECT: NASTY });
      await stage.unset("CODEX_HOME", "OPENAI_PROJECT");
    },
  },
];

/** Below a pin, in shells inside each other: the account is there, and leaving the directory restores what can be restored. */
async function nest<W extends World>(stage: Stage<W>, shells: readonly AnyShell[]): Promise<void> {
  const { world, session } = stage;
  await world.pin(await stage.dir("nest"), keyed);
  const mine = { CODEX_HOME: `/mine${NASTY}`, OPENAI_PROJECT: "mine" };
  await stage.export({ ...mine, OPENAI_API_KEY: "sk-mine" });
  for (const shell of shells) {
    await session.cd(world.home.at("nest"));
    await session.run(KIND_OF[shell].typed);
    expect(session.shell).toBe(shell);
    await stage.expect(accountEnv(world, keyed, "pin"));
    await session.cd(world.home.path);
    // A secret is never exported beside the one in use: a nested shell does not know the user's own.
    await stage.expect({ ...toldDefault(own, " !"), ...mine });
    await session.run("exit");
    await stage.expect(accountEnv(world, keyed, "pin"));
    await session.cd(world.home.path);
    await stage.expect({ ...toldDefault(own, " !"), ...mine, OPENAI_API_KEY: "sk-mine" });
  }
  await stage.unset("CODEX_HOME", "OPENAI_PROJECT", "OPENAI_API_KEY");
  await stage.expect(defaultEnv(own));
}
