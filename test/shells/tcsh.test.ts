import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../run.ts";
import { ACCOUNTS, labelOf } from "./accounts.ts";
import { Person } from "./person.ts";
import { Program } from "./program.ts";
import { describeProcessShells, KIND_OF } from "./shells.ts";

const { own, acme, keyed } = ACCOUNTS;
const { word } = KIND_OF.tcsh;

// What only tcsh has: no functions, so that aliases do their work, and a second reading of each line that `eval` gets.
describeProcessShells(
  "aliases, and words that are read twice",
  () => {
    let world: Program;
    let pinned: string;
    beforeAll(async () => {
      world = await Program.create();
      pinned = world.home.mkdir("pinned");
      await world.pin(pinned, acme);
      world.home.program("bin/words-to", `file=$1; shift; for word; do printf '%s\\0' "$word"; done >"$file"`);
    });
    afterAll(() => world[Symbol.asyncDispose]());
    const file = () => world.home.at("tmp/out");
    const said = () => readFileSync(file(), "utf8");

    test("cd and a program on one line; a subshell leaves the shell as it is", async () => {
      await using person = await Person.start(world, "tcsh");
      await person.type(`cd ${word(pinned)} && sh -c 'echo $CODEX_AUTH_LABEL' > ${word(file())}`);
      expect(said()).toBe(`${labelOf(acme)}\n`);
      await person.type(`(cd; sh -c 'echo $CODEX_AUTH_LABEL') > ${word(file())}`);
      expect(said()).toBe(`${labelOf(own)}\n`);
      expect((await person.seen()).label).toBe(labelOf(acme));
      await person.type(`pushd ~; sh -c 'echo $CODEX_AUTH_LABEL' > ${word(file())}; popd`);
      expect(said()).toBe(`${labelOf(own)}\n`);
      expect((await person.seen()).label).toBe(labelOf(acme));
    }, 60_000);

    test("codex-auth is one command of a line: words, redirections, pipes and exit status are those of the program", async () => {
      await using person = await Person.start(world, "tcsh");
      const words = [
        "a b",
        "it's",
        '"',
        "$HOME",
        "`touch x`",
        "$(touch x)",
        "*",
        "!",
        "!!",
        "\\",
        "",
        ";",
        "<",
        "> x",
        "~",
        "{a,b}",
      ];
      await person.type(`codex-auth exec -- words-to ${word(file())} ${words.map(word).join(" ")}`);
      expect(said().split("\0").slice(0, -1)).toEqual(words);
      const out = word(file());
      for (const [line, expected] of [
        ["codex-auth exec -- sh -c 'exit 5'; echo $status", "5\n"],
        ["codex-auth exec -- sh -c 'exit 5' && echo yes || echo no", "no\n"],
        ["codex-auth exec -- true && echo yes || echo no", "yes\n"],
        ["codex-auth use nobody && echo yes || echo no", "no\n"],
        ["codex-auth exec -- sh -c 'echo a; exit 5' | tr a b", "b\n"],
        ["echo hi | codex-auth exec -- cat", "hi\n"],
        ["echo hi | codex-auth exec -- tr h H | tr i I", "HI\n"],
        ["codex-auth exec -- cat < ~/in", "from a file\n"],
        ["unset anyerror; codex-auth use nobody && echo yes || echo no; set anyerror", "no\n"],
      ] as const) {
        world.home.write("in", "from a file\n");
        await person.type(
          `echo none > ${out}; ${line.includes("; ") || line.includes(" && ") ? `(${line})` : line} > ${out}`,
        );
        expect({ line, said: said() }).toEqual({ line, said: expected });
      }
      expect(existsSync(world.home.at("x"))).toBe(false);
    }, 90_000);

    test.each([
      "%F{red} %$HOME %~ %#",
      "! !! !$",
      "`touch x` $(touch x)",
      "\\033[31m ^[[31m \\n",
      "a\"b'c",
      "%{x%}",
      "é 日本 %",
    ])(
      "the label %j is text in the prompt",
      async (label) => {
        await world.alias(acme, label);
        await using person = await Person.start(world, "tcsh");
        await person.cd(pinned);
        await person.type("true");
        await person.terminal.waitFor(`${label} > true`);
        expect((await person.seen()).label).toBe(label);
        expect([world.home.at("x"), join(pinned, "x")].filter(existsSync)).toEqual([]);
        await world.alias(acme, acme.alias);
      },
      60_000,
    );

    test("the aliases of the user's run as before, and see the last exit status; a second init line changes nothing", async () => {
      const rc = `alias precmd 'echo "before $CODEX_AUTH_LABEL $status"'\nalias cwdcmd 'echo "in $CODEX_AUTH_LABEL"'`;
      await using person = await Person.start(world, "tcsh", { rc });
      await person.cd(pinned);
      await person.terminal.waitFor(`in ${labelOf(acme)}`);
      await person.type("sh -c 'exit 7'");
      await person.terminal.waitFor(`before ${labelOf(acme)} 7`);
      expect(person.session.status).toBe(7);
      await person.type(`alias precmd > ${word(file())}`);
      const before = said();
      await person.type('eval "`__test_init`"');
      await person.type(`alias precmd > ${word(file())}`);
      expect(said()).toBe(before);
      expect(person.terminal.shows(`${labelOf(acme)} ${labelOf(acme)}`)).toBe(false);
    }, 60_000);

    test.each([
      "set backslash_quote",
      "set noglob",
      "unset csubstnonl",
      "unset anyerror",
      "set nonomatch",
      "set rmstar",
      "set printexitvalue",
    ])(
      "the user's `%s` is no obstacle",
      async (option) => {
        await using person = await Person.start(world, "tcsh", { rc: option });
        await person.cd(pinned);
        expect((await person.seen()).label).toBe(labelOf(acme));
        await person.type(`codex-auth use ${keyed.email}`);
        expect(await person.seen()).toMatchObject({ label: labelOf(keyed), source: "use" });
        await person.type("codex-auth use -");
        await person.type("cd");
        expect((await person.seen()).source).toBe("default");
      },
      60_000,
    );

    test("with another history character the directory is followed, and codex-auth is the program", async () => {
      await using person = await Person.start(world, "tcsh", { rc: "set histchars = '%^'" });
      await person.cd(pinned);
      expect((await person.seen()).label).toBe(labelOf(acme));
      await person.type(`alias codex-auth > ${word(file())}`);
      expect(said()).toBe("");
    }, 60_000);

    test("what is typed of the history stays as it was", async () => {
      await using person = await Person.start(world, "tcsh");
      await person.type("echo one two");
      await person.type("codex-auth exec -- true");
      await person.type(`echo \\!-2:2 and !-2:2 > ${word(file())}`);
      expect(said()).toBe("!-2:2 and two\n");
    }, 60_000);

    test("`set echo` shows no key", async () => {
      const directory = world.home.mkdir("keyed");
      await world.pin(directory, keyed);
      await using person = await Person.start(world, "tcsh");
      await person.type("set echo");
      world.home.write("tmp/stray.tcsh", "setenv CODEX_API_KEY sk-of-the-user\n");
      await person.type("source ~/tmp/stray.tcsh >& /dev/null");
      const shown = person.terminal.raw.length;
      await person.type(":");
      expect(person.terminal.raw.slice(shown)).not.toContain("sk-of-the-user");
      await person.type("unsetenv CODEX_API_KEY");
      await person.cd(directory);
      const { OPENAI_API_KEY } = await person.environment();
      expect(OPENAI_API_KEY).toBe(keyed.apiKey);
      await person.cd(world.home.path);
      expect(person.terminal.transcript()).toContain("unset echo");
      expect(person.terminal.transcript()).not.toContain(keyed.apiKey);
      await person.type("codex-auth use acme");
      await person.type(`echo $?echo > ${word(file())}`);
      expect(said()).toBe("1\n");
    }, 60_000);

    test.skipIf(!Bun.which("strace"))(
      "an unchanged prompt starts no process at all",
      async () => {
        await using person = await Person.start(world, "tcsh");
        await person.cd(pinned);
        await Bun.sleep(1100); // files as new as the last look are not believed
        await person.type(":");
        const traced = world.home.at("tmp/traced");
        const pid = String(person.terminal.pid);
        const strace = Bun.spawn(["strace", "-f", "-qq", "-e", "trace=process", "-o", traced, "-p", pid]);
        while (!existsSync(traced)) await Bun.sleep(20);
        await Bun.sleep(300);
        for (let i = 0; i < 3; i++) await person.type(":");
        await person.type("sh -c :");
        strace.kill("SIGINT");
        await strace.exited;
        const started = readFileSync(traced, "utf8").match(/execve\([^,]*/g);
        expect(started?.filter((one) => one.endsWith('/sh"'))).toEqual(started ?? []);
        expect(started).toHaveLength(1);
        expect(readFileSync(traced, "utf8").match(/\b(?:clone3?|v?fork)\(/g)).toHaveLength(1);
      },
      60_000,
    );

    test("an answer that was cut off fails closed", async () => {
      const through = world.home.program(
        "bin/cutting",
        `case "$*" in *hook*) "$@" | head -n 2 ;; *) exec "$@" ;; esac`,
      );
      await using person = await Person.start(world, "tcsh", { through });
      const { home, label } = await person.seen();
      expect(label).toBe("missing account");
      expect(home).toMatch(/\/codex-auth\/homes\/0{16}\.missing$/);
    }, 60_000);

    test("a login that is written in the very second of the last look, in place, is seen", async () => {
      await using person = await Person.start(world, "tcsh");
      const auth = world.home.at(".codex/auth.json");
      const before = readFileSync(auth);
      await person.environment();
      writeFileSync(auth, JSON.stringify(keyed.auth));
      await person.type("codex-auth current"); // a look
      writeFileSync(auth, JSON.stringify(acme.auth));
      await person.type("true");
      expect((await person.seen()).label).toBe(labelOf(acme));
      await world.switchTo(own);
      expect(readFileSync(auth)).toEqual(before);
    }, 60_000);

    test("a script has its account too, and nothing is printed", async () => {
      await (await Person.start(world, "tcsh"))[Symbol.asyncDispose](); // writes the start file
      const command = ["tcsh", "-c", `cd ${word(pinned)}; sh -c 'echo $CODEX_AUTH_LABEL'`];
      const ran = await run(command, { cwd: world.home.path, env: world.home.env(world.env) });
      expect(ran).toEqual({ code: 0, out: `${labelOf(acme)}\n`, err: "" });
    }, 60_000);
  },
  ["tcsh"],
);
