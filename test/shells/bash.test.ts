import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { ACCOUNTS, relevant } from "./accounts.ts";
import type { Fixture } from "./fixture.ts";
import { createPlaces, startInPlaces, toldOnTheWay } from "./places.ts";
import { runScript } from "./script.ts";
import type { SessionOptions } from "./session.ts";
import { describeShells } from "./shells.ts";
import { bashVersion } from "./bashes.ts";
import { accountEnv, defaultEnv, initLine } from "./world.ts";

const { own, acme, keyed } = ACCOUNTS;
const KEY = keyed.apiKey ?? "";

/** Goes through the three accounts and tells each; as bash has no hook at cd, the hook is called. */
const SAY = `\\__codex_auth_hook; \\builtin printf '%s %s %s\\n' "\${CODEX_HOME-none}" "\${OPENAI_API_KEY-none}" "\${CODEX_AUTH_LABEL-none}"`;
const WALK = `${SAY}; \\builtin cd ~/key; ${SAY}; \\builtin cd ~/work; ${SAY}; \\builtin cd ~; ${SAY}`;

/** What a user may have done before the start-up line; everything works all the same, and nothing is said. */
const surroundings: [title: string, before: string][] = [
  ["nothing special", ""],
  ["set -eu -o pipefail", "set -eu -o pipefail"],
  ["set -o posix", "set -o posix"],
  ["a strange IFS", "IFS=/c-0"],
  [
    "aliases",
    `shopt -s expand_aliases
     for word in cd read local typeset builtin printf unset command shopt set return if then fi for do done case esac while \\
       declare break continue exec '[[' : codex-auth codex __codex_auth_hook; do alias $word='echo HIJACKED; '; done`,
  ],
  [
    "functions named like commands",
    `for word in cd read printf echo test '[' unset export declare command true false pwd shopt codex cat env; do
       \\builtin eval "$word() { \\builtin echo HIJACKED; }"
     done`,
  ],
  ["a trap for failures", "set -E; trap 'echo FAILED' ERR"],
  ["the line in a function", "init() { INIT; }; init"],
];

