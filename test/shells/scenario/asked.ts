import { expect } from "bun:test";
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNTS } from "../accounts.ts";
import { NASTY } from "../nasty.ts";
import type { Program } from "../program.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, missingEnv } from "../world.ts";
import { PINS } from "./broken.ts";

const { own, acme, keyed } = ACCOUNTS;
const isRoot = process.getuid?.() === 0;

// What the other shells play with files written by hand, for those whose thinking is the program's.

const pinFile = ({ base }: Program, directory: string) => join(base, "codex-auth/pins", directory, "%account");

/** Broken files: no account's money is spent, and the shell goes on. */
const broken: Row<Program>[] = [
  ...PINS.map(([title, content, id]): Row<Program> => ({
    title: `a pin ${title} fails closed`,
    play: async (stage) => {
      const { world, session } = stage;
      const here = stage.dir("broken");
      await world.pin(world.home.path, acme);
      if (content === null) world.home.mkdir(pinFile(world, here));
      else world.home.write(pinFile(world, here), content);
      await session.nextPrompt();
      await stage.export({ OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "mine" });
      await session.cd(here);
      await stage.expect({ ...missingEnv(world, id, "pin"), OPENAI_API_KEY: "sk-mine" });
      expect([world.home.at("x"), join(here, "x")].filter(existsSync)).toEqual([]);
      await session.cd(world.home.path);
      rmSync(pinFile(world, here), { recursive: true });
      await session.cd(here);
      await stage.expect({ ...accountEnv(world, acme, "pin"), OPENAI_API_KEY: "sk-mine" });
      await world.unpin(world.home.path);
      await session.cd(world.home.path);
      await stage.unset("OPENAI_PROJECT", "OPENAI_API_KEY");
      await stage.expect(defaultEnv(own));
    },
  })),
  ...["zzz", "0123456789abcde", "../../../../../../etc", "$(touch x)"].map((value): Row<Program> => ({
    title: `CODEX_AUTH_USE=${value} fails closed`,
    play: async (stage) => {
      const { world, session } = stage;
      await session.export("CODEX_AUTH_USE", value);
      await stage.expect(missingEnv(world, "0000000000000000", "use"));
      expect(existsSync(world.home.at("x"))).toBe(false);
      await session.unset("CODEX_AUTH_USE");
      await stage.expect(defaultEnv(own));
    },
  })),
  {
    title: "a registry that is damaged fails closed until it is mended",
    play: async (stage) => {
      const { world, session } = stage;
      const registry = join(world.base, "accounts/registry.json");
      const before = readFileSync(registry);
      await world.pin(stage.dir("mended"), keyed);
      writeFileSync(registry, "damaged");
      await session.cd(stage.dir("mended"));
      expect((await session.env()).CODEX_HOME).toEndWith(".missing");
      writeFileSync(registry, before);
      await session.nextPrompt();
      await stage.expect(accountEnv(world, keyed, "pin"));
    },
  },
];

/** What can be missing; each is undone afterwards. */
const cases: [title: string, take: (world: Program) => void, giveBack: (world: Program) => void][] = [
  [
    "no base home",
    (world) => renameSync(world.base, world.home.at("away")),
    (world) => renameSync(world.home.at("away"), world.base),
  ],
  ...(isRoot
    ? ([
        [
          "a codex-auth/ of somebody else's",
          (world) => chownSync(join(world.base, "codex-auth"), 12345, 12345),
          (world) => chownSync(join(world.base, "codex-auth"), 0, 0),
        ],
      ] satisfies typeof cases)
    : []),
];

/** Without an account: nothing is set, nothing is shown. */
const absent: Row<Program>[] = cases.map(([title, take, giveBack]) => ({
  title,
  play: async (stage) => {
    const { world, session } = stage;
    await session.cd(stage.dir("absent"));
    take(world);
    await session.cd(world.home.path);
    await stage.expect({});
    await session.run(session.kind.typed);
    await stage.expect({});
    await session.run("exit");
    giveBack(world);
    await session.cd(stage.dir("absent"));
    await stage.expect(defaultEnv(own));
  },
}));

