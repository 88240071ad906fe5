import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, symlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { run } from "../run.ts";
import { ACCOUNTS, relevant } from "./accounts.ts";
import type { Fixture } from "./fixture.ts";
import { createPlaces, startInPlaces, toldOnTheWay } from "./places.ts";
import { runScript } from "./script.ts";
import type { SessionOptions } from "./session.ts";
import { describeShells, findShell } from "./shells.ts";
import { accountEnv, defaultEnv, initLine } from "./world.ts";

const { own, acme, keyed } = ACCOUNTS;
const KEY = keyed.apiKey ?? "";

/** Whether the zsh under test is 5.3 or older: what it lacks, and what it does otherwise by itself, is asserted as that. */
const isOld = /^zsh ([0-4]\.|5\.[0-3]\b)/.test(
  Bun.spawnSync([findShell("zsh") ?? "true", "--version"]).stdout.toString(),
);

/** Scripts that print nothing. INIT stands for the start-up line, SAY for telling the account, WHERE for the three accounts in turn. */
const SAY = `builtin print -r -- "\${CODEX_HOME-none} \${OPENAI_API_KEY-none} \${CODEX_AUTH_LABEL-none}"`;
const WALK = `${SAY}; \\builtin cd ~/key; ${SAY}; \\builtin cd ~/work; ${SAY}; \\builtin cd ~; ${SAY}`;

/** What a user may have done before the start-up line; everything works all the same, and nothing is said. */
const surroundings: [title: string, before: string][] = [
  ["nothing special", ""],
  ["set -eu -o pipefail", "set -eu -o pipefail"],
  ["no hook arrays", "unset chpwd_functions precmd_functions"],
  ["hook arrays that are unique", "typeset -gaU chpwd_functions precmd_functions"],
  ["a strange IFS", "IFS=/c-0"],
  [
    "aliases",
    `for word in cd read local typeset builtin print unset command emulate setopt return if then fi for do done case esac \\
       while function break continue exec '[[' : true; do alias -- $word='builtin print HIJACKED; '; done
     alias -g token=HIJACKED CODEX_HOME=HIJACKED generation=HIJACKED`,
  ],
  [
    "functions named like commands",
    `for word in cd read print printf echo test '[' unset setopt export command emulate true false pwd zmodload autoload \\
       add-zsh-hook is-at-least eval set trap chpwd codex sh cat env; do functions[$word]='builtin print HIJACKED'; done
     unfunction chpwd eval`,
  ],
  ["a trap for failures", `TRAPZERR() { builtin print FAILED }`],
  ["another trap for failures", `trap 'builtin print FAILED' ZERR`],
  [
    "the init line in a function that warns",
    `setopt warn_create_global ${isOld ? "" : "warn_nested_var"}; unset psvar; init() { INIT }; init`,
  ],
];

/** Options that would end or cripple the test's own shell. */
const UNTOUCHED = [
  ..."exec interactive login monitor onecmd stdin privileged restricted shinstdin singlecommand zle verbose xtrace".split(
    " ",
  ),
  // No text of several lines can be quoted.
  "cshjunkiequotes",
];

