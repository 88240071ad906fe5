import { type Account, ACCOUNTS } from "../accounts.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, type World } from "../world.ts";

const { own, acme, keyed, lab } = ACCOUNTS;

/** What a shell has at first, and below a pin. */
export const pins: Row<World>[] = [
  {
    title: "the default account at first",
    play: async (stage) => {
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a ChatGPT account below its pin",
    play: async (stage) => {
      await stage.dir("chat/deep/er");
      await stage.world.pin(await stage.dir("chat"), acme);
      await stage.session.cd(await stage.dir("chat/deep/er"));
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await stage.session.cd(stage.world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "an API-key account below its pin",
    play: async (stage) => {
      await stage.world.pin(await stage.dir("key"), keyed);
      await stage.session.cd(await stage.dir("key"));
      await stage.expect(accountEnv(stage.world, keyed, "pin"), "key@example.com API_KEY >");
      await stage.session.cd(await stage.dir("key/deep"));
      await stage.expect(accountEnv(stage.world, keyed, "pin"));
    },
  },
  {
    title: "the deepest pin; a name that begins alike is another directory",
    play: async (stage) => {
      const at: [string, Account][] = [
        ["outer", acme],
        ["outer/inner", keyed],
        ["outer/inner/most", lab],
      ];
      for (const [name, account] of at) await stage.world.pin(await stage.dir(name), account);
      for (const [name, account] of at) {
        await stage.session.cd(await stage.dir(name));
        await stage.expect(accountEnv(stage.world, account, "pin"));
      }
      await stage.session.cd(await stage.dir("outer/inner2"));
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await stage.session.cd(await stage.dir("outers"));
      await stage.expect(defaultEnv(own));
    },
  },
];
