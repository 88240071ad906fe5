import { describe, expect, test } from "bun:test";
import { PROCESS_SHELLS, type ProcessShell } from "../../src/process-shell.ts";
import { quote, type Shell, SHELLS } from "../../src/shell.ts";
import { PROCESS_KINDS } from "./process-kinds.ts";

/** All shells that `init` serves. */
export const ALL_SHELLS = [...SHELLS, ...PROCESS_SHELLS] as const;
export type AnyShell = Shell | ProcessShell;

/** What the harness needs to know of a shell. */
export interface ShellKind {
  /** How a person gets it. */
  obtain: string;
  /** Its start-up file, from HOME; `Home.env` points the shell there. */
  rcFile: string;
  /** Starts it interactively with that file and no other, where it can be told so. */
  interactive(program: string, rcFile: string): string[];
  /** A script given in argv, without any start-up file. */
  script(program: string, script: string): string[];
  /** What a person types in another shell to start it. */
  typed: string;
  /** It prints the harness' mark first, and then draws its prompt: what is typed before that is lost. */
  drawsLater?: boolean;
  /** What the start-up file begins with: quiet, and telling the harness where a command starts and where a prompt ends. */
  rc: string;
  /** What it ends with: hooks that run behind all others. */
  end?: string;
  /** Sets a prompt of the user's; `text` is the shell's prompt syntax. It ends in the mark that the harness waits for. */
  prompt(text: string): string;
  /** Any text without NUL as one word on one typed line. */
  word(text: string): string;
  /** A command that goes into a directory. */
  cd(directory: string): string;
  /** A command that sets an exported variable. */
  export(name: string, value: string): string;
  /** A command that sets a variable that is not exported. */
  set(name: string, value: string): string;
  unset(name: string): string;
  /** A command that writes a shell variable to a file: `+value`, or `-` if it is unset. */
  save(name: string, file: string): string;
  /** A command that evaluates what a program prints, as the start-up line of the README does. */
  evaluate(program: string[]): string;
  /** A command that runs a program by its words. */
  call(words: string[]): string;
  /** What stands between two commands, the second only where the first has succeeded. Default: `&&`. */
  and?: string;
  /** A command that does nothing: a bare `echo` asks for its argument in PowerShell. */
  nothing: string;
  /** What stands for the last command's status; elvish has none. */
  shownStatus?: string;
  /** A command that ends with a status. */
  fail(status: number): string;
}

/** The harness' marks are OSC sequences: a terminal shows nothing of them. */
export const START = "\x1b]7770;start\x07";
export const READY = /\x1b\]7770;ready;([^;\x07]*);([^;\x07]*);(\w+)\x07/g;

const posixWord = (text: string) =>
  /[\x00-\x1f\x7f]/.test(text)
    ? `$'${text.replace(/[\\']/g, "\\$&").replace(/[\x01-\x1f\x7f]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, "0")}`)}'`
    : quote("sh", text);
const fishWord = (text: string) =>
  text
    .split(/([\x01-\x1f\x7f]+)/)
    .map((part, i) =>
      i % 2 ? part.replace(/[^]/g, (c) => `\\x${Buffer.from(c).toString("hex")}`) : part && quote("fish", part),
    )
    .join("") || "''";
const pwshWord = (text: string) =>
  /[\x00-\x1f\x7f]/.test(text)
    ? `"${text.replace(/["$`“”„]/g, "`$&").replace(/[\x01-\x1f\x7f]/g, (c) => `\`u{${c.charCodeAt(0).toString(16)}}`)}"`
    : quote("pwsh", text);
// A directory's name is no option.
const plain = (directory: string) => (directory.startsWith("-") ? `./${directory}` : directory);

