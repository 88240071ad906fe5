import { expect, test } from "bun:test";
import { readFileSync, renameSync } from "node:fs";
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

describeProcessShells("what setup adds", (shell) => {
  test("is read at each start, is right after the program has moved, and nothing is left of it once it is taken out", async () => {
    await using world = await Program.create();
    const { home } = world;
    const directory = home.mkdir("pinned");
    await world.pin(directory, ACCOUNTS.acme);
    const tools = world.copyProgram();
    const launch = () =>
      home.program("bin/codex-auth", `exec ${world.program.map((one) => `"${one}"`).join(" ")} "$@"`);
    launch();
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
    launch();
    expect(await seen(added)).toEqual(pinned);
    await setup("--remove");
    expect(await seen("")).toMatchObject({ source: undefined, label: undefined, greeting: "" });
  }, 180_000);
});
