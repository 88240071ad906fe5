import { expect, setDefaultTimeout, test } from "bun:test";
import { chmod, chown, mkdir, rm, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { renderSnippet } from "../../src/shell.ts";
import { ACCOUNTS, relevant } from "./accounts.ts";
import { Fixture } from "./fixture.ts";
import { NASTY } from "./nasty.ts";
import { describeShells, KINDS } from "./shells.ts";
import { runScript } from "./script.ts";
import { playRows, type Row, type Stage } from "./stage.ts";
import { accountEnv, defaultEnv, initLine, missingEnv, startShell } from "./world.ts";

setDefaultTimeout(120_000);

const { own, acme, keyed } = ACCOUNTS;
const isRoot = process.getuid?.() === 0;
const SNIPPET = join(import.meta.dir, "../../shell/init.ps1");
const STRICT = "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'";
/** Keeps what the user's prompt sees. */
const STATUS = `$mine = $function:prompt; function global:prompt { $global:seen = "$? $LASTEXITCODE"; & $mine }; $LASTEXITCODE = 0; ${STRICT}`;
const quoted = KINDS.pwsh.word;

/** Runs a script without a terminal and without a profile. */
async function script(world: Fixture, text: string, env: Record<string, string> = {}) {
  const { stdout, stderr } = await runScript("pwsh", world.home, text, { env });
  return { stdout, stderr: stripVTControlCharacters(stderr) };
}

/** Expects what a child process gets that is started behind a command on the same line. */
async function expectBehind({ world, session }: Stage<Fixture>, command: string, label: string | undefined) {
  const file = world.home.at("tmp/behind");
  await session.run(`${command}; env-to ${quoted(file)}`);
  expect((await Bun.file(file).text()).split("\0").find((line) => line.startsWith("CODEX_AUTH_LABEL="))).toBe(
    label === undefined ? label : `CODEX_AUTH_LABEL=${label}`,
  );
}

/** Where PowerShell can be. */
const places: Row<Fixture>[] = [
  ...["Env:", "Variable:", "Function:", "Alias:"].map((drive): Row<Fixture> => ({
    title: `in ${drive} the account is that of the directory where a program starts`,
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("drives"), acme);
      await session.cd(await stage.dir("drives"));
      expect(await session.run(`cd ${drive}`)).toBe("");
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.cd(world.home.path);
      await stage.expect(defaultEnv(own));
    },
  })),
  {
    title: "on a drive with another root",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("tmp/rooted"), acme);
      await session.run("cd Temp:/rooted");
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.run("cd ..");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "each change on a line counts at once",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("a [1]"), acme);
      await world.pin(await stage.dir("b"), keyed);
      const a = quoted(world.home.at("a [1]"));
      await expectBehind(stage, `cd -LiteralPath ${a}`, "acme");
      await expectBehind(stage, "cd ../b; cd ..", own.email);
      await expectBehind(stage, "Push-Location b", "key@example.com API_KEY");
      await expectBehind(stage, "Pop-Location", own.email);
      await expectBehind(stage, "function there { Set-Location b }; there", "key@example.com API_KEY");
      await expectBehind(stage, "cd nowhere", "key@example.com API_KEY");
      await session.run("cd ..");
    },
  },
  {
    title: "a link into a pinned directory, of links and dots",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("deep/real"), acme);
      await stage.dir("deep/real/src");
      await symlink("real", world.home.at("deep/first"));
      await symlink("./deep/../deep/first/src", world.home.at("second"));
      await symlink("circle", world.home.at("circle"));
      await session.cd(world.home.at("second"));
      await stage.expect(accountEnv(world, acme, "pin"));
    },
  },
];

