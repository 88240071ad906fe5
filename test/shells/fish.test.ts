import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Account, ACCOUNTS } from "./accounts.ts";
import { run } from "../run.ts";
import { defaultLines, envLines, Fixture } from "./fixture.ts";
import { createPlaces } from "./places.ts";
import { Session } from "./session.ts";
import { describeShells, findShell, KINDS, shellTest } from "./shells.ts";
import { playRows, type Row } from "./stage.ts";
import { accountEnv, defaultEnv, initLine, missingEnv } from "./world.ts";

// What only fish has; what all shells share is in the scenario.
const SNIPPET = join(import.meta.dir, "../../shell/init.fish");
const FISH = findShell("fish") ?? "fish";
const { own, acme, keyed } = ACCOUNTS;

/** A HOME where `漢字` is pinned to acme too. */
async function createWorld(): Promise<Fixture> {
  const world = await createPlaces();
  await world.pin(await world.home.mkdir("漢字"), acme);
  return world;
}

interface Run {
  cwd?: string;
  env?: Record<string, string>;
  /** In place of fish: a program that ends in fish. */
  through?: string[];
}

/** Runs a script behind the start-up line with `fish -c`; standard input is empty. */
async function runFish(world: Fixture, script: string, { cwd, env, through = [FISH] }: Run = {}) {
  const command = [...through, "-c", `source "$HOME/my tools/init.fish"\n${script}`];
  const { out, err, code } = await run(command, { cwd: cwd ?? world.home.path, env: world.home.env(env) });
  return { stdout: out, stderr: err, status: code };
}

shellTest("fish", "the snippet is a valid, formatted script as it lies there", async () => {
  for (const words of [
    ["fish", "--no-execute", SNIPPET],
    [FISH, "--no-execute", SNIPPET],
    [FISH, "--no-config", "-c", 'fish_indent --check "$argv[1]"', SNIPPET],
  ]) {
    expect([words, await run(words, { env: process.env })]).toEqual([words, { code: 0, out: "", err: "" }]);
  }
});