/** What other hands write is taken up at the next prompt. */
const sync: Row<Program>[] = [
  {
    title: "a login written through the link, twice within a second",
    play: async (stage) => {
      const { world, session } = stage;
      const auth = join(world.base, "auth.json");
      for (const account of [keyed, acme]) {
        writeFileSync(auth, JSON.stringify(account.auth));
        await session.nextPrompt();
        await stage.expect(defaultEnv(account));
      }
      await world.switchTo(own);
      await session.nextPrompt();
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a registry that another program wrote",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(stage.dir("another"), acme);
      await session.cd(stage.dir("another"));
      const registry = join(world.base, "accounts/registry.json");
      const text = readFileSync(registry, "utf8");
      writeFileSync(registry, text.replace(`"alias": "${acme.alias}"`, '"alias": "by another"'));
      await session.nextPrompt();
      await stage.expect(accountEnv(world, acme, "pin", "by another"));
      await world.alias(acme, acme.alias);
      await session.nextPrompt();
      await stage.expect(accountEnv(world, acme, "pin"));
    },
  },
];

/** `codex-auth`, as it is typed. */
const calls: Row<Program>[] = [
  {
    title: "passes its words on as they are",
    play: async ({ world, session }) => {
      world.home.program("bin/words-to", `file=$1; shift; for word; do printf '%s\\0' "$word"; done >"$file"`);
      const words = [NASTY, "", "--", "-x", "*", "a b", "$(touch x)", "!!"];
      await session.call("codex-auth", "exec", "--", "words-to", world.home.at("tmp/words"), ...words);
      expect(readFileSync(world.home.at("tmp/words"), "utf8").split("\0").slice(0, -1)).toEqual(words);
      expect(existsSync(world.home.at("x"))).toBe(false);
      const env = await session.env();
      expect([env.CODEX_AUTH_BASE, env.CODEX_AUTH_SNIPPET]).toEqual([undefined, undefined]);
    },
  },
  {
    title: "passes stdout and the status on",
    play: async (stage) => {
      const { session } = stage;
      expect(await session.run("codex-auth exec -- echo one two")).toBe("one two");
      expect(session.status).toBe(0);
      expect(await session.run("codex-auth exec -- echo three | cat")).toBe("three");
      await session.call("codex-auth", "exec", "--", "sh", "-c", "exit 3");
      expect(session.status).toBe(3);
      await session.run("codex-auth use nobody");
      expect(session.status).toBe(1);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "passes stdin on",
    play: async ({ session }) => {
      expect(await session.run("echo piped | codex-auth exec -- cat")).toBe("piped");
    },
  },
  {
    title: "a program that it becomes reads from the terminal",
    play: async ({ session }) => {
      const finish = session.begin(
        session.kind.call([
          "codex-auth",
          "exec",
          "--",
          "sh",
          "-c",
          "printf 'which one? '; read -r x; echo you said $x",
        ]),
      );
      await session.terminal.waitFor("which one?");
      session.terminal.type("this one");
      expect(await finish()).toEndWith("you said this one");
    },
  },
];

/** The setting `announce`. */
const announce: Row<Program>[] = [
  {
    title: "a change of account is told once, on the terminal",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(stage.dir("told"), acme);
      stage.dir("told/below");
      await world.run(["config", "announce", "true"]);
      await session.nextPrompt();
      const seen = async (directory: string) => (await session.cd(world.home.at(directory))).trim();
      expect(await seen("told")).toBe("codex-auth: now acme");
      expect(await seen("told/below")).toBe("");
      expect(await seen(".")).toBe("codex-auth: now me@example.com");
      await world.run(["config", "announce", "false"]);
      expect(await seen("told")).toBe("");
    },
  },
];

export const asked = { broken, absent, sync, calls, announce };