describeShells(
  "the snippet by itself",
  () => {
    let world: Fixture;
    let init: string;
    beforeAll(async () => {
      world = await createPlaces();
      init = initLine(world, "zsh");
    });
    afterAll(() => world[Symbol.asyncDispose]());

    test.each(surroundings)("works in spite of %s", async (_title, before) => {
      const script = before.includes("INIT") ? before.replace("INIT", init) : `${before}\n${init}`;
      const outcome = await runScript("zsh", world.home, `${script}\n${init}\n${WALK}`);
      expect(outcome).toEqual({ stdout: toldOnTheWay(world), stderr: "", status: 0 });
    });

    test.each(["sh", "ksh"])("works in zsh that emulates %s", async (name) => {
      const zsh = findShell("zsh") ?? "zsh";
      const named = world.home.at(`tmp/${name}`); // as /bin/sh is one in places
      symlinkSync(zsh, named);
      for (const words of isOld ? [[named]] : [[named], [zsh, "--emulate", name]]) {
        const ran = await run([...words, "-f", "-c", `${init}\n${WALK}`], {
          cwd: world.home.path,
          env: world.home.env(),
        });
        expect({ words, ...ran }).toEqual({ words, out: toldOnTheWay(world), err: "", code: 0 });
      }
    });

    test("works with any option changed", async () => {
      const { stdout, stderr } = await runScript(
        "zsh",
        world.home,
        `snippet="$(<~/"my tools/init.zsh")"
         untouched=(${UNTOUCHED.join(" ")})
         for name in \${(ok)options:|untouched}; do
           [[ -o $name ]] && change=unsetopt || change=setopt
           seen=$( { builtin $change $name; eval "$snippet"; ${WALK} } 2>&1 )
           [[ $seen == $EXPECTED ]] || print -r -- "$change $name: $seen"
         done`,
        { env: { EXPECTED: toldOnTheWay(world).trimEnd() } },
      );
      expect({ stdout: stdout.slice(0, 2000), stderr }).toEqual({ stdout: "", stderr: "" });
    });

    test("shows no secret under xtrace, and exports none twice under all_export", async () => {
      const script = `setopt all_export\n${init}\nsetopt xtrace; cd ~/key; codex-auth say x; cd ~; cd ~/key; unsetopt xtrace; env`;
      const { stdout, stderr } = await runScript("zsh", world.home, script);
      expect(stderr.split("\n").filter((line) => !/> (cd|codex-auth|unsetopt) /.test(line))).toEqual([""]);
      const lines = stdout.split("\n");
      expect(lines.filter((line) => line.includes(KEY))).toEqual([`OPENAI_API_KEY=${KEY}`]);
      expect(lines.filter((line) => line.startsWith("__codex"))).toEqual([]);
    });

    test("a variable that is not exported comes back so", async () => {
      const script = `${init}\nOPENAI_API_KEY=mine; cd ~/key; printenv OPENAI_API_KEY; cd ~; print $OPENAI_API_KEY; printenv OPENAI_API_KEY`;
      const { stdout, stderr, status } = await runScript("zsh", world.home, script);
      expect(stdout).toBe(`${KEY}\nmine\n`);
      expect({ stderr, status }).toEqual({ stderr: "", status: 1 });
    });

    test("a readonly CODEX_HOME stays, and the label tells", async () => {
      const script = `typeset -rx CODEX_HOME=/mine\n${init}\ncd ~/key; ${SAY}; cd ~; cd ~/work; ${SAY}`;
      const { stdout, stderr } = await runScript("zsh", world.home, script);
      expect(stdout).toBe(`/mine ${KEY} ${keyed.email} API_KEY !\n/mine none acme !\n`);
      expect(stderr).toBe("");
    });

    test.skipIf(!Bun.which("strace"))("starts no process, whatever changes", async () => {
      const log = world.home.at("tmp/strace");
      const snippet = `builtin source ~/"my tools/init.zsh"`;
      const here = `cd ~/key; __codex_auth_hook; cd ~/work; CODEX_AUTH_USE=${keyed.id}; __codex_auth_hook; cd /; unset CODEX_AUTH_USE`;
      const { stderr } = await runScript("zsh", world.home, `${snippet}\n${here}; cd ~/key`, {
        wrap: ["strace", "-f", "-qq", "-e", "trace=process", "-o", log],
      });
      expect(stderr).toBe("");
      const calls = (await readFile(log, "utf8"))
        .split("\n")
        .filter((line) => /\b(clone3?|v?fork|execve)\(/.test(line));
      expect(calls.length).toBe(1);
    });

    test("a shell that starts elsewhere with the variables of an account gives them back", async () => {
      const inner = `cd / && exec zsh -f -c "$INNER"`;
      const { stdout, stderr } = await runScript("zsh", world.home, `${init}\ncd ~/key; ${inner}`, {
        env: { INNER: `${init}\n${SAY}`, OPENAI_ORGANIZATION: "mine" },
      });
      expect(stdout).toBe(`none none ${own.email} !\n`);
      expect(stderr).toBe("");
    });
  },
  ["zsh"],
);

describeShells(
  "the snippet at a prompt",
  () => {
    const start = (options?: SessionOptions, world?: Fixture) => startInPlaces("zsh", options, world);

    describe.each([
      ["that precmd makes anew", "precmd() { psvar=(a b); PROMPT='%1v '$ready }; ready=$PROMPT", "a >"],
      [
        "with a command in it that nothing runs",
        "PROMPT='$(touch ~/x) %1v'$PROMPT; psvar=(first)",
        "$(touch ~/x) first>",
      ],
      ["with prompt_subst", "setopt prompt_subst; PROMPT='$((1+1)) '$PROMPT", "2 >"],
    ])("a prompt %s", (_title, rc, prompt) => {
      test("has the label before it, once", async () => {
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
        expect(existsSync(world.home.at("x"))).toBe(false);
      });
    });

    test("powerlevel10k makes its prompt itself", async () => {
      await using stage = await start({ rc: "__p9k_sourced=13" });
      expect(stage.session.prompt).toBe(">");
      expect(relevant(await stage.session.env())).toEqual(defaultEnv(own));
    });

    test("under powerlevel10k's instant prompt nothing is said; what there is to say comes when it is over", async () => {
      const world = await createPlaces();
      await world.home.write(`.codex/codex-auth/env/${acme.id}`, "damaged\n");
      const cwd = world.home.at("work");
      await using stage = await start({ rc: "typeset -gi __p9k_instant_prompt_active=1", cwd }, world);
      const { session } = stage;
      expect(session.greeting).toBe("");
      expect(await session.nextPrompt()).toBe("");
      await session.unset("__p9k_instant_prompt_active");
      expect(await session.nextPrompt()).toBe("");
      expect(session.terminal.raw).toContain(`env/${acme.id} is damaged`);
      expect(relevant(await session.env()).CODEX_HOME).toBe(`${world.base}/codex-auth/homes/${acme.id}.missing`);
    });

    test("a theme that makes PROMPT anew behind the hook: the label is there from the second prompt on, and stays", async () => {
      await using stage = await start();
      const { session, world } = stage;
      await session.run("theme() { PROMPT=$ready }; ready=${PROMPT#*.}; precmd_functions+=(theme); PROMPT_SEEN=");
      await session.nextPrompt();
      for (const directory of ["work", "key", ".", "work"]) {
        await session.cd(world.home.at(directory));
        expect(session.prompt).toContain(directory === "work" ? "acme" : directory === "key" ? "API_KEY" : own.email);
      }
      expect(await session.run("print ${precmd_functions[-1]}")).toBe("__codex_auth_show");
    });

    test("the prompt has the length that it had, after five prompts and five changes of account", async () => {
      await using stage = await start();
      const { session, world } = stage;
      const before = await session.variable("PROMPT");
      for (const directory of ["work", ".", "key", ".", "work", "."]) {
        await session.nextPrompt();
        await session.cd(world.home.at(directory));
      }
      expect(await session.variable("PROMPT")).toBe(before);
    });

    test.each([
      ["before", (line: string) => `${line}\nINIT`],
      ["behind", (line: string) => `INIT\n${line}`],
    ])("a start-up file that exports CODEX_HOME %s the line for codex-auth", async (_title, arrange) => {
      const world = await createPlaces();
      const rc = arrange("export CODEX_HOME=/mine").replace("INIT", initLine(world, "zsh"));
      await using stage = await start({ rc, cwd: world.home.at("work") }, world);
      const { session } = stage;
      expect(session.greeting).toBe("");
      expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
      await session.run("zsh");
      expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
      await session.cd(world.home.path);
      expect(relevant(await session.env()).CODEX_HOME).toBe("/mine");
    });

    test("the user's traps, jobs, options and hooks are his", async () => {
      await using stage = await start({
        rc: "trap 'print mine' INT; chpwd() { print chpwd }; precmd_functions=(mine); mine() { seen=$? }",
      });
      const { session, world } = stage;
      await session.cd(world.home.at("work"));
      expect(await session.run("trap; jobs; print $#chpwd_functions $precmd_functions")).toBe(
        "trap -- 'print mine' INT\n1 mine __codex_auth_hook",
      );
      expect(await session.cd(world.home.at("key"))).toBe("chpwd");
      await session.run("(exit 7)");
      expect(await session.run("print $seen")).toBe("7");
      await session.run("true | sh -c 'exit 2' | sh -c 'exit 4'");
      expect(await session.run("print $pipestatus")).toBe("0 2 4");
      // an old one forgets by itself what a subshell that is not the last exits with while INT is trapped
      await session.run("true | (exit 2) | (exit 4)");
      expect(await session.run("print $pipestatus")).toBe(isOld ? "0 0 4" : "0 2 4");
      expect(await session.run("[[ -o prompt_subst ]] || print off")).toBe("off");
    });
  },
  ["zsh"],
);

describeShells(
  "an old zsh",
  () => {
    test.each(["4.3.17", "5.0", "5.0.8"])(
      "%s: one line says what does not work there, and the program does",
      async (version) => {
        await using world = await createPlaces();
        const script = `ZSH_VERSION=${version}; ${initLine(world, "zsh")}; codex-auth say hello; cd work; ${SAY}; __codex_auth_hook`;
        const { stdout, stderr } = await runScript("zsh", world.home, script);
        expect(stderr.split("\n")[0]).toBe(
          "codex-auth: before zsh 5.1 accounts do not follow the directory; try: codex-auth exec",
        );
        expect(stderr).toContain("command not found: __codex_auth_hook");
        expect(stdout).toEndWith("none none none\n");
        expect((await world.calls()).at(-1)?.words).toEqual(["say", "hello"]);
      },
    );
  },
  ["zsh"],
);
