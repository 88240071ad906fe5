import { symlink } from "node:fs/promises";
import { ACCOUNTS, STRAYS } from "../accounts.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, toldDefault, type World } from "../world.ts";

const { own, acme } = ACCOUNTS;

/** The mark behind the label. */
export const marks: Row<World>[] = [
  {
    title: "` !` where Codex would use something else than the label says",
    play: async (stage) => {
      await stage.world.pin(await stage.dir("stray"), acme);
      for (const name of STRAYS) {
        await stage.export({ [name]: "x" });
        await stage.expect({ ...toldDefault(own, " !"), [name]: "x" });
        await stage.unset(name);
      }
      await stage.expect(defaultEnv(own));
      // PowerShell has no empty variable
      if (stage.shell !== "pwsh") await stage.export({ OPENAI_PROJECT: "" });
      await stage.export({ OPENAI_PROJECT: "x" });
      await stage.expect({ ...toldDefault(own, " !"), OPENAI_PROJECT: "x" });
      await stage.unset("OPENAI_PROJECT");
      await stage.expect(defaultEnv(own));
      await symlink(stage.world.base, stage.world.home.at("same"));
      for (const [home, mark] of [
        [stage.world.base, ""],
        [stage.world.home.at("same"), ""],
        ["/nowhere", " !"],
      ] as const) {
        await stage.export({ CODEX_HOME: home });
        await stage.expect({ ...toldDefault(own, mark), CODEX_HOME: home });
      }
      await stage.unset("CODEX_HOME");
      await stage.session.cd(await stage.dir("stray"));
      await stage.export({ CODEX_API_KEY: "x" });
      await stage.expect({ ...accountEnv(stage.world, acme, "pin", "acme !"), CODEX_API_KEY: "x" });
      await stage.unset("CODEX_API_KEY");
      await stage.expect(accountEnv(stage.world, acme, "pin"));
    },
  },
];