/** What a person sees of the last command. */
const statuses: Row<Fixture>[] = [
  ...(
    [
      ["sh -c 'exit 7'", "False 7"],
      ["sh -c 'exit 0'", "True 0"],
      ["Write-Error -ErrorAction Continue no", "False 0"],
      ["cd nowhere -ErrorAction Continue", "False 0"],
      ["cd status", "True 0"],
      ["cd ..; sh -c 'exit 3'", "False 3"],
      ["codex-auth fail 4", "False 4"],
      ["codex-auth say x", "True 0"],
      ["codex-auth use nobody", "False 1"],
      ["codex-auth say x > $null && sh -c 'exit 5'", "False 5"],
      ["codex-auth fail 4 || sh -c 'exit 6'", "False 6"],
    ] as const
  ).map(([line, seen]): Row<Fixture> => ({
    title: `the prompt sees ${seen} after ${line}`,
    play: async ({ world, session }) => {
      await world.pin(world.home.at("status"), acme);
      await mkdir(world.home.at("status"), { recursive: true });
      await session.run("$global:LASTEXITCODE = 0");
      await session.run(line);
      expect(await session.run('"$seen"')).toBe(seen);
    },
  })),
  {
    title: "a sync leaves $LASTEXITCODE alone",
    play: async ({ world, session }) => {
      await world.forgetCalls();
      await world.touchCredential();
      await session.run("sh -c 'exit 7'");
      expect((await world.calls()).map(({ words }) => words)).toEqual([["sync", "--quiet"]]);
      expect(await session.run('"$seen"')).toBe("False 7");
    },
  },
  {
    title: "$Error is the user's",
    play: async (stage) => {
      const { world, session } = stage;
      await session.run("$Error.Clear()");
      await mkdir(world.pinFile(await stage.dir("errors")), { recursive: true });
      expect((await session.cd(await stage.dir("errors"))).trim()).toEndWith("cannot be read; try: codex-auth doctor");
      await stage.expect(missingEnv(world, "0000000000000000", "pin"));
      await session.run("sh -c 'exit 7'");
      await session.run("codex-auth fail 4");
      expect(await session.run('"$($Error.Count)"')).toBe("0");
      await rm(world.pinFile(world.home.at("errors")), { recursive: true });
      await world.change();
    },
  },
];

/** What is typed behind `codex-auth`, and the words that the program gets. */
const typed: [line: string, words: string[]][] = [
  ["list --json", ["list", "--json"]],
  ["list -h", ["list", "-h"]],
  ["say 01 0x10 1kb 1.50", ["say", "01", "0x10", "1kb", "1.50"]],
  ["say '*' * '[a-z]*' my* ~/x a~", ["say", "*", "*", "[a-z]*", "my*", "HOME/x", "a~"]],
  ["say '' ' ' '\"' '\\' '$(touch x)' '`' $null", ["say", "", " ", '"', "\\", "$(touch x)", "`"]],
  ["say ('a', 'b') c", ["say", "a", "b", "c"]],
  ["exec -- ls -la", ["exec", "--", "ls", "-la"]],
  ["exec -- cmd -p:x=y -e -v -- -o", ["exec", "--", "cmd", "-p:x=y", "-e", "-v", "--", "-o"]],
  ["exec --account acme -- ls", ["exec", "--account", "acme", "--", "ls"]],
  ["exec --account=acme -- ls", ["exec", "--account=acme", "--", "ls"]],
  ["exec '--' ls", ["exec", "--", "ls"]],
  ["exec --help", ["exec", "--help"]],
];

/** The function codex-auth. */
const calls: Row<Fixture>[] = [
  ...typed.map(([line, words]): Row<Fixture> => ({
    title: `codex-auth ${line}`,
    play: async ({ world, session }) => {
      await world.forgetCalls();
      await session.run(`codex-auth ${line}`);
      const called = (await world.calls()).map((call) => call.words);
      expect(called).toEqual([words.map((word) => word.replace("HOME", world.home.path))]);
    },
  })),
  {
    title: "its output is text in a pipe, and a terminal where nothing takes it",
    play: async ({ world, session }) => {
      await world.home.write("my tools/on-say", "[ -t 1 ] && echo terminal; [ -t 0 ] && echo keyboard; true");
      expect(await session.run("codex-auth say a b")).toBe("a b\nterminal\nkeyboard");
      expect(await session.run('$text = codex-auth say ünï; "<$($text -join "|")>"')).toBe("<ünï|keyboard>");
      await rm(world.home.at("my tools/on-say"));
    },
  },
  {
    title: "where a failing program throws, the hook runs all the same",
    play: async (stage) => {
      const { session } = stage;
      await session.run("$PSNativeCommandUseErrorActionPreference = $true");
      expect(await session.run("codex-auth fail 4; 'not reached'")).not.toContain("not reached\n");
      await stage.expect(defaultEnv(own));
      await session.run("$PSNativeCommandUseErrorActionPreference = $false");
    },
  },
];

