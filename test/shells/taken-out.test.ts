import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { ACCOUNTS } from "./accounts.ts";
import { Program } from "./program.ts";
import { describeShells } from "./shells.ts";
import { missingEnv, startShell } from "./world.ts";

describeShells("an account that another program takes out of the registry", (shell) => {
  test("is missing at the next prompt of its directory, and back when it is", async () => {
    await using world = await Program.create();
    const { acme } = ACCOUNTS;
    const directory = await world.home.mkdir("work");
    await world.pin(directory, acme);
    await using session = await startShell(world, shell, { cwd: directory });
    const { CODEX_HOME: home } = await session.env();
    expect(session.prompt).toContain("acme");

    const path = ".codex/accounts/registry.json";
    const before = await Bun.file(world.home.at(path)).text();
    const registry = JSON.parse(before);
    registry.accounts = registry.accounts.filter(
      (account: { account_key: string }) => account.account_key !== acme.key,
    );
    await world.home.write(path, JSON.stringify(registry));
    await session.run("true");
    expect(session.prompt).toContain("missing account");
    expect(await session.env()).toMatchObject(missingEnv(world, acme.id, "pin"));
    expect(existsSync(`${home}.missing`)).toBe(false);
    await session.call("codex-auth", "exec", "--", "true");
    expect(session.status).toBe(1);

    await world.add(acme);
    await session.run("true");
    expect((await session.env()).CODEX_HOME).toBe(home);
  });
});
