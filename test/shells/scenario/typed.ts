import { expect } from "bun:test";
import { existsSync, utimesSync } from "node:fs";
import { rm, stat, unlink, utimes } from "node:fs/promises";
import { isProcessShell } from "../../../src/process-shell.ts";
import { ACCOUNTS } from "../accounts.ts";
import { comparesSeconds } from "../bashes.ts";
import type { Program } from "../program.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, toldDefault } from "../world.ts";

const { own, acme, keyed } = ACCOUNTS;

/** The program's own commands, typed in this shell: their outcome is there at once. */
export const typed: Row<Program>[] = [
  {
    title: "pin, unpin and switch where one is",
    play: async (stage) => {
      const { world, session } = stage;
      await session.cd(await stage.dir("typed"));
      await session.run("codex-auth pin acme");
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.run("codex-auth unpin");
      await stage.expect(defaultEnv(own));
      await session.run("codex-auth switch key@example.com");
      await stage.expect(defaultEnv(keyed));
      await session.run("codex-auth switch -");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "use without a selector: a picker on the terminal",
    play: async (stage) => {
      const { world, session } = stage;
      const chosen = session.begin("codex-auth use");
      await session.terminal.waitFor("which account?");
      session.terminal.write("work@");
      session.terminal.send("enter");
      await chosen();
      expect(session.status).toBe(0);
      await stage.expect(accountEnv(world, acme, "use"));
      const left = session.begin("codex-auth use");
      await session.terminal.waitFor("which account?");
      session.terminal.send("ctrl-c");
      await left();
      expect(session.status).not.toBe(0);
      await stage.expect(accountEnv(world, acme, "use"));
      await session.run("codex-auth use -");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "exec runs as the account of the directory, and list is only the table on a pipe",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("run"), acme);
      await session.cd(await stage.dir("run"));
      const code = 'printf "%s\\n" "$CODEX_AUTH_LABEL"; exit 5';
      const [said] = (await session.call("codex-auth", "exec", "--", "sh", "-c", code)).split("\n"); // elvish says the status too
      expect(said).toBe("acme");
      expect(session.status).toBe(5);
      const table = (await session.run("codex-auth list --skip-api | cat")).split("\n");
      expect(table[0]).toStartWith("     ACCOUNT");
      expect(table.some((line) => line.startsWith("> ") && line.includes("acme"))).toBe(true);
    },
  },
];

/** What Codex itself does in another terminal: the hook notices, and calls the program. */
export const reconciled: Row<Program>[] = [
  {
    title: "codex login to the default account",
    play: async (stage) => {
      const { world, session } = stage;
      const auth = world.home.at(".codex/auth.json");
      await unlink(auth);
      await world.home.write(".codex/auth.json", JSON.stringify(acme.auth));
      await session.nextPrompt();
      await stage.expect(defaultEnv(acme));
      await world.switchTo(own);
      await session.nextPrompt();
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a second account: codex login with a key that is known",
    play: async (stage) => {
      const { world, session } = stage;
      await rm(world.home.at(".codex/auth.json"));
      await world.home.write(".codex/auth.json", JSON.stringify(keyed.auth));
      await session.nextPrompt();
      await stage.expect(defaultEnv(keyed));
      await world.switchTo(own);
      await session.nextPrompt();
    },
  },
  {
    title: "codex logout of the default account that is a key",
    play: async (stage) => {
      const { world, session } = stage;
      await world.switchTo(keyed);
      await session.nextPrompt();
      await stage.expect(defaultEnv(keyed));
      await unlink(world.home.at(".codex/auth.json"));
      await session.nextPrompt();
      await stage.expect({});
      await world.switchTo(own);
      await session.nextPrompt();
      await stage.expect(defaultEnv(own));
    },
  },
];

const OTHER = 'model_provider = "other"\n[model_providers.other]\nname = "x"\nbase_url = "http://x"\nenv_key = "X"\n';

/** What people write into config.toml: the next prompt says that another is billed, or that it is so no longer. */
export const configured: Row<Program>[] = [
  {
    title: "a provider with a key of its own, and the line taken out again",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("billed"), acme);
      await session.nextPrompt();
      let seconds = Math.floor(Date.now() / 1000);
      for (const [text, mark] of [
        ["", ""],
        [OTHER, " !"],
        [`# again\n${OTHER}`, " !"],
        ["", ""],
        ['forced_login_method = "api"\n', " !"],
        ['forced_login_method = "chatgpt"\n', ""],
        ['forced_login_method =     "api"\n', " !"], // as long
        ["", ""],
      ] as const) {
        const file = await world.home.write(".codex/config.toml", text);
        seconds += 2;
        if (comparesSeconds(stage.shell)) utimesSync(file, seconds, seconds);
        await session.nextPrompt();
        await stage.expect(toldDefault(own, mark));
        await session.cd(world.home.at("billed"));
        await stage.expect(accountEnv(world, acme, "pin", acme.alias + mark));
        await session.cd(world.home.path);
      }
    },
  },
];

/** A directory with code of a stranger's: neither the hook nor the function runs it. */
export const hostile: Row<Program>[] = [
  {
    title: "bunfig.toml, .env, tsconfig.json, package.json and node_modules/.bin/bun of the working directory",
    play: async (stage) => {
      const { world, session } = stage;
      const here = await stage.dir("hostile");
      const trap = world.home.at("trapped");
      const code = `require("node:fs").writeFileSync(${JSON.stringify(trap)}, "")`;
      await world.home.write("hostile/bunfig.toml", 'preload = ["./trap.ts"]\n[run]\npreload = ["./trap.ts"]\n');
      await world.home.write("hostile/trap.ts", code);
      await world.home.write("hostile/.env", "CODEX_AUTH_BASE=/nowhere\nNODE_OPTIONS=--require=./trap.ts\n");
      await world.home.write("hostile/package.json", '{ "name": "x", "imports": { "#x": "./trap.ts" } }');
      // Bun takes `paths` of the working directory for imports of a program that lies elsewhere.
      for (const name of ["tsconfig.json", "jsconfig.json"])
        await world.home.write(`hostile/${name}`, '{ "compilerOptions": { "paths": { "*": ["./trap.ts"] } } }');
      for (const name of ["bun", "sh", "codex-auth", "git", "node"])
        await world.home.program(`hostile/node_modules/.bin/${name}`, `touch '${trap.replaceAll("'", "'\\''")}'`);
      await session.cd(here);
      await session.run("codex-auth pin acme");
      await stage.expect(accountEnv(world, acme, "pin"));
      const later = new Date();
      await utimes(world.home.at(".codex/auth.json"), later, later);
      await session.nextPrompt();
      // a shell that asks the program at each look calls no sync
      if (!isProcessShell(stage.shell))
        expect((await stat(world.home.at(".codex/codex-auth/synced"))).mtimeMs).toBeGreaterThanOrEqual(later.getTime());
      await stage.expect(accountEnv(world, acme, "pin"));
      expect(existsSync(trap)).toBe(false);
    },
  },
];
