import { ACCOUNTS, MANAGED } from "../accounts.ts";
import { NASTY } from "../nasty.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, toldDefault, type World } from "../world.ts";

const { own, acme, keyed } = ACCOUNTS;

/** What the user had comes back when he leaves. */
export const restore: Row<World>[] = [
  {
    title: "what the user had comes back to the byte",
    play: async (stage) => {
      const mine = Object.fromEntries(MANAGED.map((name) => [name, `${name}${NASTY}`]));
      await stage.world.pin(await stage.dir("bytes/key"), keyed);
      await stage.world.pin(await stage.dir("bytes/chat"), acme);
      await stage.export(mine);
      await stage.expect({ ...mine, ...toldDefault(own, " !") });
      await stage.session.cd(await stage.dir("bytes/key"));
      await stage.expect(accountEnv(stage.world, keyed, "pin"));
      await stage.session.cd(await stage.dir("bytes/chat"));
      await stage.expect({ ...accountEnv(stage.world, acme, "pin"), OPENAI_API_KEY: mine.OPENAI_API_KEY });
      await stage.session.cd(stage.world.home.path);
      await stage.expect({ ...mine, ...toldDefault(own, " !") });
      await stage.unset(...MANAGED);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "an empty variable comes back empty, not unset",
    shells: ["zsh", "bash", "fish"],
    play: async (stage) => {
      await stage.world.pin(await stage.dir("empty"), keyed);
      await stage.export({ OPENAI_ORGANIZATION: "", OPENAI_API_KEY: "", CODEX_API_KEY: "" });
      await stage.session.cd(await stage.dir("empty"));
      await stage.expect(accountEnv(stage.world, keyed, "pin"));
      await stage.session.cd(stage.world.home.path);
      await stage.expect({ OPENAI_ORGANIZATION: "", OPENAI_API_KEY: "", CODEX_API_KEY: "", ...defaultEnv(own) });
      await stage.unset("OPENAI_ORGANIZATION", "OPENAI_API_KEY", "CODEX_API_KEY");
    },
  },
  {
    title: "what the user changes meanwhile stays his, and the label says so while it matters",
    play: async (stage) => {
      const mine = { CODEX_HOME: "/mine", OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "mine", CODEX_SQLITE_HOME: "/db" };
      await stage.world.pin(await stage.dir("changed"), keyed);
      await stage.export({ OPENAI_PROJECT: "before", OPENAI_ORGANIZATION: "org" });
      await stage.session.cd(await stage.dir("changed"));
      await stage.export(mine);
      const label = "key@example.com API_KEY !";
      await stage.expect({ ...accountEnv(stage.world, keyed, "pin", label), ...mine });
      await stage.session.cd(stage.world.home.path);
      await stage.expect({ ...toldDefault(own, " !"), ...mine, OPENAI_ORGANIZATION: "org" });
      await stage.unset(...Object.keys(mine), "OPENAI_ORGANIZATION");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a variable that the user unsets below the pin stays unset",
    play: async (stage) => {
      await stage.world.pin(await stage.dir("unset"), keyed);
      await stage.export({ OPENAI_API_KEY: "sk-mine" });
      await stage.session.cd(await stage.dir("unset"));
      await stage.unset("OPENAI_API_KEY");
      await stage.session.cd(stage.world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
];
