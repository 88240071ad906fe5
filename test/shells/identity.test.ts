import { expect, test } from "bun:test";
import { readFile, rename } from "node:fs/promises";
import { ACCOUNTS, relevant } from "./accounts.ts";
import { comparesSeconds } from "./bashes.ts";
import { Fixture } from "./fixture.ts";
import { describeShells } from "./shells.ts";
import { accountEnv, defaultEnv, missingEnv, startShell, toldDefault } from "./world.ts";

const { own, acme } = ACCOUNTS;

/** What somebody does to `$A`, an auth.json; `$N` is another login, with the time in the title where one is named. */
const hands: [title: string, act: string, undo?: string][] = [
  ["mv of an old login", `touch -d 2020-01-01 "$N"; mv "$N" "$A"`],
  ["mv of a login from the future", `touch -d 2035-01-01 "$N"; mv "$N" "$A"`],
  ["cp -p of an old login", `touch -d 2020-01-01 "$N"; cp -p "$N" "$A"`],
  ["cp -p of one from the future", `touch -d 2035-01-01 "$N"; cp -p "$N" "$A"`],
  ["ln -sf to a file", `ln -sf "$N" "$A"`],
  ["ln -sf to another account's", `touch -d 2021-01-01 "$OTHER"; ln -sf "$OTHER" "$A"`],
  ["rm, then mv", `rm "$A"; mv "$N" "$A"`],
  ["rm", `rm "$A"`],
  ["touch -d", `touch -d 2020-01-01 "$A"`],
  ["a switch that breaks off: the witness is gone", `rm -f "$W"`],
];

const places = ["base", "home"] as const;

