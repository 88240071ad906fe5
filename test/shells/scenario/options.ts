import { ACCOUNTS } from "../accounts.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, type World } from "../world.ts";

const { own, acme, keyed } = ACCOUNTS;

/** `init --no-prompt`. */
export const noPrompt: Row<World>[] = [
  {
    title: "the prompt is the user's",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("quiet"), acme);
      await stage.expect(defaultEnv(own), ">");
      await session.cd(await stage.dir("quiet"));
      await stage.expect(accountEnv(world, acme, "pin"), ">");
    },
  },
];

/** `init --no-hook`. */
export const noHook: Row<World>[] = [
  {
    title: "nothing follows cd; a call of codex-auth looks again",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("still"), acme);
      await stage.expect(defaultEnv(own));
      await session.cd(await stage.dir("still"));
      await stage.expect(defaultEnv(own));
      await session.run("codex-auth current");
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.cd(world.home.path);
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.run(`codex-auth use ${world.selector(keyed)}`);
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.run("codex-auth use -");
      await stage.expect(defaultEnv(own));
    },
  },
];
