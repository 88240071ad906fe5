import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { type ProcessShell, renderProcessCompletion } from "../../src/process-shell.ts";
import { quote, renderCompletion, renderSnippet, type Shell, SHELLS } from "../../src/shell.ts";
import { Home } from "../home.ts";
import { PROGRAM } from "./program.ts";
import { Session } from "./session.ts";
import { describeProcessShells, describeShells, findShell, KIND_OF, shellTest } from "./shells.ts";
import { Terminal } from "./terminal.ts";

const NASTY = 'zz\'q "d" $(touch ran) `touch ran` %F{red} \\ * é';
const NASTY_WITHOUT_BLANKS = 'yy\'q"d"$(date>ran)`id>ran`;>ran&|%F\\*?[x]!x#~é';
const PINNED = "/pin/it's $(touch ran)/a b";

const account = (email: string, alias: string, key: string) => ({
  account_key: key,
  email,
  alias,
  plan: "plus",
  auth_mode: "chatgpt",
});
const REGISTRY = {
  schema_version: 4,
  accounts: [
    account("bob@example.com", "", "user-bob::ws"),
    account("alice@work.example.com", "", "user-alice::ws"),
    account("carol@example.com", NASTY, "user-carol::ws"),
    account("dave@example.com", NASTY_WITHOUT_BLANKS, "user-dave::ws"),
    account("erin@example.com", "ctl\u001b]0;x\u0007\rtouch ran\n", "user-erin::ws"),
    // one e-mail: a name with blanks tells these two apart
    account("dup@example.com", "", "user-dup::one"),
    { ...account("dup@example.com", "", "user-dup::two"), plan: "pro" },
  ],
};

let home: Home;
let base: string;
beforeAll(async () => {
  home = Home.forShells();
  base = home.at(".codex");
  await home.write(".codex/accounts/registry.json", JSON.stringify(REGISTRY));
  await home.write(`.codex/codex-auth/pins${PINNED}/%account`, "0123456789abcdef\n");
  await home.write("dirs/only one/file", "");
});
afterAll(() => home[Symbol.dispose]());

/** What makes `codex-auth WORDS` write its words to a file. */
const RECORDER: Record<Shell, (file: string) => string> = {
  zsh: (file) => `codex-auth() { printf '%s\\0' "$@" >${quote("zsh", file)} }`,
  bash: (file) => `codex-auth() { printf '%s\\0' "$@" >${quote("bash", file)}; }`,
  fish: (file) => `function codex-auth; printf '%s\\0' $argv >${quote("fish", file)}; end`,
  pwsh: (file) =>
    `function global:codex-auth { [CmdletBinding()] param([Parameter(ValueFromRemainingArguments)] $words) [IO.File]::WriteAllText(${quote("pwsh", file)}, (@($words | ForEach-Object { "$_\`0" }) -join '')) }`,
};
const SETUP: Record<Shell, string> = {
  zsh: "autoload -Uz compinit; compinit -D -u",
  bash: "",
  fish: "",
  pwsh: "Import-Module PSReadLine",
};

/** A person at a prompt with completions, who types a line, the tab key and Enter. */
interface Typist extends AsyncDisposable {
  type(line: string): Promise<unknown>;
}