const posix = {
  script: (program: string, script: string) => [program, "-c", script],
  word: posixWord,
  cd: (directory: string) => `cd ${posixWord(plain(directory))}`,
  export: (name: string, value: string) => `export ${name}=${posixWord(value)}`,
  set: (name: string, value: string) => `${name}=${posixWord(value)}`,
  unset: (name: string) => `unset ${name}`,
  save: (name: string, file: string) =>
    `if [ -n "\${${name}+x}" ]; then printf '+%s' "$${name}"; else printf -; fi >${posixWord(file)}`,
  evaluate: (program: string[]) => `eval "$(${program.map(posixWord).join(" ")})"`,
  call: (words: string[]) => words.map(posixWord).join(" "),
  nothing: ":",
  shownStatus: "$?",
  fail: (status: number) => `(exit ${status})`,
};

export const KINDS: Record<Shell, ShellKind> = {
  zsh: {
    ...posix,
    obtain: "install the package zsh",
    typed: "zsh",
    rcFile: ".zshrc",
    interactive: (program) => [program, "-d", "-i"],
    script: (program, script) => [program, "-f", "-c", script],
    rc: String.raw`
unsetopt prompt_sp beep
preexec() { builtin printf '\e]7770;start\a' }
`,
    prompt: (text) => `PROMPT=${posixWord(text)}$'%{\\e]7770;ready;;%?;zsh\\a%}'`,
  },
  bash: {
    ...posix,
    obtain: "install the package bash",
    typed: "bash",
    rcFile: ".bashrc",
    interactive: (program, rcFile) => [program, "--rcfile", rcFile, "-i"],
    script: (program, script) => [program, "--norc", "--noprofile", "-c", script],
    rc: String.raw`
unset HISTFILE
# Before 4.0 the history does not know $'…', and takes a !! in it for its own.
if ((BASH_VERSINFO[0] < 4)); then set +H; fi
PS0='\e]7770;start\a'
`,
    // Before 4.4 there is no PS0: there the command's number tells a new prompt from one that is drawn again.
    prompt: (text) => `PS1=${posixWord(text)}'\\[\\e]7770;ready;$$.\\#;$?;bash\\a\\]'`,
  },
  fish: {
    obtain: "install the package fish",
    typed: "fish",
    rcFile: ".config/fish/config.fish",
    interactive: (program) => [program, "-i"],
    script: (program, script) => [program, "--no-config", "-c", script],
    rc: String.raw`
set -g fish_greeting
set -g fish_autosuggestion_enabled 0
function fish_title
end
function __test_start --on-event fish_preexec
    builtin printf '\e]7770;start\a'
end
`,
    prompt: (text) =>
      `function fish_prompt; set -l __test_status $status; builtin printf '%s\\e]7770;ready;;%s;fish\\a' ${fishWord(text)} $__test_status; end`,
    word: fishWord,
    cd: (directory) => `cd ${fishWord(plain(directory))}`,
    export: (name, value) => `set -gx ${name} ${fishWord(value)}`,
    set: (name, value) => `set -g ${name} ${fishWord(value)}`,
    unset: (name) => `set -e ${name}`,
    save: (name, file) =>
      `begin; if set -q ${name}; printf '+%s' "$${name}"; else; printf -; end; end >${fishWord(file)}`,
    evaluate: (program) => `${program.map(fishWord).join(" ")} | source`,
    call: (words) => words.map(fishWord).join(" "),
    nothing: "true",
    shownStatus: "$status",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
  pwsh: {
    obtain: "install PowerShell 7",
    typed: "pwsh -NoLogo",
    rcFile: ".config/powershell/Microsoft.PowerShell_profile.ps1",
    interactive: (program) => [program, "-NoLogo"],
    script: (program, script) => [program, "-NoLogo", "-NoProfile", "-Command", script],
    // PSReadLine paints the line as it is typed; what is tested here needs only the engine.
    rc: String.raw`
if (Get-Module PSReadLine) { Remove-Module PSReadLine }
$global:__test_prompts = 0
`,
    prompt: (text) =>
      `function global:prompt { $ok = $?; $code = $global:LASTEXITCODE; $global:__test_prompts += 1; ` +
      `if ($ok) { $code = 0 } elseif (-not $code) { $code = 1 }; ` +
      `${pwshWord(text)} + "\`e]7770;ready;$PID.$global:__test_prompts;$code;pwsh\`a" }`,
    word: pwshWord,
    cd: (directory) => `cd -LiteralPath ${pwshWord(plain(directory))}`,
    export: (name, value) => `$env:${name} = ${pwshWord(value)}`,
    set: (name, value) => `$global:${name} = ${pwshWord(value)}`,
    unset: (name) => `if (Test-Path Env:${name}) { Remove-Item Env:${name} }`,
    save: (name, file) =>
      `$__test = $ExecutionContext.SessionState.PSVariable.GetValue('${name}'); ` +
      `[IO.File]::WriteAllText(${pwshWord(file)}, $(if ($null -eq $__test) { '-' } else { "+$__test" }))`,
    evaluate: (program) => {
      const name = `__codex_auth_${program.includes("completion") ? "completion" : "init"}`;
      return `if ($function:${name} = (& ${program.map(pwshWord).join(" ")}) -join "\`n") { . ${name} }`;
    },
    call: (words) => `& ${words.map(pwshWord).join(" ")}`,
    nothing: "$null",
    shownStatus: "$LASTEXITCODE",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
};

/** The same for all of them. */
export const KIND_OF: Record<AnyShell, ShellKind> = { ...KINDS, ...PROCESS_KINDS };

/** Returns the path of a shell, or undefined. `CODEX_AUTH_TEST_BASH=/opt/bash-3.2/bin/bash` (likewise for others) names another one. */
export function findShell(shell: AnyShell): string | undefined {
  return process.env[`CODEX_AUTH_TEST_${shell.toUpperCase()}`] ?? Bun.which(shell) ?? undefined;
}

/** The shells whose absence is a failure: `CODEX_AUTH_TEST_SHELLS="zsh bash"`. */
const required = (process.env.CODEX_AUTH_TEST_SHELLS ?? "").split(/[\s,]+/);

/** Describes the same tests for each of the shells. One that is not there is skipped, loudly; it fails where it is required. */
export function describeShells(title: string, body: (shell: Shell) => void, shells: readonly Shell[] = SHELLS): void {
  describeEach(title, body, shells);
}

/** The same for all that `init` serves. */
export const describeServedShells = (title: string, body: (shell: AnyShell) => void): void =>
  describeEach(title, body, ALL_SHELLS);

/** The same for the shells whose snippet asks the program. */
export function describeProcessShells(
  title: string,
  body: (shell: ProcessShell) => void,
  shells: readonly ProcessShell[] = PROCESS_SHELLS,
): void {
  describeEach(title, body, shells);
}

function describeEach<S extends AnyShell>(title: string, body: (shell: S) => void, shells: readonly S[]): void {
  for (const shell of shells) {
    const name = `${shell}: ${title}`;
    if (findShell(shell)) describe(name, () => body(shell));
    else if (required.includes(shell)) test(name, () => expect(`${shell}: not found`).toBe(KIND_OF[shell].obtain));
    else skipLoudly(name, shell);
  }
}

/** One test that needs one shell; skipped or failed as `describeShells` does. */
export function shellTest(shell: Shell, title: string, body: () => Promise<void> | void, milliseconds?: number): void {
  const name = `${shell}: ${title}`;
  if (findShell(shell)) test(name, body, milliseconds);
  else if (required.includes(shell)) test(name, () => expect(`${shell}: not found`).toBe(KIND_OF[shell].obtain));
  else skipLoudly(name, shell);
}

function skipLoudly(name: string, shell: AnyShell): void {
  console.warn(`SKIPPED, no ${shell} on PATH (${KIND_OF[shell].obtain}): ${name}`);
  test.skip(name, () => {});
}
