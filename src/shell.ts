import bashCompletion from "../shell/completions/codex-auth.bash" with { type: "text" };
import fishCompletion from "../shell/completions/codex-auth.fish" with { type: "text" };
import pwshCompletion from "../shell/completions/codex-auth.ps1" with { type: "text" };
import zshCompletion from "../shell/completions/codex-auth.zsh" with { type: "text" };
import bash from "../shell/init.bash" with { type: "text" };
import fish from "../shell/init.fish" with { type: "text" };
import pwsh from "../shell/init.ps1" with { type: "text" };
import zsh from "../shell/init.zsh" with { type: "text" };

/** The shells that `init` knows. */
export const SHELLS = ["zsh", "bash", "fish", "pwsh"] as const;
export type Shell = (typeof SHELLS)[number];

/** What `init` fills into a snippet. */
export interface SnippetValues {
  /** The words that start this program: absolute runtime, flags, absolute script; or the one binary. */
  program: string[];
  /** The base home, absolute. */
  base: string;
  /** Show the label in the prompt. */
  prompt: boolean;
  /** Follow `cd` and the prompt. */
  hook: boolean;
}

interface Dialect {
  snippet: string;
  completion: string;
  quote(text: string): string;
  list(words: string[]): string;
  set(name: string, value: string): string;
  unset(name: string): string;
}

const posixQuote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const posix = {
  quote: posixQuote,
  list: (words: string[]) => `(${words.map(posixQuote).join(" ")})`,
  set: (name: string, value: string) => `export ${name}=${posixQuote(value)}`,
  unset: (name: string) => `unset ${name}`,
};
const fishQuote = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;
// PowerShell takes the typographic quotes U+2018 to U+201B for single quotes too.
const pwshQuote = (text: string) => `'${text.replace(/['‘-‛]/g, "$&$&")}'`;

const DIALECTS: Record<Shell, Dialect> = {
  zsh: { snippet: zsh, completion: zshCompletion, ...posix },
  bash: { snippet: bash, completion: bashCompletion, ...posix },
  fish: {
    snippet: fish,
    completion: fishCompletion,
    quote: fishQuote,
    list: (words) => words.map(fishQuote).join(" "),
    set: (name, value) => `set -gx ${name} ${fishQuote(value)}`,
    unset: (name) => `set -e ${name}`,
  },
  pwsh: {
    snippet: pwsh,
    completion: pwshCompletion,
    quote: pwshQuote,
    list: (words) => `@(${words.map(pwshQuote).join(", ")})`,
    set: (name, value) => `$env:${name} = ${pwshQuote(value)}`,
    unset: (name) => `Remove-Item -ErrorAction Ignore Env:${name}`,
  },
};

/** Takes any text without NUL; returns it as one literal word of the shell, which nothing in it can leave. */
export function quote(shell: Shell | "sh", text: string): string {
  return shell === "sh" ? posixQuote(text) : DIALECTS[shell].quote(text);
}

/** Takes variables to set and names to unset; returns the commands that do so, one a line, for `eval` in the shell. */
export function renderEnv(shell: Shell | "sh", set: Record<string, string>, unset: readonly string[]): string {
  const dialect = shell === "sh" ? posix : DIALECTS[shell];
  const lines = [...Object.entries(set).map(([name, value]) => dialect.set(name, value)), ...unset.map(dialect.unset)];
  return lines.map((line) => `${line}\n`).join("");
}

/** Lines behind the first that are a comment and nothing else, or blank: a shell takes its time over them. The marks stay. */
const IDLE = /(?<=\n)[ \t]*(?:#(?! init: | codex-auth: ).*)?\n/g;

/** Returns the code of the snippet of a shell with its marked lines (`# init: NAME`) filled in. */
export function renderSnippet(shell: Shell, values: SnippetValues): string {
  const { snippet, quote, list } = DIALECTS[shell];
  const texts: Record<string, string> = {
    program: list(values.program),
    base: quote(values.base),
    prompt: values.prompt ? "1" : "0",
    hook: values.hook ? "1" : "0",
  };
  return fillIn(shell, snippet.replace(IDLE, ""), texts);
}

/** Takes the words that start this program and the base home; returns a shell's completion script with its marked lines filled in. */
export function renderCompletion(shell: Shell, program: string[], base: string): string {
  const { completion, quote, list } = DIALECTS[shell];
  return fillIn(shell, completion, { program: list(program), base: quote(base) });
}

/** Takes a script with marked lines (`# init: NAME`), which assign, and what to assign; returns it with them filled in. */
function fillIn(shell: Shell, script: string, texts: Record<string, string>): string {
  const assignment =
    shell === "fish" ? /^( *set -g \w+ ).*?( +# init: (\w+))$/gm : /^([^=\n]+= *).*?( +# init: (\w+))$/gm;
  return script.replace(assignment, (_line, before: string, mark: string, name: string) => before + texts[name] + mark);
}
