import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { SETUP } from "../../src/setup.ts";
import { Home } from "../home.ts";
import { ACCOUNTS, labelOf } from "./accounts.ts";
import { Program } from "./program.ts";
import { Session } from "./session.ts";
import { describeProcessShells, KIND_OF } from "./shells.ts";

/** Has Tab complete a command, and runs it; returns what it prints. */
async function completed(session: Session): Promise<string> {
  session.terminal.write("codex-auth curr\t");
  await session.terminal.waitFor("codex-auth current");
  return session.run("");
}

/** Makes a `codex-auth` on PATH. */
const launch = ({ home, program }: Program) =>
  home.program("bin/codex-auth", `exec ${program.map((one) => `"${one}"`).join(" ")} "$@"`);

describeProcessShells("what setup adds", (shell) => {
  test("is read at each start, is right after the program has moved, and nothing is left of it once it is taken out", async () => {
    await using world = await Program.create();
    const { home } = world;
    const directory = home.mkdir("pinned");
    await world.pin(directory, ACCOUNTS.acme);
    const tools = world.copyProgram();
    launch(world);
    const setup = (...words: string[]) => world.run(["setup", ...words, "--yes"]);
    const file = KIND_OF[shell].rcFile;
    expect(await setup(shell)).toBe(`added to ~/${file}\n`);
    const seen = async (rc: string) => {
      await using session = await Session.start(shell, home, { rc, env: world.env });
      await session.cd(directory);
      const { CODEX_AUTH_SOURCE: source, CODEX_AUTH_LABEL: label } = await session.env();
      return { source, label, greeting: session.greeting, tab: rc && (await completed(session)) };
    };
    const added = readFileSync(home.at(file), "utf8");
    const pinned = {
      source: "pin",
      label: labelOf(ACCOUNTS.acme),
      greeting: "",
      tab: expect.stringContaining(labelOf(ACCOUNTS.acme)),
    };
    expect(await seen(added)).toEqual(pinned);
    renameSync(tools, home.at("moved"));
    world.program = world.program.map((word) => word.replace(tools, home.at("moved")));
    launch(world);
    expect(await seen(added)).toEqual(pinned);
    await setup("--remove");
    expect(await seen("")).toMatchObject({ source: undefined, label: undefined, greeting: "" });
  }, 180_000);

  test.skipIf(!existsSync("/proc/self/comm"))(
    "is for the shell that setup is started in, whatever SHELL names",
    async () => {
      await using world = await Program.create();
      launch(world);
      await using session = await Session.start(shell, world.home, { env: { ...world.env, SHELL: "/bin/bash" } });
      expect(await session.run("codex-auth setup --print")).toContain(SETUP[shell].line);
    },
    60_000,
  );
});

describeProcessShells(
  "what its line writes",
  () => {
    test("is replaced as a whole, as others may read it then, and stays where the program fails", async () => {
      await using world = await Program.create();
      const { home } = world;
      launch(world);
      const written = home.at(".data/nushell/vendor/autoload/codex-auth.nu");
      const start = async () => {
        await using session = await Session.start("nu", home, { rc: SETUP.nu.line, env: world.env });
        return { label: (await session.env()).CODEX_AUTH_LABEL, ino: statSync(written).ino };
      };
      const [first, second] = [await start(), await start()];
      expect(second.ino).not.toBe(first.ino);
      home.program("bin/codex-auth", "echo cut; exit 1");
      expect(await start()).toEqual(second);
      expect(second.label).toBe(labelOf(ACCOUNTS.own));
      expect(readdirSync(dirname(written))).toEqual(["codex-auth.nu"]);
    }, 60_000);
  },
  ["nu"],
);

describeProcessShells(
  "what its line reads",
  () => {
    test("is all that the program prints, every time", async () => {
      using home = Home.forShells();
      home.write("snippet", "x = 1\n".repeat(600));
      home.program("bin/codex-auth", `cat "$HOME/snippet"`);
      const take = SETUP.xonsh.line.replace("execx", "__test_take");
      const rc = `
__test_lengths = set()
def __test_take(text): __test_lengths.add(len(text))
for _ in range(300): ${take}
print("lengths", __test_lengths)`;
      await using session = await Session.start("xonsh", home, { rc });
      expect(session.greeting).toBe("lengths {3600}");
    }, 60_000);
  },
  ["xonsh"],
);