/** Files and names that a stranger, or the user, may have put in the way. */
const hostile: Row<Fixture>[] = [
  ...(
    [
      ["a pipe", (file) => Bun.$`mkfifo ${file}`.quiet()],
      ["a device", (file) => symlink("/dev/zero", file)],
      ["a large file", (file) => Bun.write(file, "gitdir: /x/worktrees/y\n".repeat(1e5))],
      ["a link in a circle", (file) => symlink(file, file)],
    ] satisfies [string, (file: string) => Promise<unknown>][]
  ).map(([title, make]): Row<Fixture> => ({
    title: `a .git that is ${title} keeps nobody waiting`,
    play: async (stage) => {
      const { world, session } = stage;
      const here = await stage.dir(`hostile ${title}/below`);
      await make(world.home.at(here, "../.git"));
      await session.cd(here);
      await stage.expect(defaultEnv(own));
    },
  })),
  ...(
    [
      ["a link that leads nowhere", (file) => symlink("nowhere", file)],
      ["a link in a circle", (file) => symlink(file, file)],
      ["a pipe", (file) => Bun.$`mkfifo ${file}`.quiet()],
      ["a device", (file) => symlink("/dev/zero", file)],
    ] satisfies [string, (file: string) => Promise<unknown>][]
  ).map(([title, make]): Row<Fixture> => ({
    title: `a pin that is ${title} fails closed`,
    play: async (stage) => {
      const { world, session } = stage;
      const here = await stage.dir("linked");
      await world.home.mkdir(join(world.pinFile(here), ".."));
      await make(world.pinFile(here));
      expect((await session.cd(here)).split("\n").filter(Boolean).length).toBeLessThanOrEqual(1);
      await stage.expect(missingEnv(world, "0000000000000000", "pin"));
      await rm(world.pinFile(here));
    },
  })),
  ...(isRoot
    ? []
    : ([
        {
          title: "a part of the pins that cannot be read fails closed",
          play: async (stage) => {
            const { world, session } = stage;
            await world.pin(await stage.dir("closed"), acme);
            await chmod(join(world.pinFile(world.home.at("closed")), ".."), 0);
            expect((await session.cd(await stage.dir("closed"))).trim()).toContain("cannot be read");
            await stage.expect(missingEnv(world, "0000000000000000", "pin"));
            await chmod(join(world.pinFile(world.home.at("closed")), ".."), 0o700);
          },
        },
      ] satisfies Row<Fixture>[])),
  {
    title: "a generation and an env file that are pipes keep nobody waiting",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("piped"), acme);
      for (const file of [world.ours("env", acme.id), world.ours("generation")]) {
        await rm(file);
        await Bun.$`mkfifo ${file}`.quiet();
      }
      await session.cd(await stage.dir("piped"));
      await stage.expect(missingEnv(world, acme.id, "pin"));
      for (const file of [world.ours("env", acme.id), world.ours("generation")]) await rm(file);
      await world.add(acme);
      await session.nextPrompt();
      await stage.expect(accountEnv(world, acme, "pin"));
    },
  },
  {
    title: "a path that is too long to be pinned has the pin above it",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("long"), acme);
      await session.cd(world.home.at("long"));
      const name = "d".repeat(200);
      await session.run(`foreach ($i in 1..20) { [void][IO.Directory]::CreateDirectory("$PWD/${name}"); cd ${name} }`);
      await stage.expect(accountEnv(world, acme, "pin"));
    },
  },
  {
    title: "names and settings of the user's",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("names"), keyed);
      await session.run("function Get-Item { throw 'mine' }; function Write-Warning { throw 'mine' }");
      await session.run("Set-Variable state 1 -Option ReadOnly; Set-Variable name 1 -Option ReadOnly; $OFS = 'x'");
      await session.run("$PSDefaultParameterValues = @{ '*:ErrorAction' = 'Stop'; '*:OutVariable' = 'kept' }");
      await session.cd(await stage.dir("names"));
      await stage.expect(accountEnv(world, keyed, "pin"));
      await session.run("codex-auth say x");
      await session.cd(world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
  ...[1, 2].map((level): Row<Fixture> => ({
    title: `Set-PSDebug -Trace ${level} shows no secret`,
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("traced"), keyed);
      const from = session.terminal.raw.length;
      await session.run(`Set-PSDebug -Trace ${level}`);
      for (const line of ["cd traced", "codex-auth use lab", "codex-auth use -", "cd .."]) await session.run(line);
      await session.run("Set-PSDebug -Off");
      const traced = session.terminal.raw.slice(from);
      expect(traced).toContain("DEBUG:");
      for (const { apiKey } of [keyed, ACCOUNTS.lab]) expect(traced).not.toContain(apiKey);
      await stage.expect(defaultEnv(own));
    },
  })),
];

