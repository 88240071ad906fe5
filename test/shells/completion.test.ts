import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { VERBS } from "../../src/commands/index.ts";
import { renderCompletion } from "../../src/completion.ts";
import { RUNTIME_FLAGS } from "../../src/context.ts";
import { quote, type Shell } from "../../src/shell.ts";
import { flagsOf } from "../../src/strict.ts";
import { Home } from "./home.ts";
import { Session } from "./session.ts";
import { describeShells, findShell, KINDS } from "./shells.ts";

const PROGRAM = [process.execPath, ...RUNTIME_FLAGS, join(import.meta.dir, "../../src/cli.ts")];
const NASTY = 'zz\'q "d" $(touch ran) `touch ran` %F{red} \\ * é';
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
    // nothing but their keys tells these two apart
    account("dup@example.com", "", "user-dup::one"),
    account("dup@example.com", "", "user-dup::two"),
  ],
};

let home: Home;
let base: string;
beforeAll(async () => {
  home = await Home.create();
  base = home.at(".codex");
  await home.write(".codex/accounts/registry.json", JSON.stringify(REGISTRY));
  await home.write(`.codex/codex-auth/pins${PINNED}/%account`, "0123456789abcdef\n");
});
afterAll(() => home[Symbol.asyncDispose]());

/** What makes `codex-auth WORDS` write its words to a file. */
const RECORDER: Record<Shell, (file: string) => string> = {
  zsh: (file) => `codex-auth() { printf '%s\\0' "$@" >${quote("zsh", file)} }`,
  bash: (file) => `codex-auth() { printf '%s\\0' "$@" >${quote("bash", file)}; }`,
  fish: (file) => `function codex-auth; printf '%s\\0' $argv >${quote("fish", file)}; end`,
  pwsh: (file) =>
    `function global:codex-auth { [CmdletBinding()] param([Parameter(ValueFromRemainingArguments)] $words) [IO.File]::WriteAllText(${quote("pwsh", file)}, (@($words | ForEach-Object { "$_\`0" }) -join '')) }`,
};
const SETUP: Record<Shell, string> = { zsh: "autoload -Uz compinit; compinit -D -u", bash: "", fish: "", pwsh: "" };

/** Completes a line as a person does, with the tab key, and runs it; returns the words that the command got. */
async function completeAndRun(session: Session, line: string): Promise<string[]> {
  const file = home.at("words");
  await Bun.write(file, "");
  if (session.shell === "pwsh") {
    // the engine alone has no key for it
    const match = `$r = [System.Management.Automation.CommandCompletion]::CompleteInput($l, $l.Length, $null); $m = $r.CompletionMatches[0].CompletionText`;
    await session.run(
      `$l = ${quote("pwsh", line)}; ${match}; Invoke-Expression ($l.Substring(0, $r.ReplacementIndex) + $m)`,
    );
  } else {
    await session.run(`${line}\t`);
  }
  return (await Bun.file(file).text()).split("\0").slice(0, -1);
}

describeShells("the tab key completes", (shell) => {
  test("commands, flags, accounts, pins; nothing in a name is run", async () => {
    const rc = [SETUP[shell], RECORDER[shell](home.at("words")), renderCompletion(shell, PROGRAM, base)].join("\n");
    await using session = await Session.start(shell, home, { rc });
    const cases: [line: string, words: string[]][] = [
      ["codex-auth curr", ["current"]],
      ["codex-auth help complet", ["help", "completion"]],
      ["codex-auth list --skip", ["list", "--skip-api"]],
      ["codex-auth env --shell fi", ["env", "--shell", "fish"]],
      ["codex-auth init pw", ["init", "pwsh"]],
      ["codex-auth pin bo", ["pin", "bob@example.com"]],
      ["codex-auth use alice@w", ["use", "alice@work.example.com"]],
      ["codex-auth switch user-dup::t", ["switch", "user-dup::two"]],
      ["codex-auth remove bob@example.com ali", ["remove", "bob@example.com", "alice@work.example.com"]],
      ["codex-auth alias set bo", ["alias", "set", "bob@example.com"]],
      ["codex-auth exec --account bo", ["exec", "--account", "bob@example.com"]],
      ["codex-auth use zz", ["use", NASTY]],
      ["codex-auth unpin /p", ["unpin", PINNED]],
      ["codex-auth config ann", ["config", "announce"]],
      ["codex-auth config share n", ["config", "share", "none"]],
      ["codex-auth config announce t", ["config", "announce", "true"]],
    ];
    for (const [line, words] of cases) {
      expect({ line, words: await completeAndRun(session, line) }).toEqual({ line, words });
    }
    expect(existsSync(home.at("ran"))).toBe(false);
  }, 120_000);
});

