import { expect, test } from "bun:test";
import { ACCOUNTS } from "./accounts.ts";
import { Program } from "./program.ts";
import { describeShells } from "./shells.ts";
import { initLine, startShell } from "./world.ts";

describeShells("a key of the user's that is the account's too stays his", (shell) => {
  test("through a switch, the start line again, a pin and back", async () => {
    await using world = await Program.create();
    const { own, keyed, lab } = ACCOUNTS;
    await world.switchTo(keyed);
    const directory = await world.home.mkdir("work");
    await world.pin(directory, lab);
    const mine = keyed.apiKey ?? "";
    await using session = await startShell(world, shell, { env: { OPENAI_API_KEY: mine } });
    const key = async () => (await session.env()).OPENAI_API_KEY;
    await session.run(initLine(world, shell));
    expect(await key()).toBe(mine);
    await world.switchTo(own);
    expect(await key()).toBe(mine);
    await world.switchTo(keyed);
    await session.cd(directory);
    expect(await key()).toBe(lab.apiKey);
    await session.cd(world.home.path);
    expect(await key()).toBe(mine);
  });
});