/** Prompt tools: what is run before our line (INIT) and behind it, in a pinned directory, and the prompt then. BASE is the first one. */
const prompts: [title: string, line: string, prompt: string][] = [
  ["twice", "INIT; INIT", "acme >"],
  ["in a function", "function load { INIT }; load", "acme >"],
  [
    "a prompt that writes itself",
    "function prompt { $text = & BASE; Write-Host -NoNewline 'mine'; $text }; INIT",
    "acme mine>",
  ],
  ["a prompt that says nothing", "function prompt { }; INIT; $function:prompt = BASE", ">"],
  ["a tool that wraps the prompt before", "TOOL; INIT", "acme tool>"],
  ["a tool that wraps the prompt after", "INIT; TOOL", "acme tool>"],
  ["a tool that wraps the prompt after, and then our line again", "INIT; TOOL; INIT", "acme tool>"],
  ["a tool between, twice", "INIT; TOOL; INIT; INIT", "acme tool>"],
  ["a tool that gives the prompt back", "INIT; $old = $function:prompt; TOOL; $function:prompt = $old", "acme >"],
  [
    "variables of the user's",
    "$global:ok = $global:outer = $global:inner = 'u'; function prompt { \"$ok$outer$inner\" + (& BASE) }; INIT",
    "acme uuu>",
  ],
  ["a tool that has its own prompt", "INIT; function prompt { 'own' + (& BASE) }", "own>"],
];

/** The user's prompt stays his. */
const prompting: Row<Fixture>[] = prompts.map(([title, line, prompt]): Row<Fixture> => ({
  title: `the prompt: ${title}`,
  play: async (stage) => {
    const { world, session } = stage;
    await world.pin(await stage.dir("prompting"), acme);
    const tool = "& { $inner = $function:prompt; $function:global:prompt = { 'tool' + (& $inner) }.GetNewClosure() }";
    const full = line
      .replaceAll("INIT", initLine(world, "pwsh"))
      .replace("TOOL", tool)
      .replaceAll("BASE", "$global:base");
    await session.cd(await stage.dir("prompting"));
    expect(
      await session.run(
        `$function:prompt = $global:base; ${full.replaceAll("function prompt", "function global:prompt")}`,
      ),
    ).toBe("");
    await stage.expect(accountEnv(world, acme, "pin"), prompt);
    await session.run("sh -c 'exit 7'");
    expect(session.status).toBe(7);
    // Whoever owns the prompt, the account goes with the directory.
    await expectBehind(stage, "cd ..", own.email);
    await session.run(`$function:prompt = $global:base; ${initLine(world, "pwsh")}`);
  },
}));

/** Others that want to know of a change of directory. */
const locations: Row<Fixture>[] = [
  {
    title: "five prompts and five changes of account leave the prompt as it was",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("five"), acme);
      const length = () => session.run('"$($function:prompt.ToString().Length)"');
      const before = await length();
      for (let i = 0; i < 5; i++) await session.nextPrompt();
      for (let i = 0; i < 5; i++) for (const line of ["cd five", "cd .."]) await session.run(line);
      expect(await length()).toBe(before);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "the user's LocationChangedAction goes on, before and behind ours",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("moved"), acme);
      const type = "[EventHandler[System.Management.Automation.LocationChangedEventArgs]]";
      const action = "$ExecutionContext.SessionState.InvokeCommand.LocationChangedAction";
      const log = (name: string) => `${type}{ $global:moves += "${name}:$env:CODEX_AUTH_LABEL " }`;
      await session.run(`$moves = ''; ${action} = ${log("before")}`);
      await session.run(initLine(world, "pwsh"));
      await session.run(`${action} = [Delegate]::Combine(${action}, ${log("behind")})`);
      await session.run("cd moved");
      expect(await session.run("$moves")).toBe("before:me@example.com behind:acme");
      await session.run(initLine(world, "pwsh"));
      await session.run("$moves = ''; cd ..");
      expect(await session.run("$moves")).toBe("before:acme behind:acme");
      await stage.expect(defaultEnv(own));
      await session.run(`${action} = ${type}{ throw 'no' }; ${initLine(world, "pwsh")}`);
      await session.run("cd moved");
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.run(`${action} = $null; ${initLine(world, "pwsh")}`);
    },
  },
];

