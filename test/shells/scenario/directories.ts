import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { rename, rmdir, symlink } from "node:fs/promises";
import { ACCOUNTS } from "../accounts.ts";
import { ALL_SHELLS, type AnyShell } from "../shells.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, type World } from "../world.ts";

const { own, acme, keyed } = ACCOUNTS;

/** What a shell itself does not enter: PowerShell takes a backslash for a slash everywhere, nushell cuts line feeds off the end of a path. */
const NOT_THERE: Partial<Record<AnyShell, RegExp>> = { pwsh: /\\/, nu: /\n$/ };

/** Names and places of directories. */
export const directories: Row<World>[] = [
  ...[
    "with space",
    'it\'s "quoted"',
    "$(touch x)",
    "`touch x`",
    "[x]*",
    "-leading",
    "ünï 漢字",
    "two\nlines",
    "ends in newline\n",
    "tab\there",
    "back\\slash",
    "{a,b}",
    "~",
    "%account2",
    "a;touch x",
    "‘curly’",
    "$HOME",
    "..x",
  ].map((name): Row<World> => ({
    title: `a pin in the directory ${JSON.stringify(name)}`,
    shells: ALL_SHELLS.filter((shell) => !NOT_THERE[shell]?.test(name)),
    play: async (stage) => {
      const here = await stage.dir(`names/${name}`);
      await stage.world.pin(here, acme);
      await stage.session.cd(here);
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await stage.session.cd(await stage.dir(`names/${name}/below`));
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await stage.session.cd(await stage.dir("names"));
      await stage.expect(defaultEnv(own));
      await stage.world.unpin(here);
      for (const at of [".", "names", `names/${name}`, `names/${name}/below`])
        expect(existsSync(stage.world.home.at(at, "x"))).toBe(false);
    },
  })),
  {
    title: "a directory reached by a link has the pin of where it is",
    play: async (stage) => {
      const { world, session } = stage;
      await stage.dir("real/repo/src");
      await world.pin(world.home.at("real"), acme);
      await symlink(world.home.at("real/repo"), world.home.at("link"));
      for (const name of ["link", "link/src"]) {
        await session.cd(world.home.at(name));
        await stage.expect(accountEnv(world, acme, "pin"));
      }
      await session.cd(world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a deleted directory, the root, and a pin on the root",
    play: async (stage) => {
      const { world, session } = stage;
      const gone = await stage.dir("gone/deep");
      await session.cd(gone);
      await rmdir(gone);
      await rmdir(world.home.at("gone"));
      await world.pin(await stage.dir("another"), acme);
      await session.nextPrompt();
      expect(session.prompt).toBe("me@example.com >");
      await session.cd("/");
      await stage.expect(defaultEnv(own));
      await world.pin("/", keyed);
      await session.nextPrompt();
      await stage.expect(accountEnv(world, keyed, "pin"));
      await session.cd(world.home.path);
      await stage.expect(accountEnv(world, keyed, "pin"));
      await session.cd(world.home.at("another"));
      await stage.expect(accountEnv(world, acme, "pin"));
      await world.unpin("/");
      await session.cd("/");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a renamed directory loses its pin",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("named"), acme);
      await session.cd(world.home.at("named"));
      await session.cd(world.home.path);
      await rename(world.home.at("named"), world.home.at("named2"));
      await session.cd(world.home.at("named2"));
      await stage.expect(defaultEnv(own));
    },
  },
];
