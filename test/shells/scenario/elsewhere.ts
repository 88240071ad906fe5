import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { ACCOUNTS, type Environment } from "../accounts.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, missingEnv, toldDefault, type World } from "../world.ts";

const { own, acme, keyed, lab } = ACCOUNTS;

/** Changes made in another terminal. */
export const elsewhere: Row<World>[] = [
  {
    title: "changes in another terminal are seen at the next prompt",
    play: async (stage) => {
      const { world, session } = stage;
      const here = await stage.dir("elsewhere");
      const next = async (env: Environment) => {
        expect(await session.nextPrompt()).toBe("");
        await stage.expect(env);
      };
      await session.cd(here);
      await stage.expect(defaultEnv(own));
      await world.pin(here, acme);
      await next(accountEnv(world, acme, "pin"));
      await world.alias(acme, "renamed");
      await next(accountEnv(world, acme, "pin", "renamed"));
      await world.alias(acme, "");
      await next(accountEnv(world, acme, "pin", acme.email));
      await world.alias(acme, acme.alias);
      await world.pin(here, keyed);
      await next(accountEnv(world, keyed, "pin"));
      await world.unpin(here);
      await next(defaultEnv(own));
      await world.switchTo(keyed);
      await next(defaultEnv(keyed));
      await world.switchTo(acme);
      await next(defaultEnv(acme));
      await world.switchTo(own);
      await next(defaultEnv(own));
    },
  },
  {
    title: "a removed account is missing until it is back",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("removed"), lab);
      await stage.export({ OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "mine" });
      await session.cd(await stage.dir("removed"));
      await stage.expect(accountEnv(world, lab, "pin"));
      await world.remove(lab);
      await session.nextPrompt();
      await stage.expect({ ...missingEnv(world, lab.id, "pin"), OPENAI_API_KEY: "sk-mine" });
      expect(existsSync((await session.env()).CODEX_HOME ?? "")).toBe(false);
      await world.add(lab);
      await world.pin(world.home.at("removed"), lab);
      await session.nextPrompt();
      await stage.expect(accountEnv(world, lab, "pin"));
      await session.cd(world.home.path);
      await stage.expect({ ...toldDefault(own, " !"), OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "mine" });
      await stage.unset("OPENAI_API_KEY", "OPENAI_PROJECT");
    },
  },
  {
    title: "a key of the user's own beside a default account that is a key",
    play: async (stage) => {
      await stage.world.switchTo(keyed);
      await stage.session.nextPrompt();
      await stage.expect(defaultEnv(keyed));
      await stage.world.switchTo(own);
      await stage.session.nextPrompt();
      await stage.expect(defaultEnv(own));
      await stage.export({ OPENAI_API_KEY: "sk-mine" });
      await stage.world.switchTo(keyed);
      await stage.session.nextPrompt();
      await stage.expect({ ...defaultEnv(keyed), OPENAI_API_KEY: "sk-mine" });
      await stage.world.switchTo(own);
      await stage.unset("OPENAI_API_KEY");
      await stage.expect(defaultEnv(own));
    },
  },
];