/** Scripts without a terminal: what is said before our line, what behind it, and what that prints. */
const scripts: [title: string, before: string, after: string, stdout: string, stderr: string][] = [
  [
    "silent, strict, twice, in a function, in a capture",
    STRICT,
    "function load { INIT }; load; cd work; sh -c 'echo $CODEX_AUTH_LABEL'; $here = $(cd ..; $PWD.Path); Split-Path -Leaf $here; $env:CODEX_AUTH_LABEL",
    "acme\nHOME\nme@example.com\n",
    "",
  ],
  [
    "constrained language is told, on stderr, and codex-auth works",
    "$ErrorActionPreference = 'Stop'; $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'",
    `cd work; "<$env:CODEX_AUTH_LABEL>"; codex-auth say 'a b' '' c; 'in' | codex-auth cat`,
    "<>\na b  c\nin\n",
    "codex-auth: in constrained language mode accounts do not follow the directory; try: codex-auth exec\n",
  ],
];

/** A base home that codex-auth has not seen yet: what the hook calls. */
const firsts: [title: string, arrange: (world: Fixture) => Promise<unknown>, words: string[][]][] = [
  [" is taken over once", async () => {}, [["sync", "--quiet"]]],
  [" and without a login is left alone", (world) => rm(join(world.base, "auth.json")), []],
  ...(isRoot
    ? ([[" of somebody else's is left alone", (world) => chown(world.base, 12345, 12345), []]] satisfies typeof firsts)
    : []),
];

