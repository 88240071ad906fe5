import { expect, test } from "bun:test";
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { ACCOUNTS } from "./accounts.ts";
import { Program } from "./program.ts";
import { describeShells } from "./shells.ts";
import { startShell } from "./world.ts";

describeShells("an open shell leaves an ejected base home alone", (shell) => {
  test("eject, then prompts and a cd", async () => {
    await using world = await Program.create();
    const directory = await world.home.mkdir("work");
    await world.pin(directory, ACCOUNTS.acme);
    await using session = await startShell(world, shell, { cwd: directory });
    expect((await session.env()).CODEX_HOME).toContain("codex-auth/homes");
    await session.call("codex-auth", "eject", "--yes");
    await session.cd(world.home.path);
    await session.cd(directory);
    const env = await session.env();
    expect(
      Object.keys(env)
        .filter((name) => name.startsWith("CODEX_"))
        .sort(),
    ).toEqual(
      Object.keys(world.env)
        .filter((name) => name.startsWith("CODEX_"))
        .sort(),
    );
    expect(existsSync(join(world.base, "codex-auth"))).toBe(false);
    expect(lstatSync(join(world.base, "auth.json")).isFile()).toBe(true);
  });
});