describeShells(
  "the snippet by itself",
  () => {
    let world: Fixture;
    let init: string;
    const run = (script: string, options = {}) => runScript("bash", world.home, script, options);
    beforeAll(async () => {
      world = await createPlaces();
      init = initLine(world, "bash");
    });
    afterAll(() => world[Symbol.asyncDispose]());

    test.each(surroundings)("works in spite of %s", async (_title, before) => {
      const outcome = await run(`${before.replace("INIT", init)}\n${init}\n${init}\n${WALK}`);
      expect(outcome).toEqual({ stdout: toldOnTheWay(world), stderr: "", status: 0 });
    });

    test("works with any option changed", async () => {
      const script = `
        snippet=$(cat ~/"my tools/init.bash")
        try() {
          seen=$( { "$@" 2>/dev/null || exit; eval "$snippet"; ${WALK}; } 2>&1 )
          [[ $seen == "" || $seen == "$EXPECTED" ]] || printf '%s: %s\\n' "$*" "$seen"
        }
        while read -r _ change name; do
          # With keyword, an argument like a=b is none.
          case $name in keyword | noexec | onecmd | verbose | xtrace | privileged) continue ;; esac
          if [[ $change == +o ]]; then try set -o "$name"; else try set +o "$name"; fi
        done < <(set +o)
        while read -r _ change name; do
          if [[ $change == -s ]]; then try shopt -u "$name"; else try shopt -s "$name"; fi
        done < <(shopt -p)`;
      const { stdout, stderr } = await run(script, { env: { EXPECTED: toldOnTheWay(world).trimEnd() } });
      expect({ stdout: stdout.slice(0, 2000), stderr }).toEqual({ stdout: "", stderr: "" });
    }, 120_000);

    test("shows no secret under set -x, and exports none twice under set -a", async () => {
      const hook = "__codex_auth_hook; codex-auth say x; cd ~; __codex_auth_hook; cd ~/key; codex true";
      const { stdout, stderr } = await run(`set -a; ${init}; set -x; cd ~/key; ${hook}; set +x; env`);
      expect(stderr).not.toContain(KEY);
      expect(stderr.split("\n").filter((line) => line.includes("_CODEX_AUTH_"))).toEqual([]);
      expect(stdout.split("\n").filter((line) => line.includes(KEY))).toEqual([`OPENAI_API_KEY=${KEY}`]);
      expect(stdout).not.toContain("__codex_auth");
    });

    test("nocasematch does not make one directory of two", async () => {
      await world.home.mkdir("WORK");
      const { stdout } = await run(
        `shopt -s nocasematch\n${init}\ncd ~/work; ${SAY}; cd ~/WORK; ${SAY}; shopt nocasematch`,
      );
      expect(stdout).toMatch(/^.* acme\nnone none me@example.com\nnocasematch\s+on\n$/);
    });

    test("a variable that is not exported comes back so", async () => {
      const to = (directory: string) => `cd ~/${directory}; __codex_auth_hook; printenv OPENAI_API_KEY`;
      const { stdout, stderr } = await run(
        `${init}\nOPENAI_API_KEY=mine; ${to("key")}; ${to("")}; echo $OPENAI_API_KEY`,
      );
      expect({ stdout, stderr }).toEqual({ stdout: `${KEY}\nmine\n`, stderr: "" });
    });

    test("a readonly CODEX_HOME stays, and the label tells", async () => {
      const script = `export CODEX_HOME=/mine; readonly CODEX_HOME\n${init}\ncd ~/key; ${SAY}; cd ~; ${SAY}; cd ~/work; ${SAY}`;
      const { stdout, stderr } = await run(script);
      expect(stdout).toBe(`/mine ${KEY} ${keyed.email} API_KEY !\n/mine none ${own.email} !\n/mine none acme !\n`);
      expect(stderr).toBe("");
    });

    test("a shell that starts elsewhere with the variables of an account gives them back", async () => {
      const inner = `cd / && exec bash --norc -c "$INNER"`;
      const env = { INNER: `${init}\n${SAY}`, OPENAI_ORGANIZATION: "mine" };
      const { stdout, stderr } = await run(`${init}\ncd ~/key; __codex_auth_hook; ${inner}`, { env });
      expect({ stdout, stderr }).toEqual({ stdout: `none none ${own.email} !\n`, stderr: "" });
    });

    test.skipIf(!Bun.which("strace"))("starts no process, whatever changes", async () => {
      const log = world.home.at("tmp/strace");
      const hook = "__codex_auth_hook";
      const script = `builtin source ~/"my tools/init.bash"
        cd ~/key; ${hook}; cd ~/work; ${hook}; CODEX_AUTH_USE=${keyed.id}; ${hook}; cd /; unset CODEX_AUTH_USE; ${hook}`;
      const wrap = ["strace", "-f", "-qq", "-e", "trace=process", "-o", log];
      expect(await run(script, { wrap })).toEqual({ stdout: "", stderr: "", status: 0 });
      const calls = (await readFile(log, "utf8"))
        .split("\n")
        .filter((line) => /\b(clone3?|v?fork|execve)\(/.test(line));
      expect(calls.length).toBe(1);
    });

    const codex: [title: string, before: string, expected: RegExp][] = [
      ["finds the account of the directory", "", /homes\/\w+ a  b\n$/],
      [
        "is reached through an alias of its name",
        "shopt -s expand_aliases; alias codex='codex \"x  y\"'",
        /homes\/\w+ x  y a  b\n$/,
      ],
      ["is the user's own where he has one", "codex() { echo mine; }", /^mine\n$/],
    ];
    test.each(codex)("the function codex %s", async (_title, before, expected) => {
      await world.home.program("bin/codex", 'echo "$CODEX_HOME" "$@"');
      const { stdout, stderr } = await run(`set -eu\n${before}\n${init}\ncd ~/work\n! true\ncodex 'a  b'`);
      expect(stdout).toMatch(expected);
      expect(stderr).toBe("");
    });
  },
  ["bash"],
);

/**
 * What PROMPT_COMMAND was, and what is seen of it: `a` and `b` write their name and the user's status. Before 5.1 bash runs only the first
 * element of an array, and what runs before a function takes PIPESTATUS from it: a limit of those.
 */
const commands: [before: string, seen: string, old?: string][] = [
  ["unset PROMPT_COMMAND", ""],
  ["PROMPT_COMMAND=''", ""],
  ["PROMPT_COMMAND=()", ""],
  ["PROMPT_COMMAND='a;'", "a7"],
  ["PROMPT_COMMAND=$'a;\\n'", "a7"],
  ["PROMPT_COMMAND='a #c'", "a7"],
  ["PROMPT_COMMAND=' a ; b '", "a7 b0"],
  ["PROMPT_COMMAND=(a b)", "a7 b7", "a7"],
  ["PROMPT_COMMAND=([3]=a [5]='b;')", "a7 b7", ""],
  ["PROMPT_COMMAND='pipe'", "pipe 0 2 4", "pipe 4"],
  ["export PROMPT_COMMAND=a", "a7"],
];

describeShells(
  "the snippet at a prompt",
  () => {
    const start = (options?: SessionOptions, world?: Fixture) => startInPlaces("bash", options, world);
    const A_AND_B = `a() { seen+="a$? "; }; b() { seen+="b$? "; }; pipe() { seen="pipe \${PIPESTATUS[*]}"; }\n`;

    test.each(commands)("%s", async (before, now, old = now) => {
      const seen = bashVersion() < 5.1 ? old : now;
      const world = await createPlaces();
      await using stage = await start({ rc: `${A_AND_B}${before}`, cwd: world.home.at("work") }, world);
      const { session } = stage;
      const status = seen.startsWith("pipe") ? "true | (exit 2) | (exit 4)" : "(exit 7)";
      for (const round of ["once", "and again"]) {
        expect(`${session.prompt} ${round}`).toBe(`acme > ${round}`);
        await session.run(`seen=; ${status}`);
        expect(session.status).toBe(seen.startsWith("pipe") ? 4 : 7);
        expect((await session.run(`echo "$seen"`)).trim()).toBe(seen);
        await session.run("true | (exit 2) | (exit 4)");
        expect(await session.run(`echo "\${PIPESTATUS[*]}"`)).toBe("0 2 4");
        await session.run(initLine(world, "bash"));
      }
      const count = (await session.run(`printf '%s\\n' "\${PROMPT_COMMAND[@]}"`)).split("__codex_auth_hook").length - 1;
      expect(count).toBe(1);
      if (before.endsWith("(a b)"))
        expect(await session.run(`echo "\${PROMPT_COMMAND[1]-}"`)).toBe(bashVersion() < 5.1 ? "b" : "a");
    });

    test("a readonly PROMPT_COMMAND is said, and the shell goes on", async () => {
      await using stage = await start({ rc: "readonly PROMPT_COMMAND=:" });
      expect(stage.session.greeting).toContain("codex-auth: PROMPT_COMMAND is readonly");
      expect(relevant(await stage.session.env())).toEqual(defaultEnv(own));
    });

    test("bash-preexec calls it", async () => {
      const rc = `bash_preexec_imported=defined; precmd_functions=(mine); mine() { seen=$?; }
        precmd() { local status=$? each; for each in "\${precmd_functions[@]}"; do (exit $status); "$each"; done; }
        PROMPT_COMMAND=precmd`;
      await using stage = await start({ rc });
      const { session, world } = stage;
      await session.cd(world.home.at("work"));
      expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
      expect(session.prompt).toBe("acme >");
      await session.run("(exit 7)");
      expect(await session.run('echo "$seen $PROMPT_COMMAND ${precmd_functions[*]}"')).toBe(
        "7 precmd __codex_auth_hook mine __codex_auth_show",
      );
    });

    const prompts: [title: string, rc: string, prompt: string][] = [
      ["that PROMPT_COMMAND makes anew", "ready=$PS1; PROMPT_COMMAND='PS1=\"(x) $ready\"'", "(x) >"],
      ["with commands in it", "PS1='$((1+1)) '$PS1", "2 >"],
      ["without promptvars", "shopt -u promptvars; PS1='$((1+1)) '$PS1", "$((1+1)) >"],
    ];
    test.each(prompts)("a prompt %s has the label before it, once", async (_title, rc, prompt) => {
      await using stage = await start({ rc });
      const { session, world } = stage;
      for (const [directory, label] of [
        ["work", "acme"],
        ["key", `${keyed.email} API_KEY`],
        [".", own.email],
      ] as const) {
        await session.cd(world.home.at(directory));
        expect(session.prompt).toBe(`${label} ${prompt}`);
      }
      await world.switchTo(null);
      await session.nextPrompt();
      expect(session.prompt).toBe(prompt);
    });

    test.each(["\\u \\$(touch x) $(touch x) `touch x`", "\\\\ ${HOME} $HOME \\[\\w\\]", "!! \\! %s"])(
      "the label %s is text, with promptvars and without",
      async (alias) => {
        await using stage = await start();
        const { session, world } = stage;
        await session.cd(world.home.at("work"));
        await world.alias(acme, alias);
        for (const change of ["-u", "-s", "-u", "-u"]) {
          await session.run(`shopt ${change} promptvars`);
          expect(session.prompt).toBe(`${alias} >`);
        }
        expect(existsSync(world.home.at("work/x"))).toBe(false);
      },
    );

    test.each([
      ["before", (line: string) => `${line}\nINIT`],
      ["behind", (line: string) => `INIT\n${line}`],
    ])("a start-up file that exports CODEX_HOME %s the line for codex-auth", async (_title, arrange) => {
      const world = await createPlaces();
      const rc = arrange("export CODEX_HOME=/mine").replace("INIT", initLine(world, "bash"));
      await using stage = await start({ rc, cwd: world.home.at("work") }, world);
      const { session } = stage;
      expect(session.greeting).toBe("");
      expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
      await session.run("bash");
      expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
      await session.cd(world.home.path);
      expect(relevant(await session.env()).CODEX_HOME).toBe("/mine");
    });

    test("a nested shell that inherits PS1 shows its own label, once", async () => {
      await using stage = await start();
      const { session, world } = stage;
      await session.cd(world.home.at("work"));
      await session.run("export OUTER=$PS1");
      await world.home.write(".bashrc", `PS0='\\e]7770;start\\a'\nPS1=$OUTER\n${initLine(world, "bash")}\n`);
      await session.run("bash");
      expect(session.prompt).toBe("acme >");
      await world.switchTo(null);
      await session.cd(world.home.path);
      expect(session.prompt).toBe(">");
    });

    test("the user's traps and jobs are his; set -eu is bearable", async () => {
      await using stage = await start({ rc: "trap 'echo mine' INT; set -eu" });
      const { session, world } = stage;
      await session.cd(world.home.at("work"));
      expect(await session.run("trap -p; jobs")).toBe("trap -- 'echo mine' SIGINT");
      await session.run("! true");
      expect(session.status).toBe(1);
      expect(await session.run("echo $-")).toMatch(/^(?=.*e)(?=.*u)/);
    });
  },
  ["bash"],
);