describeShells(
  "what PowerShell alone has",
  (shell) => {
    playRows(shell, "by itself", () => Fixture.create(), [...places, ...statuses, ...calls], { rc: STATUS });
    playRows(shell, "in the way", () => Fixture.create(), [...hostile, ...prompting, ...locations], {
      rc: "$global:base = $function:prompt",
    });

    for (const [title, before, after, stdout, stderr] of scripts) {
      test(`a script: ${title}`, async () => {
        await using world = await Fixture.create();
        await world.pin(await world.home.mkdir("work"), acme);
        const init = initLine(world, shell);
        const run = await script(world, `${before}\n${init}\n${after.replace("INIT", init)}`);
        // where there is a line to show PowerShell shows it, above the words
        const said = run.stderr.replace(/\nLine \|\n.*\n.*\n +\| /, "");
        expect({ ...run, stderr: said }).toEqual({ stdout: stdout.replace("HOME", basename(world.home.path)), stderr });
      });
    }

    test("a key of the user's own that is the default account's too stays his", async () => {
      await using world = await Fixture.create({ account: keyed });
      const OPENAI_API_KEY = keyed.apiKey ?? "";
      await using session = await startShell(world, shell, { env: { OPENAI_API_KEY } });
      expect(relevant(await session.env())).toEqual(defaultEnv(keyed));
      await world.switchTo(own);
      await session.nextPrompt();
      expect(relevant(await session.env())).toEqual({ ...defaultEnv(own), OPENAI_API_KEY });
    });

    test.each([
      ["", "<me@example.com>\n", ""],
      [
        "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'",
        "<>\n",
        "codex-auth: in constrained language mode accounts do not follow the directory; try: codex-auth exec\n",
      ],
    ])("Out-String and Invoke-Expression do too: %s", async (before, stdout, stderr) => {
      await using world = await Fixture.create();
      const init = `${KINDS.pwsh.call([...world.program, "init", shell])} | Out-String | Invoke-Expression`;
      expect(await script(world, `${STRICT}; ${before}\n${init}; "<$env:CODEX_AUTH_LABEL>"`)).toEqual({
        stdout,
        stderr,
      });
    });

    test("the snippet parses, as it lies there and as init fills it in", async () => {
      await using world = await Fixture.create();
      const values = { program: [NASTY, "‘’‚‛'"], base: `/${NASTY}`, prompt: false, hook: true };
      const filled = await world.home.write("tmp/filled.ps1", renderSnippet(shell, values));
      const text = `$tokens = $errors = $null
        foreach ($file in ${quoted(SNIPPET)}, ${quoted(filled)}) {
          [void][System.Management.Automation.Language.Parser]::ParseFile($file, [ref]$tokens, [ref]$errors)
          foreach ($each in $errors) { "\${file}:$($each.Extent.StartLineNumber): $($each.Message)" }
        }
        $text = Get-Content -Raw ${quoted(filled)}
        Invoke-Expression $text.Substring(0, $text.IndexOf('$global:__codex_auth_before'))
        [Console]::Out.Write("$($__codex_auth_program -join '|')|$__codex_auth_base|$__codex_auth_prompt$__codex_auth_hook")`;
      expect((await script(world, text)).stdout).toBe([...values.program, values.base, "01"].join("|"));
    });

    test("an older PowerShell is told, on stderr, and codex-auth works", async () => {
      await using world = await Fixture.create();
      // Under Windows PowerShell 5.1 there is no terminal to try it in: here this one counts as older.
      const file = world.home.at(`my tools/init.${shell}`);
      const text = await Bun.file(file).text();
      expect(text.split("-lt 6")).toHaveLength(2);
      await Bun.write(file, text.replace("-lt 6", "-lt 99"));
      const run = await script(
        world,
        `${STRICT}; ${initLine(world, shell)}; codex-auth say 'a b'; "<$env:CODEX_AUTH_LABEL>"`,
      );
      expect(run.stdout).toBe("a b\n<>\n");
      expect(run.stderr).toBe(
        "codex-auth: before PowerShell 7.2 accounts do not follow the directory; try: codex-auth exec\n",
      );
    });

    test("Windows PowerShell 5.1 could parse the snippet: no newer grammar", async () => {
      await using world = await Fixture.create();
      const text = `$tokens = $errors = $null
        [void][System.Management.Automation.Language.Parser]::ParseFile(${quoted(SNIPPET)}, [ref]$tokens, [ref]$errors)
        $newer = 'QuestionMark', 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'AndAnd', 'OrOr', 'Clean'
        $tokens | Where-Object { "$($_.Kind)" -in $newer -or ("$($_.Kind)" -like '*Expandable' -and $_.Text -cmatch '\`[ue]') } | ForEach-Object { "$($_.Extent.StartLineNumber): $_" }
        "$($tokens.Count -gt 1000) $((Get-Content -Raw ${quoted(SNIPPET)}) -cmatch '[^\\t\\n -~]')"`;
      expect((await script(world, text)).stdout).toBe("True False\n");
    });

    test("a label is shown as text: control characters are left out of the prompt", async () => {
      await using world = await Fixture.create();
      await world.alias(acme, "a\x1b[31mb\x07c\x1b]0;title\x07 \x9b1m $(touch x) `e[1m");
      await world.pin(world.home.path, acme);
      await using session = await startShell(world, shell);
      expect(session.prompt).toBe("a[31mbc]0;title 1m $(touch x) `e[1m >");
      expect(session.terminal.raw).not.toContain("\x1b[31m");
      expect((await session.env()).CODEX_AUTH_LABEL).toContain("\x1b[31m");
    });

    for (const [title, arrange, words] of firsts) {
      test(`a base home without codex-auth/${title}`, async () => {
        await using world = await Fixture.create();
        await rm(world.ours(), { recursive: true });
        await arrange(world);
        const run = await script(
          world,
          `${STRICT}; ${initLine(world, shell)}; cd bin; cd ..; "<$env:CODEX_AUTH_LABEL>"`,
        );
        expect(run).toEqual({ stdout: "<>\n", stderr: "" });
        expect((await world.calls()).map((call) => call.words)).toEqual(words);
      });
    }

    test.skipIf(!Bun.which("strace"))("the hook starts no process", async () => {
      await using world = await Fixture.create();
      await world.pin(await world.home.mkdir("work"), acme);
      const log = world.home.at("tmp/strace");
      const moves = "foreach ($i in 1..3) { cd work; __codex_auth_hook; cd ..; __codex_auth_hook }";
      const text = `${initLine(world, shell)}; /bin/true begin; ${moves}; /bin/true end; $env:CODEX_AUTH_LABEL`;
      const wrap = ["strace", "-f", "-qq", "-s", "200", "-e", "trace=execve,fork,vfork", "-o", log];
      expect((await runScript(shell, world.home, text, { wrap })).stdout).toBe("me@example.com\n");
      const seen = (await Bun.file(log).text()).split("\n").filter((line) => /(execve|fork)\(/.test(line));
      const begin = seen.findIndex((line) => line.includes('"begin"'));
      expect(begin).toBeGreaterThan(0);
      expect(seen.slice(begin + 1).filter((line) => /"end"/.test(line)).length).toBe(1);
      expect(seen.slice(begin + 1).filter((line) => line.includes("execve(") && !line.includes('"end"'))).toEqual([]);
    });
  },
  ["pwsh"],
);