/** A script that prints what is offered for each line, behind `> LINE`. */
const OFFERS: Record<Exclude<Shell, "zsh">, (lines: string[]) => string> = {
  bash: (lines) => {
    const each = (line: string) => {
      const words = line.split(" ");
      const list = words.map((word) => quote("bash", word)).join(" ");
      return `COMP_LINE=${quote("bash", line)} COMP_POINT=${line.length} COMP_WORDS=(${list}) COMP_CWORD=${words.length - 1}
        __codex_auth_complete; echo ${quote("bash", `> ${line}`)}; printf '%s\\n' "\${COMPREPLY[@]}"`;
    };
    return lines.map(each).join("\n");
  },
  fish: (lines) =>
    lines.map((line) => `echo ${quote("fish", `> ${line}`)}; complete -C ${quote("fish", line)}`).join("\n"),
  pwsh: (lines) => {
    const offers =
      "[System.Management.Automation.CommandCompletion]::CompleteInput($l, $l.Length, $null).CompletionMatches";
    return lines
      .map((line) => `$l = ${quote("pwsh", line)}; "> $l"; ${offers} | ForEach-Object { $_.CompletionText }`)
      .join("\n");
  },
};

async function offersOf(shell: Exclude<Shell, "zsh">, lines: string[]): Promise<Map<string, string[]>> {
  const script = `${renderCompletion(shell, PROGRAM, base)}\n${OFFERS[shell](lines)}\n`;
  const child = Bun.spawn(KINDS[shell].script(findShell(shell) ?? shell, script), {
    cwd: home.path,
    env: home.env(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect(err).toBe("");
  const parts = out.split(/^> (.*)\r?\n/m).slice(1);
  return new Map(
    lines.map((line) => [
      line,
      (parts[parts.indexOf(line) + 1] ?? "")
        .split("\n")
        .map((text) => text.split("\t")[0]?.trim() ?? "")
        .filter(Boolean),
    ]),
  );
}

describeShells(
  "offers what there is",
  (shell) => {
    test("every command, and every flag of each", async () => {
      if (shell === "zsh") return;
      const names = Object.keys(VERBS);
      const offers = await offersOf(shell, ["codex-auth ", ...names.map((name) => `codex-auth ${name} --`)]);
      expect(offers.get("codex-auth ")?.toSorted()).toEqual([...names, "help"].sort());
      for (const [name, [, , load]] of Object.entries(VERBS)) {
        const flags = [...flagsOf((await load()).default.args).keys()].filter((flag) => flag.startsWith("--"));
        const offered = offers.get(`codex-auth ${name} --`)?.filter((flag) => flag.length > 2);
        expect({ name, flags: offered?.toSorted() }).toEqual({ name, flags: [...flags, "--help"].sort() });
      }
    }, 120_000);
  },
  ["bash", "fish", "pwsh"],
);

test("zsh knows every command and every flag of each", async () => {
  const script = renderCompletion("zsh", PROGRAM, base);
  for (const [name, [, , load]] of Object.entries(VERBS)) {
    expect(script).toMatch(new RegExp(`^    ['"]${name}:`, "m"));
    const section = new RegExp(`^    (?:\\w+ \\| )*${name}(?: \\| \\w+)*\\)([^]*?);;`, "m").exec(script)?.[1] ?? "";
    const known = new Set([...section.matchAll(/(?<=['){,])--?\w[\w-]*/g)].map(([flag]) => flag));
    if (section.includes("$json")) known.add("--json");
    expect({ name, flags: [...known].sort() }).toEqual({
      name,
      flags: [...flagsOf((await load()).default.args).keys()].sort(),
    });
  }
});
