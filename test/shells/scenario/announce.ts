import { expect } from "bun:test";
import { ACCOUNTS } from "../accounts.ts";
import type { Fixture } from "../fixture.ts";
import type { Row } from "../stage.ts";
import { accountEnv } from "../world.ts";

const { acme, keyed, own } = ACCOUNTS;

/** The setting `announce`. */
export const announce: Row<Fixture>[] = [
  {
    title: "a change of account is told once, on the terminal",
    play: async (stage) => {
      const { world, session } = stage;
      await world.announce();
      await world.pin(await stage.dir("told"), acme);
      await stage.dir("told/below");
      await world.pin(await stage.dir("key"), keyed);
      await session.nextPrompt();
      const seen = async (directory: string) => (await session.cd(world.home.at(directory))).trim();
      expect(await seen("told")).toBe("codex-auth: now acme");
      expect(await seen("told/below")).toBe("");
      await stage.expect(accountEnv(world, acme, "pin"));
      expect(await seen("key")).toBe("codex-auth: now key@example.com API_KEY");
      expect(await seen(".")).toBe("codex-auth: now me@example.com");
      await world.switchTo(null);
      expect((await session.nextPrompt()).trim()).toBe("codex-auth: no account");
      await world.switchTo(own);
      expect((await session.nextPrompt()).trim()).toBe("codex-auth: now me@example.com");
    },
  },
];