describeShells("other hands at a login", (shell) => {
  /** What is done, and not within the second of the login that was there, where the shell could not tell. */
  const another = (act: string) =>
    comparesSeconds(shell) && !act.includes("touch") ? `touch -d "@$(($(date +%s) + 5))" "$N"; ${act}` : act;

  /** A shell in the base home's or the account home's directory, with A, N, W and OTHER set. */
  async function start(place: (typeof places)[number], cleanUp: AsyncDisposableStack) {
    const world = await Fixture.create();
    cleanUp.use(world);
    await world.pin(await world.home.mkdir("work"), acme);
    await world.home.write("tmp/login", `{ "another": true }`);
    const session = await startShell(world, shell, { cwd: world.home.at(place === "base" ? "." : "work") });
    cleanUp.use(session);
    await session.set(
      "A",
      place === "base" ? world.home.at(".codex/auth.json") : world.ours("homes", acme.id, "auth.json"),
    );
    await session.set("W", world.witness(place === "base" ? "@default" : acme.id));
    await session.set("N", world.home.at("tmp/login"));
    await session.set("OTHER", world.ours("homes", ACCOUNTS.keyed.id, "auth.json"));
    const syncs = async () => (await world.calls()).filter(({ words }) => words[0] === "sync").length;
    const expectEnv = async (env: Record<string, string | undefined>) =>
      expect(relevant(await session.env())).toEqual(env);
    return { world, session, syncs, expectEnv };
  }

  test.each(places.flatMap((place) => hands.map(([title, act]) => [place, title, act] as const)))(
    "%s: %s: sync is run once, and where it does not mend it the label or the home tells",
    async (place, title, act) => {
      await using cleanUp = new AsyncDisposableStack();
      const { world, session, syncs, expectEnv } = await start(place, cleanUp);
      const good = place === "base" ? defaultEnv(own) : accountEnv(world, acme, "pin");
      const bad = place === "base" ? toldDefault(own, " !") : missingEnv(world, acme.id, "pin");
      await session.nextPrompt();
      await expectEnv(good);
      expect(await syncs()).toBe(0);

      // the program has moved away
      const tool = world.home.at("my tools/codex-auth");
      await rename(tool, `${tool}.away`);
      await session.run(another(act));
      await expectEnv(bad);
      expect(session.prompt).toBe(`${bad.CODEX_AUTH_LABEL} >`);
      expect((await session.nextPrompt()).trim()).toBe("");
      if (place === "base") {
        await session.cd(world.home.at("work"));
        await expectEnv(accountEnv(world, acme, "pin"));
        await session.cd(world.home.path);
        await expectEnv(bad);
      }

      // and is back: a command of ours has it looked at again
      await rename(`${tool}.away`, tool);
      await session.run("codex-auth say x");
      if (title === "rm") expect(await syncs()).toBe(1);
      else {
        await expectEnv(good);
        await session.nextPrompt();
        expect(await syncs()).toBe(1);
      }
    },
  );

  test.each(places)("%s: a sync that mends it is run before the command on the line of the cd", async (place) => {
    await using cleanUp = new AsyncDisposableStack();
    const { world, session, expectEnv } = await start("base", cleanUp);
    const auth = place === "base" ? ".codex/auth.json" : `.codex/codex-auth/homes/${acme.id}/auth.json`;
    await session.run(`mv "$N" "$HOME/${auth}"; cd work && env-to ~/tmp/line`);
    const text = await readFile(world.home.at("tmp/line"), "utf8");
    expect(text).toContain(`\0CODEX_AUTH_LABEL=${acme.alias}\0`);
    await expectEnv(accountEnv(world, acme, "pin"));
  });

  test("a home that fails closed does so only there, and opens by itself when its login is back", async () => {
    await using cleanUp = new AsyncDisposableStack();
    const { world, session, expectEnv } = await start("home", cleanUp);
    const tool = world.home.at("my tools/codex-auth");
    await rename(tool, `${tool}.away`);
    await session.run(another(`mv "$A" "$A.kept"; cp -p "$N" "$A"`));
    await expectEnv(missingEnv(world, acme.id, "pin"));
    await session.cd(world.home.path);
    await expectEnv(defaultEnv(own));
    await session.cd(world.home.at("work"));
    await expectEnv(missingEnv(world, acme.id, "pin"));
    await session.run(`mv "$A.kept" "$A"`);
    await expectEnv(accountEnv(world, acme, "pin"));
  });

  test("a registry that another program wrote: one sync; where it fails the default account's label tells", async () => {
    await using cleanUp = new AsyncDisposableStack();
    const { world, session, syncs, expectEnv } = await start("base", cleanUp);
    const registry = "~/.codex/accounts/registry.json";
    await session.run(`echo '{ }' >~/tmp/r; touch -d 2020-01-01 ~/tmp/r; mv ~/tmp/r ${registry}`);
    await session.nextPrompt();
    expect(await syncs()).toBe(1);
    await expectEnv(defaultEnv(own));
    await rename(world.home.at("my tools/codex-auth"), world.home.at("my tools/away"));
    await session.run(`echo '{  }' >~/tmp/r; mv ~/tmp/r ${registry}`);
    await expectEnv(toldDefault(own, " !"));
    await session.cd(world.home.at("work"));
    await expectEnv(accountEnv(world, acme, "pin"));
  });

  test("a login that nobody has seen, without a default account: the prompt has a mark", async () => {
    await using cleanUp = new AsyncDisposableStack();
    const { world, session, expectEnv } = await start("base", cleanUp);
    await world.switchTo(null);
    await session.nextPrompt();
    await expectEnv({});
    await rename(world.home.at("my tools/codex-auth"), world.home.at("my tools/away"));
    await session.run(`mv "$N" "$A"`);
    expect(session.prompt).toBe("! >");
    await session.run(`rm "$A"`);
    await expectEnv({});
    expect(session.prompt).toBe(">");
  });

  test("the witness is told to nobody", async () => {
    await using cleanUp = new AsyncDisposableStack();
    const { world, session } = await start("home", cleanUp);
    await session.cd(world.home.path);
    for (const [name, value] of Object.entries(await session.env()))
      expect(`${name}=${value}`).not.toMatch(/CREDENTIAL|codex-auth\/live/);
  });
});