/** Scripts and what they print; `ACME` and `KEYED` stand for the account homes. Nothing goes to stderr. */
const scripts: [title: string, script: string, stdout: string[], Run?][] = [
  ["the start-up line prints nothing", "", []],
  ["the environment is there at once", "echo $CODEX_AUTH_LABEL $CODEX_AUTH_SOURCE", ["me@example.com default"]],
  [
    "sourced twice is once",
    `source "$HOME/my tools/init.fish"
     functions --handlers | string match --regex 'PWD.*codex.*|fish_prompt.*codex.*|__codex_auth.*'
     cd work; echo $CODEX_HOME; cd ..; set -q CODEX_HOME; echo $status`,
    ["PWD __codex_auth_hook", "fish_prompt __codex_auth_hook", "ACME", "1"],
  ],
  ["a program on the same line as cd", "cd work; and sh -c 'echo $CODEX_HOME'", ["ACME"]],
  [
    "cd in a block and in a function",
    "begin; cd work; end; echo $CODEX_HOME; function f; cd; end; f; env | grep CODEX_HOME=",
    ["ACME"],
  ],
  [
    "a command substitution prints what it prints; it is no subshell here, so the account follows it",
    "echo (cd work; echo in); echo $CODEX_HOME; echo (cd ~/key; cd ~; echo out); echo $CODEX_AUTH_LABEL",
    ["in", "ACME", "out", "me@example.com"],
  ],
  [
    "where the path of the base home holds a line feed, what fails closed still does",
    `set -g __codex_auth_base ~/a\\nbase; set -g __codex_auth_ours $__codex_auth_base/codex-auth; mkdir -p $__codex_auth_ours
     set -gx CODEX_AUTH_USE 0123456789abcdef; cd work; echo $CODEX_AUTH_LABEL
     test "$CODEX_HOME" = $__codex_auth_ours/homes/0123456789abcdef.missing; echo $status; env | grep -c ^CODEX_HOME=`,
    ["missing account", "0", "1"],
  ],
  ["the status of cd is its own", "cd work; echo $status; cd nowhere 2>/dev/null; echo $status", ["0", "1"]],
  [
    "what a function has as a local exported variable is its own business",
    `set -gx CODEX_HOME /mine
     function f; set -lx CODEX_HOME /local; cd ~/work; echo $CODEX_HOME; end
     f; echo $CODEX_HOME
     function g; set -lx CODEX_HOME /local; set -lx OPENAI_PROJECT p; cd ~; env | grep -c OPENAI_PROJECT=; end
     g; echo $CODEX_HOME; set -q OPENAI_PROJECT; echo $status`,
    ["/local", "ACME", "1", "/mine", "1"],
  ],
  [
    "a variable that is not exported comes back as one",
    `set -g OPENAI_API_KEY one two
     cd key; env | grep -c ^OPENAI_API_KEY=sk-fake
     cd ~; count $OPENAI_API_KEY; env | grep -c ^OPENAI_API_KEY=`,
    ["1", "2", "0"],
  ],
  [
    "a universal variable gives way and comes back",
    `set -Ux OPENAI_API_KEY sk-universal; set -Ux OPENAI_PROJECT universal; set -Ux CODEX_HOME ~/.codex
     function show; echo (env | string match --regex '^(?:OPENAI_API_KEY|OPENAI_PROJECT|CODEX_HOME)=.*' | sort); end
     show; cd key; show; cd ~/work; show; cd; show
     set -qg OPENAI_API_KEY; or set -qg OPENAI_PROJECT; or set -qg CODEX_HOME; echo $status`,
    [
      "CODEX_HOME=BASE OPENAI_API_KEY=sk-universal OPENAI_PROJECT=universal",
      `CODEX_HOME=KEYED OPENAI_API_KEY=${keyed.apiKey} OPENAI_PROJECT=`,
      "CODEX_HOME=ACME OPENAI_API_KEY=sk-universal OPENAI_PROJECT=",
      "CODEX_HOME=BASE OPENAI_API_KEY=sk-universal OPENAI_PROJECT=universal",
      "1",
    ],
  ],
  [
    "a global variable in front of a universal one comes back",
    `set -Ux OPENAI_ORGANIZATION universal; set -gx OPENAI_ORGANIZATION global
     cd work; env | grep ^OPENAI_ORG; cd; env | grep ^OPENAI_ORG; set -e -g OPENAI_ORGANIZATION; echo $OPENAI_ORGANIZATION`,
    ["OPENAI_ORGANIZATION=", "OPENAI_ORGANIZATION=global", "universal"],
  ],
  [
    "a universal variable that is made below a pin stays",
    "cd work; set -Ux OPENAI_PROJECT universal; cd; env | grep ^OPENAI_PROJECT",
    ["OPENAI_PROJECT=universal"],
  ],
  [
    "functions and aliases named like commands",
    `for name in path printf functions contains math emit true false realpath set_color cat cp id stat
         eval "function $name; echo HOSTILE; return 1; end"
     end
     builtin source "$HOME/my tools/init.fish"
     cd work; echo $CODEX_HOME; cd; codex-auth use keyed; echo $CODEX_AUTH_LABEL; codex-auth use -; echo $CODEX_AUTH_LABEL`,
    ["ACME", "key@example.com API_KEY", "me@example.com"],
  ],
  ...["''", "/", "'own:'"].map((value): (typeof scripts)[number] => [
    `IFS is ${value}`,
    `set -g IFS ${value}; cd work; echo $CODEX_HOME; cd ~/key; echo $OPENAI_API_KEY; cd; echo $CODEX_AUTH_LABEL`,
    ["ACME", keyed.apiKey ?? "", "me@example.com"],
  ]),
  ["variables of ours that are exported already", "cd work; echo $CODEX_HOME", ["ACME"], { env: { id: "", why: "" } }],
  [
    "a process that is started in another directory restores what was saved for it",
    "echo $CODEX_AUTH_LABEL $CODEX_HOME; set -q OPENAI_API_KEY; echo $status; set --names | string match '_CODEX_AUTH_*'",
    ["me@example.com ! /mine", "1", "_CODEX_AUTH_APPLIED"],
    {
      env: {
        _CODEX_AUTH_APPLIED: keyed.id,
        OPENAI_API_KEY: keyed.apiKey ?? "",
        CODEX_HOME: "KEYED",
        _CODEX_AUTH_SET_CODEX_HOME: "+KEYED",
        _CODEX_AUTH_OLD_CODEX_HOME: "+/mine",
      },
    },
  ],
  [
    "a key that was changed meanwhile is the user's",
    "echo $OPENAI_API_KEY",
    ["sk-mine"],
    { env: { _CODEX_AUTH_APPLIED: keyed.id, OPENAI_API_KEY: "sk-mine" } },
  ],
  [
    "a key of the user's that is the account's too",
    `set -gx OPENAI_API_KEY ${keyed.apiKey}; cd key; source "$HOME/my tools/init.fish"; cd; echo $OPENAI_API_KEY`,
    [keyed.apiKey ?? ""],
  ],
  [
    "started in a directory that is gone",
    "echo $CODEX_AUTH_LABEL; cd ~/work; echo $CODEX_HOME",
    ["me@example.com", "ACME"],
    { through: ["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@" 2>/dev/null', FISH] },
  ],
  [
    "nothing of ours reads standard input",
    "printf 'a\\nb\\n' | begin; cd work; codex-auth say hi; cd; cat; end; echo c | codex-auth cat; codex-auth say hi </dev/zero",
    ["hi", "a", "b", "c", "hi"],
  ],
  [
    "names beyond ASCII in the C locale",
    "cd 漢字; echo $CODEX_HOME; cd; echo $CODEX_AUTH_LABEL",
    ["ACME", "me@example.com"],
    { env: { LANG: "C", LC_ALL: "C" } },
  ],
  [
    "its status is the program's",
    "codex-auth fail 7; echo $status; codex-auth use nobody 2>/dev/null; echo $status",
    ["7", "1"],
  ],
  [
    "use in a script, and below a function",
    "codex-auth use keyed; function f; codex-auth use acme; end; f; echo $CODEX_AUTH_LABEL; codex-auth use -; set -q CODEX_AUTH_USE; echo $status",
    ["acme", "1"],
  ],
];

describeShells(
  "a script",
  () => {
    let world: Fixture;
    beforeAll(async () => {
      world = await createWorld();
    });
    afterAll(() => world[Symbol.asyncDispose]());
    const fill = (text: string) =>
      text
        .replaceAll("ACME", homeOf(world, acme))
        .replaceAll("KEYED", homeOf(world, keyed))
        .replaceAll("BASE", world.base);
    for (const [title, script, lines, run = {}] of scripts) {
      test(title, async () => {
        const env = Object.fromEntries(Object.entries(run.env ?? {}).map(([name, value]) => [name, fill(value)]));
        const seen = await runFish(world, script, { ...run, env });
        expect({ stdout: seen.stdout.split("\n").slice(0, -1), stderr: seen.stderr }).toEqual({
          stdout: lines.map(fill),
          stderr: "",
        });
        await rm(world.home.at(".config/fish/fish_variables"), { force: true });
      });
    }

    test("a trace of the shell shows no key", async () => {
      const script = `set -gx OPENAI_API_KEY sk-of-mine; set -g fish_trace all
        cd key; cd ..; codex-auth use keyed; codex-auth use -; cd key; set -g fish_trace; echo $OPENAI_API_KEY`;
      const { stdout, stderr } = await runFish(world, script);
      expect(stdout).toBe(`${keyed.apiKey}\n`);
      expect(stderr).toContain("cd key");
      expect(stderr).not.toContain(keyed.apiKey);
      expect(stderr).not.toContain("sk-of-mine");
      expect((await runFish(world, "", { env: { fish_trace: "all" } })).stderr).not.toContain("sk-");
    });
  },
  ["fish"],
);

const homeOf = (world: Fixture, { id }: Account) => world.ours("homes", id);

const rows: Row<Fixture>[] = [
  {
    title: "$pipestatus is the user's, in his prompt and on his next line",
    play: async ({ session }) => {
      await session.run(
        'functions --copy fish_prompt plain; function fish_prompt; set -l all $pipestatus; echo -n "[$all] "; plain; end',
      );
      for (const line of ["true", "cd work", "cd .."]) {
        await session.run(line);
        expect(session.prompt).toEndWith(" [0] >");
      }
      await session.run("sh -c 'exit 7' | sh -c 'exit 2' | sh -c 'exit 4'");
      expect(session.prompt).toBe("me@example.com [7 2 4] >");
      await session.run("sh -c 'exit 7' | sh -c 'exit 2' | sh -c 'exit 4'");
      expect(await session.run("echo $pipestatus $status")).toBe("7 2 4 4");
      await session.run("functions --erase fish_prompt; functions --copy plain fish_prompt");
      expect(session.prompt).toBe("me@example.com >");
    },
  },
  {
    title: "a prompt that is defined anew is wrapped anew, once",
    play: async ({ session }) => {
      for (const text of ["% ", "# ", "> "]) {
        await session.run(KINDS.fish.prompt(text));
        expect(session.prompt).toBe(`me@example.com ${text.trim()}`);
        await session.nextPrompt();
        expect(session.prompt).toBe(`me@example.com ${text.trim()}`);
      }
    },
  },
  {
    title: "a tool that wraps the wrapped prompt, as a virtual environment does",
    play: async ({ session }) => {
      await session.run("functions --copy fish_prompt old; function fish_prompt; echo -n '(venv) '; old; end");
      for (const line of ["echo", "cd work", "cd .."]) {
        await session.run(line);
        expect(session.prompt).toEndWith(" (venv) >");
        expect(session.prompt).not.toMatch(/(me@example.com|acme).*(me@example.com|acme)/);
      }
      await session.run("functions --erase fish_prompt; functions --copy old fish_prompt; functions --erase old");
      expect(session.prompt).toBe("me@example.com >");
      await session.nextPrompt();
      expect(session.prompt).toBe("me@example.com >");
    },
  },
  {
    title: "a prompt of several lines, and with arguments",
    play: async ({ session }) => {
      await session.run(
        'functions --copy fish_prompt plain; function fish_prompt; echo first; echo; echo "[$argv]"; plain; end',
      );
      await session.nextPrompt();
      expect(session.terminal.screen().filter(Boolean).slice(-3)).toEqual(["me@example.com first", "[]", ">"]);
      expect(await session.run("fish_prompt --final-rendering | head -n 3")).toStartWith(
        "me@example.com first\n\n[--final-rendering]",
      );
      await session.run("functions --erase fish_prompt; functions --copy plain fish_prompt");
      expect(session.prompt).toBe("me@example.com >");
    },
  },
  {
    title: "the label is dim, the prompt behind it is not; what a terminal would obey is not in it",
    play: async (stage) => {
      const { world, session } = stage;
      const label = "a\x1b[31mb\x07\x9b1m\x7fc";
      await world.pin(await stage.dir("strange"), acme);
      await world.writeEnv(acme.id, envLines(world, { ...acme, alias: label }));
      const from = session.terminal.raw.length;
      await session.cd(await stage.dir("strange"));
      await stage.expect(accountEnv(world, acme, "pin", label), "a?[31mb??1m?c >");
      expect(session.terminal.raw.slice(from)).toMatch(/\x1b\[2ma\?\[31mb\?\?1m\?c(\x1b\(B)?\x1b\[0?m > /);
      await world.alias(acme, acme.alias);
    },
  },
  {
    title: "the label is true also where a hook behind ours changes the environment",
    play: async ({ session }) => {
      await session.run("function other --on-event fish_prompt; set -gx OPENAI_PROJECT other; end");
      await session.cd("work");
      expect(session.prompt).toBe("acme ! >");
      await session.run("functions --erase other; cd ..; set -e OPENAI_PROJECT");
      expect(session.prompt).toBe("me@example.com >");
    },
  },
  {
    title: "no jobs, and no variables that a program would get beside those it should",
    play: async ({ session }) => {
      const names = async () => Object.keys(await session.env()).filter((name) => /codex_?auth/i.test(name));
      const told = ["ACCOUNT", "EMAIL", "LABEL", "PLAN", "SOURCE"].map((name) => `CODEX_AUTH_${name}`);
      expect((await names()).sort()).toEqual([...told, "_CODEX_AUTH_APPLIED"]);
      await session.cd("key");
      expect((await names()).filter((name) => /KEY|TOKEN/.test(name))).toEqual([]);
      await session.cd("..");
      expect((await names()).sort()).toEqual([...told, "_CODEX_AUTH_APPLIED"]);
      expect(await session.run("jobs")).toBe("jobs: There are no jobs");
    },
  },
  {
    title: "an account that has vanished, and a default account that has come",
    play: async (stage) => {
      const { world, session } = stage;
      await session.cd("work");
      await world.writeEnv("@default", defaultLines(keyed));
      await world.remove(acme);
      await session.nextPrompt();
      await stage.expect(missingEnv(world, acme.id, "pin"));
      await session.cd("..");
      await stage.expect(defaultEnv(keyed));
      await world.add(acme);
      await world.switchTo(own);
    },
  },
];

describeShells("at the prompt", (shell) => playRows(shell, "by hand", createWorld, rows), ["fish"]);

/** Start-up files that go on behind the start-up line. */
const behind: [title: string, rc: string, env: (world: Fixture) => Record<string, string>, prompt: string][] = [
  [
    "variables that config.fish exports further down give way, and come back",
    "set -gx CODEX_HOME /late; set -gx OPENAI_PROJECT late",
    () => ({ CODEX_HOME: "/late", OPENAI_PROJECT: "late" }),
    ">",
  ],
  ["a prompt that config.fish defines further down", KINDS.fish.prompt("% "), () => ({}), "%"],
];

describeShells(
  "start-up",
  () => {
    for (const [title, rc, mine, prompt] of behind) {
      test(title, async () => {
        await using world = await createWorld();
        await using session = await Session.start("fish", world.home, {
          rc: `${initLine(world, "fish")}\n${rc}`,
          cwd: world.home.at("key"),
        });
        expect(session.greeting).toBe("");
        const seen = [await session.env(), session.prompt] as const;
        expect(seen).toEqual([
          expect.objectContaining(accountEnv(world, keyed, "pin")),
          `${keyed.email} API_KEY ${prompt}`,
        ]);
        await session.cd(world.home.path);
        expect(await session.env()).toEqual(expect.objectContaining(mine(world)));
      });
    }

    test("a shell nested in an account whose config.fish exports a variable again", async () => {
      await using world = await createWorld();
      await using session = await Session.start("fish", world.home, {
        rc: `set -gx CODEX_HOME /mine\n${initLine(world, "fish")}`,
        cwd: world.home.at("key"),
      });
      for (const _ of [1, 2]) {
        expect(await session.env()).toEqual(expect.objectContaining(accountEnv(world, keyed, "pin")));
        await session.run("fish");
      }
      await session.cd(world.home.path);
      expect((await session.env()).CODEX_HOME).toBe("/mine");
      expect((await session.env()).OPENAI_API_KEY).toBeUndefined();
    });
  },
  ["fish"],
);

const strace = Bun.which("strace");
if (!strace) console.warn("SKIPPED, no strace on PATH: that the hook of fish starts no process");

describeShells(
  "under strace",
  () => {
    test.skipIf(!strace)("no process is started by the hook, whatever it does", async () => {
      await using world = await createWorld();
      const trace = world.home.at("tmp/trace");
      await world.home.program("bin/traced", `exec ${strace} -f -qq -e trace=process -o "${trace}" ${FISH} "$@"`);
      await using session = await Session.start("fish", world.home, {
        program: world.home.at("bin/traced"),
        rc: initLine(world, "fish"),
      });
      const started = async () =>
        (await readFile(trace, "utf8"))
          .split("\n")
          .filter((line) => / (v?fork|clone3?|execve)\(/.test(line) && !line.includes("CLONE_THREAD"));
      await session.run("true");
      const before = await started();
      expect(before.length).toBeGreaterThan(1);
      await world.home.mkdir("repo/.git/worktrees/wt", "wt");
      await world.home.write("wt/.git", `gitdir: ${world.home.at("repo/.git/worktrees/wt")}\n`);
      await world.home.write("repo/.git/worktrees/wt/gitdir", `${world.home.at("wt/.git")}\n`);
      await world.pin(world.home.at("repo"), acme);
      for (const name of ["work", "key", "wt"]) {
        await session.run(`cd ${name}`);
        expect(session.prompt).not.toContain("me@example.com");
        await session.run("cd ..");
      }
      await world.switchTo(keyed);
      await session.nextPrompt();
      expect(session.prompt).toBe("key@example.com API_KEY >");
      await session.run(KINDS.fish.prompt("% "));
      expect(session.prompt).toBe("key@example.com API_KEY %");
      expect(await started()).toEqual(before);
    });
  },
  ["fish"],
);