async function sitDown(shell: Shell): Promise<Typist> {
  const rc = [SETUP[shell], RECORDER[shell](home.at("words")), renderCompletion(shell, PROGRAM, base)].join("\n");
  if (shell !== "pwsh") {
    const session = await Session.start(shell, home, { rc });
    return { type: (line) => session.run(`${line}\t`), [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
  }
  // with PSReadLine, which paints the line as it is typed: what became of it is seen by what it ran
  await home.write("completion.ps1", rc);
  const start = [findShell(shell) ?? shell, "-NoLogo", "-NoProfile", "-NoExit", "-File", home.at("completion.ps1")];
  const terminal = new Terminal(start, { cwd: home.path, env: home.env() });
  await terminal.waitFor("PS ");
  const type = async (line: string) => {
    terminal.write(`${line}\t`);
    terminal.write("\r");
    for (let waited = 0; waited < 60_000 && Bun.file(home.at("words")).size === 0; waited += 50) await Bun.sleep(50);
  };
  return { type, [Symbol.asyncDispose]: () => terminal[Symbol.asyncDispose]() };
}

/** How each shell writes the only directory below `dirs`. */
const ONLY_DIRECTORY: Record<Shell, string> = {
  zsh: "dirs/only one",
  bash: "dirs/only one/",
  fish: "dirs/only one/",
  pwsh: "./dirs/only one/",
};

/** Completes a line and runs it; returns the words that the command got. */
async function completeAndRun(typist: Typist, line: string): Promise<string[]> {
  const file = home.at("words");
  await Bun.write(file, "");
  await typist.type(line);
  return (await Bun.file(file).text()).split("\0").slice(0, -1);
}

type Case = [line: string, words: string[]];

/** What Tab makes of a line that is typed so far. `dashes`: what the command gets of a `--`. */
const cases = (onlyDirectory: string, dashes = ["--"]): Case[] => [
  ["codex-auth curr", ["current"]],
  ["codex-auth help complet", ["help", "completion"]],
  ["codex-auth list --skip", ["list", "--skip-api"]],
  ["codex-auth env --shell fi", ["env", "--shell", "fish"]],
  ["codex-auth init pw", ["init", "pwsh"]],
  ["codex-auth pin bo", ["pin", "bob@example.com"]],
  ["codex-auth use alice@w", ["use", "alice@work.example.com"]],
  ["codex-auth env --shell=fi", ["env", "--shell=fish"]],
  ["codex-auth export d bob", ["export", "d", "bob@example.com"]],
  ["codex-auth export d --cp", ["export", "d", "--cpa"]],
  ["codex-auth pin bob@example.com dirs/o", ["pin", "bob@example.com", onlyDirectory]],
  ["codex-auth remove bob@example.com ali", ["remove", "bob@example.com", "alice@work.example.com"]],
  ["codex-auth alias set bo", ["alias", "set", "bob@example.com"]],
  ["codex-auth exec --account bo", ["exec", "--account", "bob@example.com"]],
  ["codex-auth use zz", ["use", NASTY]],
  ["codex-auth use yy", ["use", NASTY_WITHOUT_BLANKS]],
  ["codex-auth use ctl", ["use", "ctl]0;xtouch ran"]],
  ["codex-auth unpin /p", ["unpin", PINNED]],
  ["codex-auth exec -- basenam", ["exec", ...dashes, "basename"]],
  [
    "codex-auth exec --account bob@example.com -- basenam",
    ["exec", "--account", "bob@example.com", ...dashes, "basename"],
  ],
  [
    "codex-auth exec --account bob@example.com -- ls dirs/o",
    ["exec", "--account", "bob@example.com", ...dashes, "ls", onlyDirectory],
  ],
  ["codex-auth config ann", ["config", "announce"]],
  ["codex-auth config share n", ["config", "share", "none"]],
  ["codex-auth config announce t", ["config", "announce", "true"]],
];

describeShells("the tab key completes", (shell) => {
  test("commands, flags, accounts, pins; nothing in a name is run", async () => {
    await using typist = await sitDown(shell);
    // PowerShell takes dashes for its own
    const lines = cases(ONLY_DIRECTORY[shell], shell === "pwsh" ? [] : ["--"]);
    // PowerShell asks nobody within quotes that are still open
    if (shell !== "pwsh") lines.push(["codex-auth switch dup@example.com\\ Pr", ["switch", "dup@example.com Pro"]]);
    for (const [line, words] of lines) {
      expect({ line, words: await completeAndRun(typist, line) }).toEqual({ line, words });
    }
    expect(existsSync(home.at("ran"))).toBe(false);
  }, 120_000);
});

/** The same for the shells that ask the program at each change of directory. */
const PROCESS_RECORDER: Record<ProcessShell, (file: string) => string> = {
  elvish: (file) =>
    `edit:add-var codex-auth~ {|@words| each {|one| print $one"\\x00" } $words > ${KIND_OF.elvish.word(file)} }`,
  nu: (file) =>
    `@complete external\ndef --wrapped codex-auth [...words] { $words | each {|one| $one + "\\u{0}" } | str join | save --raw --force ${KIND_OF.nu.word(file)} }`,
  xonsh: (file) =>
    `aliases["codex-auth"] = lambda words: [open(${JSON.stringify(file)}, "w").write("".join(one + "\\0" for one in words)), None][1]`,
  tcsh: (file) =>
    `set __test_file = ${KIND_OF.tcsh.word(file)}; alias codex-auth 'printf "%s\\000" \\!* > $__test_file:q'`,
};

/** What tcsh cannot be offered: it splits the answer at blanks, and expands braces in it. */
const SPLIT_BY_TCSH = /[\s{}]/;

/** What elvish offers between quotes it shows first: Enter takes it, and another one runs the line. */
const QUOTED_BY_ELVISH = /[^\w@.:/-]/;

describeProcessShells("the tab key completes", (shell) => {
  test("commands, flags, accounts, pins; nothing in a name is run", async () => {
    const script = renderProcessCompletion(shell, PROGRAM, base);
    const file = home.write(shell === "nu" ? ".data/nushell/vendor/autoload/completion.nu" : "completion", script);
    const load = shell === "nu" ? "" : KIND_OF[shell].evaluate(["cat", file]);
    await using session = await Session.start(shell, home, {
      rc: `${PROCESS_RECORDER[shell](home.at("words"))}\n${load}`,
    });
    const typist: Typist = {
      type: (line) => session.run(line),
      [Symbol.asyncDispose]: async () => {},
    };
    const rows = cases("dirs/only one/").map(([line, words]): Case => {
      const isSplit = shell === "tcsh" && SPLIT_BY_TCSH.test(words.at(-1) ?? "") && !line.endsWith("dirs/o");
      return [line, isSplit ? line.split(" ").slice(1) : words];
    });
    for (const [line, words] of rows) {
      const isShown = shell === "elvish" && QUOTED_BY_ELVISH.test(words.at(-1) ?? "");
      const typed = `${line}\t${isShown ? "\r" : ""}`;
      expect({ line, words: await completeAndRun(typist, typed) }).toEqual({ line, words });
    }
    expect(existsSync(home.at("ran"))).toBe(false);
  }, 120_000);
});

shellTest("zsh", "completions that stand before compinit are there from the first prompt on", async () => {
  const rc = [RECORDER.zsh(home.at("words")), renderCompletion("zsh", PROGRAM, base), SETUP.zsh].join("\n");
  await using session = await Session.start("zsh", home, { rc });
  const type = (line: string) => session.run(`${line}\t`);
  const typist = { type, [Symbol.asyncDispose]: async () => {} };
  expect(await completeAndRun(typist, "codex-auth pin bo")).toEqual(["pin", "bob@example.com"]);
});

test("the scripts are short: they only ask", async () => {
  const lines = await Promise.all(
    SHELLS.map(async (shell) => renderCompletion(shell, PROGRAM, base).trimEnd().split("\n").length),
  );
  expect(Math.max(...lines)).toBeLessThanOrEqual(75);
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThan(200);
});

test("snippet and completions have no name in common: both stand in one start file", () => {
  for (const shell of SHELLS) {
    const values = { program: PROGRAM, base, prompt: true, hook: true };
    const [ours = [], theirs = []] = [renderSnippet(shell, values), renderCompletion(shell, PROGRAM, base)].map(
      (text) => [...new Set(text.match(/__codex_auth_\w+/gi))].map((name) => name.toLowerCase()),
    );
    expect({ shell, common: ours.filter((name) => theirs.includes(name)) }).toEqual({ shell, common: [] });
  }
});
