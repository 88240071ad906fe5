import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { ACCOUNTS, type Environment } from "../accounts.ts";
import { envLines, type Fixture } from "../fixture.ts";
import type { Row, Stage } from "../stage.ts";
import { accountEnv, defaultEnv, missingEnv } from "../world.ts";

const { own, acme, keyed } = ACCOUNTS;
const UNREADABLE = "0000000000000000";
const REGISTERED_NOWHERE = "0123456789abcdef";

/** What can be wrong with a pin: its content, and the id that the missing home is named by. */
export const PINS: [title: string, content: string | null, id: string][] = [
  ["of an account that is not registered", `${REGISTERED_NOWHERE}\n`, REGISTERED_NOWHERE],
  ["that is empty", "", UNREADABLE],
  ["that holds an empty line", "\n", UNREADABLE],
  ["of 15 digits", "0123456789abcde\n", UNREADABLE],
  ["of 17 digits", "0123456789abcdef0\n", UNREADABLE],
  ["with a space behind the id", `${keyed.id} \n`, UNREADABLE],
  ["with a space before the id", ` ${keyed.id}\n`, UNREADABLE],
  ["with a carriage return", `${keyed.id}\r\n`, UNREADABLE],
  ["in capitals", "0123456789ABCDEF\n", UNREADABLE],
  ["that is a path", "../../../../../../\n", UNREADABLE],
  ["that is a pattern", "****************\n", UNREADABLE],
  ["that says $(touch x)", "$(touch x)\n", UNREADABLE],
  ["that is a directory", null, UNREADABLE],
];

const good = (fixture: Fixture) => envLines(fixture, keyed);
const text = (lines: string[]) => lines.map((line) => `${line}\n`).join("");

/** What can be wrong with the env file of an account. */
const files: [title: string, content: (fixture: Fixture) => string | string[]][] = [
  ["is empty", () => ""],
  ["is cut off before its last line", (fixture) => good(fixture).slice(0, -1)],
  ["is cut off in its last line", (fixture) => text(good(fixture)).slice(0, -4)],
  ["has no CODEX_HOME", (fixture) => good(fixture).slice(1)],
  ["has no account", (fixture) => good(fixture).filter((line) => !line.startsWith("CODEX_AUTH_ACCOUNT="))],
  ["sets another name", (fixture) => ["PATH=/tmp", ...good(fixture)]],
  ["unsets another name", (fixture) => ["-PATH", ...good(fixture)]],
  ["has a name that runs on", (fixture) => ["CODEX_HOME2=/x", ...good(fixture)]],
  ["has a line that is neither", (fixture) => ["hello", ...good(fixture)]],
  ["has an empty line", (fixture) => ["", ...good(fixture)]],
  ["has a name with a command in it", (fixture) => ["CODEX_HOME[$(touch x)]=1", ...good(fixture)]],
  ["goes on behind its last line", (fixture) => [...good(fixture), "CODEX_HOME=/elsewhere"]],
];

/** Broken files: no account's money is spent, and the shell goes on. */
export const broken: Row<Fixture>[] = [
  ...PINS.map(([title, content, id]): Row<Fixture> => ({
    title: `a pin ${title} fails closed`,
    play: async (stage) => {
      const { world } = stage;
      const here = await stage.dir("broken");
      await world.pin(world.home.path, acme);
      if (content === null) await world.home.mkdir(world.pinFile(here));
      else await world.pin(here, content);
      await world.change();
      await failsClosed(stage, here, missingEnv(world, id, "pin"), accountEnv(world, acme, "pin"));
      await rm(world.pinFile(here), { recursive: true });
      await world.unpin(world.home.path);
    },
  })),
  ...files.map(([title, content]): Row<Fixture> => ({
    title: `an env file that ${title} fails closed`,
    play: async (stage) => {
      const { world } = stage;
      const here = await stage.dir("broken");
      await world.pin(here, keyed);
      await world.writeEnv(keyed.id, content(world));
      await world.change();
      await failsClosed(stage, here, missingEnv(world, keyed.id, "pin"), defaultEnv(own));
      await world.writeEnv(keyed.id, good(world));
      await world.unpin(here);
    },
  })),
  ...["zzz", "0123456789abcde", "../../../../../../etc", "$(touch x)"].map((value): Row<Fixture> => ({
    title: `CODEX_AUTH_USE=${value} fails closed`,
    play: async (stage) => {
      const { world, session } = stage;
      await session.export("CODEX_AUTH_USE", value);
      await stage.expect(missingEnv(world, UNREADABLE, "use"));
      expect(existsSync(world.home.at("x"))).toBe(false);
      await session.unset("CODEX_AUTH_USE");
      await stage.expect(defaultEnv(own));
    },
  })),
  {
    title: "an account that is mended is back at the next prompt",
    play: async (stage) => {
      const { world, session } = stage;
      await world.writeEnv(keyed.id, "");
      await world.pin(await stage.dir("mended"), keyed);
      await session.cd(await stage.dir("mended"));
      await stage.expect(missingEnv(world, keyed.id, "pin"));
      await world.writeEnv(keyed.id, good(world));
      await world.change();
      await session.nextPrompt();
      await stage.expect(accountEnv(world, keyed, "pin"));
    },
  },
  {
    title: "a default account whose file is broken is none, and said once",
    play: async (stage) => {
      const { world, session } = stage;
      await rm(world.home.at(".codex/auth.json"));
      await world.writeEnv("@default", "CODEX_AUTH_EMAIL=me@example.com\n");
      await world.change();
      expect((await session.nextPrompt()).trim()).toStartWith("codex-auth: ");
      await stage.expect({});
      for (const content of [
        "hello\nCODEX_AUTH_LABEL=x\n",
        "CODEX_AUTH_LABEL=x",
        "CODEX_HOME=/x\nCODEX_AUTH_LABEL=x\n",
      ]) {
        await world.writeEnv("@default", content);
        await world.change();
        await session.nextPrompt();
        await stage.expect({});
        expect((await session.nextPrompt()).trim()).toBe("");
      }
      await world.switchTo(own);
      await session.nextPrompt();
      await stage.expect(defaultEnv(own));
    },
  },
];

/** Goes into a directory whose account is broken, and back: strays are gone there, a reason is given once at most. */
async function failsClosed(stage: Stage<Fixture>, here: string, missing: Environment, outside: Environment) {
  const { world, session } = stage;
  await session.nextPrompt();
  await stage.export({ OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "mine" });
  const told = (await session.cd(here)).split("\n").filter(Boolean);
  expect(told.length).toBeLessThanOrEqual(1);
  for (const line of told) expect(line).toStartWith("codex-auth: ");
  await stage.expect({ ...missing, OPENAI_API_KEY: "sk-mine" });
  expect((await session.nextPrompt()).trim()).toBe("");
  expect(existsSync(missing.CODEX_HOME ?? "")).toBe(false);
  for (const at of [world.home.path, here]) expect(existsSync(`${at}/x`)).toBe(false);
  await session.cd(world.home.path);
  await stage.unset("OPENAI_PROJECT");
  await stage.expect({ ...outside, OPENAI_API_KEY: "sk-mine" });
  await stage.unset("OPENAI_API_KEY");
}
