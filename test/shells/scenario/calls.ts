import { expect } from "bun:test";
import { ACCOUNTS } from "../accounts.ts";
import type { Fixture } from "../fixture.ts";
import { NASTY } from "../nasty.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv } from "../world.ts";

const { own, acme } = ACCOUNTS;

/** The function `codex-auth` of the snippets. */
export const calls: Row<Fixture>[] = [
  {
    title: "passes its words on as they are, and says where it was called",
    play: async (stage) => {
      const { world, session, shell } = stage;
      await world.forgetCalls();
      const words = ["say", NASTY, "", "--", "-x", "*", "a b"];
      await session.call("codex-auth", ...words);
      expect(await world.calls()).toEqual([{ words, base: world.base, snippet: shell, cwd: world.home.path }]);
      const env = await session.env();
      expect(env.CODEX_AUTH_BASE).toBeUndefined();
      expect(env.CODEX_AUTH_SNIPPET).toBeUndefined();
    },
  },
  {
    title: "passes stdout and the status on",
    play: async (stage) => {
      const { session } = stage;
      expect(await session.run("codex-auth say one two")).toBe("one two");
      expect(session.status).toBe(0);
      expect(await session.run("codex-auth say three | cat")).toBe("three");
      await session.run("codex-auth fail 3");
      expect(session.status).toBe(3);
      await session.run("codex-auth use nobody");
      expect(session.status).toBe(1);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "passes stdin on",
    play: async ({ session }) => {
      expect(await session.run("echo piped | codex-auth cat")).toBe("piped");
    },
  },
  {
    title: "a prompt of the program's reads from the terminal",
    play: async ({ session }) => {
      const finish = session.begin("codex-auth ask");
      await session.terminal.waitFor("which one?");
      session.terminal.type("this one");
      expect(await finish()).toEndWith("\nyou said this one");
    },
  },
  {
    title: "use that prints something else shows it, and changes nothing",
    play: async (stage) => {
      const { world, session } = stage;
      await world.home.write("my tools/use/odd", "not an id\n");
      expect(await session.run("codex-auth use odd")).toBe("not an id");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "what it has changed is seen at once",
    play: async (stage) => {
      const { world, session } = stage;
      await world.home.write(
        "my tools/on-say",
        `printf '%s\\n' ${acme.id} >"$CODEX_AUTH_BASE/codex-auth/pins$(pwd)/%account"
echo beef >"$CODEX_AUTH_BASE/codex-auth/generation"`,
      );
      await world.pin(await stage.dir("at once"), own);
      await session.cd(await stage.dir("at once"));
      const { word } = session.kind;
      await session.run(`codex-auth say x ; env-to ${word(world.home.at("tmp/at-once"))}`);
      const text = await stage.read(world.home.at("tmp/at-once"));
      expect(text).toContain("\0CODEX_AUTH_LABEL=acme\0");
      await stage.expect(accountEnv(world, acme, "pin"));
    },
  },
];
