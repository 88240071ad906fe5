import { expect, test } from "bun:test";
import { createPlaces } from "./places.ts";
import { LENGTH } from "./prompt-length.ts";
import { describeShells } from "./shells.ts";
import { startShell } from "./world.ts";

describeShells("what makes the prompt", (shell) => {
  test("is as long as it was, after five prompts and five changes of account", async () => {
    await using world = await createPlaces();
    await using session = await startShell(world, shell);
    await session.nextPrompt();
    const before = await session.run(LENGTH[shell]);
    expect(before).toMatch(/\d/);
    const prompts: string[] = [];
    for (const directory of ["work", "key", "work", "key", "work"]) {
      await session.nextPrompt();
      await session.cd(world.home.at(directory));
      prompts.push(session.prompt);
    }
    expect(new Set(prompts).size).toBe(2);
    await session.cd(world.home.path);
    expect(await session.run(LENGTH[shell])).toBe(before);
  });
});
