import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STRAYS } from "../../src/core/homes/environment.ts";
import { ACCOUNTS, labelOf } from "./accounts.ts";
import { NASTY } from "./nasty.ts";
import { Person } from "./person.ts";
import { describeProcessShells } from "./shells.ts";
import { Program } from "./program.ts";

describeProcessShells("a person in front of it", (shell) => {
  let world: Program;
  beforeAll(async () => {
    world = await Program.create();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  const { own, acme: work } = ACCOUNTS;
  const pinned = (source: "pin" | "use" = "pin") => ({
    home: join(world.base, "codex-auth/homes", work.id),
    label: labelOf(work),
    source,
    stray: undefined,
  });

  test("a pin is entered and left; what the user had comes back, secrets too", async () => {
    const directory = world.home.mkdir("pinned");
    await world.pin(directory, work);
    await using person = await Person.start(world, shell, { env: { CODEX_API_KEY: NASTY, OPENAI_PROJECT: NASTY } });
    const before = await person.environment();
    expect(before).toMatchObject({ CODEX_AUTH_SOURCE: "default", CODEX_API_KEY: NASTY });
    expect(before.CODEX_HOME).toBeUndefined();
    await person.cd(directory);
    const inside = await person.environment();
    expect(await person.seen()).toEqual(pinned());
    expect(Object.values(inside).filter((value) => value?.includes(NASTY))).toEqual([`+${NASTY}`]); // OPENAI_PROJECT, saved
    await person.cd(world.home.path);
    const after = await person.environment();
    for (const one of [before, after]) {
      for (const name of Object.keys(one))
        if (/^(OLDPWD|PWD|_|SHLVL|LAST_EXIT_CODE|LAST_RETURN_CODE|CMD_DURATION_MS|TEST_PROMPT)$/.test(name))
          delete one[name];
    }
    expect(after).toEqual(before);
  }, 90_000);

  test("names are data: nothing in a directory, a variable or a label runs", async () => {
    const directory = world.home.mkdir(`d $(touch x) '"\`touch x\` ; touch x #{}(touch x)`);
    await world.pin(directory, work);
    await world.alias(work, "$(touch x) 'a\" (touch x) {RED} {user}");
    await using person = await Person.start(world, shell);
    await person.cd(directory);
    const { label, home } = await person.seen();
    expect({ label, home }).toEqual({ label: expect.stringContaining("(touch x)"), home: pinned().home });
    expect([world.home.at("x"), join(directory, "x")].filter(existsSync)).toEqual([]);
    await world.alias(work, work.alias);
  }, 90_000);

  test("a word that a shell could take for a value of its own reaches the program as it is", async () => {
    await using person = await Person.start(world, shell);
    for (const value of ["true", "false"]) {
      await person.type(`codex-auth config announce ${value}`);
      expect(await person.type("codex-auth config announce")).toContain(value);
    }
  }, 60_000);

  test("use, and use - again; another terminal's pin is seen at the prompt", async () => {
    const directory = world.home.mkdir("later");
    await using person = await Person.start(world, shell);
    await person.cd(directory);
    expect((await person.seen()).source).toBe("default");
    await world.pin(directory, work);
    await person.environment(); // the prompt after it
    expect(await person.seen()).toEqual(pinned());
    await person.type("codex-auth use -");
    await person.type(`codex-auth use ${own.email}`);
    const used = await person.environment();
    expect(used).toMatchObject({ CODEX_AUTH_USE: own.id, CODEX_AUTH_SOURCE: "use" });
    await person.type("codex-auth use -");
    expect(await person.seen()).toEqual(pinned());
  }, 120_000);

  test.each([
    ["the account is gone", "env"],
    ["the registry is damaged", "registry"],
  ])(
    "it fails closed: %s",
    async (_, what) => {
      const directory = world.home.mkdir(`closed-${what}`);
      await world.pin(directory, work);
      await using person = await Person.start(world, shell);
      expect((await person.seen()).source).toBe("default");
      if (what === "env") {
        const pin = join(world.base, "codex-auth/pins", directory, "%account");
        writeFileSync(pin, "1234567890abcdef\n");
      } else {
        writeFileSync(join(world.base, "accounts/registry.json"), "damaged");
      }
      await person.cd(directory);
      const { home, label } = await person.seen();
      expect(label).toBe("missing account");
      expect(home).toMatch(/\/codex-auth\/homes\/[0-9a-f]{16}\.missing$/);
    },
    90_000,
  );

  test("no start of ours at an unchanged prompt, one at a change of directory; fails closed once it is gone", async () => {
    const fresh = await Program.create();
    try {
      const { home } = fresh;
      const log = home.write("starts", "");
      const counted = home.program("bin/counted", `echo "$*" >>"$HOME/starts"; exec "$@"`);
      const [one = "", two = ""] = ["one", "two"].map((name) => home.mkdir(name));
      await fresh.pin(one, work);
      // tcsh tells times in seconds, and believes no file that is as new as its last look
      if (shell === "tcsh") await Bun.sleep(2100);
      const starts = () => readFileSync(log, "utf8").split("\n").length - 1;
      await using person = await Person.start(fresh, shell, { through: counted });
      await person.environment();
      for (const directory of [one, two]) {
        const before = starts();
        await person.cd(directory);
        expect(starts() - before).toBe(1);
        for (let i = 0; i < 3; i++) await person.environment();
        expect(starts() - before).toBe(1);
      }
      rmSync(counted);
      await person.cd(one);
      const { home: closed, label } = await person.seen();
      expect(label).toBe("missing account");
      expect(closed).toMatch(/\/codex-auth\/homes\/0{16}\.missing$/);
      home.program("bin/counted", `exec "$@"`);
      await person.cd(two);
      expect(await person.seen()).toMatchObject({ home: undefined, source: "default" });
    } finally {
      await fresh[Symbol.asyncDispose]();
    }
  }, 120_000);

  test("what a command says is shown, what `use` says too", async () => {
    await using person = await Person.start(world, shell);
    await person.type("codex-auth use --help");
    expect(person.terminal.shows("codex-auth use --best")).toBe(true);
    await person.type("codex-auth list --help");
    expect(person.terminal.shows("codex-auth list --json")).toBe(true);
    await person.type("codex-auth alias --help | ^cat".replace("^", shell === "nu" ? "^" : ""));
    expect(person.terminal.shows("codex-auth alias set")).toBe(true);
  }, 90_000);

  test("the label stands in the prompt, unless --no-prompt", async () => {
    const fresh = await Program.create();
    try {
      const directory = fresh.home.mkdir("shown");
      await fresh.pin(directory, work);
      for (const options of [[], ["--no-prompt"]]) {
        await using person = await Person.start(fresh, shell, { options });
        await person.cd(directory);
        expect((await person.seen()).source).toBe("pin");
        await Bun.sleep(500);
        expect(person.terminal.shows(labelOf(work))).toBe(options.length === 0);
      }
    } finally {
      await fresh[Symbol.asyncDispose]();
    }
  }, 120_000);
});

test.each(["init.elv", "init.nu", "init.xsh", "init.tcsh"])(
  "%s looks at every variable beside which Codex bills another",
  (file) => {
    const text = readFileSync(join(import.meta.dir, "../../shell", file), "utf8");
    expect(STRAYS.filter((name) => !text.includes(name))).toEqual([]);
  },
);

test.each(["init.elv", "init.nu", "init.xsh", "init.tcsh"])("%s has at most 50 lines", (file) => {
  expect(readFileSync(join(import.meta.dir, "../../shell", file), "utf8").split("\n").length - 1).toBeLessThanOrEqual(
    50,
  );
});
