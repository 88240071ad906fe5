import { expect } from "bun:test";
import { ACCOUNTS } from "../accounts.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, type World } from "../world.ts";

const { own, acme, keyed } = ACCOUNTS;

/** An account for one shell. */
export const use: Row<World>[] = [
  {
    title: "use, use -, and a use that fails",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("using"), acme);
      await session.run(`codex-auth use ${world.selector(keyed)}`);
      expect(session.status).toBe(0);
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.cd(await stage.dir("using"));
      await stage.expect(accountEnv(world, keyed, "use"));
      expect(await session.run("codex-auth use nobody")).toContain("nobody");
      expect(session.status).toBe(1);
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.run("codex-auth use -");
      expect(session.status).toBe(0);
      await stage.expect(accountEnv(world, acme, "pin"));
      expect((await session.env()).CODEX_AUTH_USE).toBeUndefined();
    },
  },
  {
    title: "use reaches into a nested shell, and ends with it when it was called there",
    play: async (stage) => {
      const { world, session } = stage;
      await session.run(`codex-auth use ${world.selector(keyed)}`);
      await session.run(session.kind.typed);
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.run(`codex-auth use ${world.selector(acme)}`);
      await stage.expect(accountEnv(world, acme, "use"));
      await session.run("exit");
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.run("codex-auth use -");
      await stage.expect(defaultEnv(own));
    },
  },
];
