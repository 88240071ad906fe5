import elvishCompletion from "../shell/completions/codex-auth.elv" with { type: "text" };
import tcshCompletion from "../shell/completions/codex-auth.tcsh" with { type: "text" };
import nuCompletion from "../shell/completions/codex-auth.nu" with { type: "text" };
import xonshCompletion from "../shell/completions/codex-auth.xsh" with { type: "text" };
import elvish from "../shell/init.elv" with { type: "text" };
import nu from "../shell/init.nu" with { type: "text" };
import tcsh from "../shell/init.tcsh" with { type: "text" };
import xonsh from "../shell/init.xsh" with { type: "text" };
import type { SnippetValues } from "./shell.ts";

/** The shells whose snippet asks the program at each change of directory. */
export const PROCESS_SHELLS = ["elvish", "nu", "xonsh", "tcsh"] as const;
export type ProcessShell = (typeof PROCESS_SHELLS)[number];

interface Dialect {
  snippet: string;
  completion: string;
  quote(text: string): string;
  list(words: string[]): string;
  /** What the shell runs, or reads, to set and unset variables. */
  environment(set: Record<string, string>, unset: readonly string[]): string;
  /** The values of an option that is off, and on. */
  flags: [off: string, on: string];
  /** What is made of a script that cannot be printed as it is. */
  print?(script: string): string;
}

const elvishQuote = (text: string) => `'${text.replaceAll("'", "''")}'`;
// The escapes of JSON, but for the control characters that have no letter.
const nuQuote = (text: string) =>
  JSON.stringify(text).replace(/\\u([0-9a-f]{4})/g, (_escape, code: string) => `\\u{${code}}`);

// A backquote has no line feeds: a `;` is at the end of each line, and no comment before it.
const tcshLines = (script: string) =>
  script
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => `${line.replace(/ # init: \w+$/, "")} ;\n`)
    .join("");
// Nothing stands between quotes: there a backslash means something only where the user has set backslash_quote. `!` is history in both.
const tcshQuote = (text: string) => text.replace(/[^\w/.,:=@%+\u0080-\uffff-]/g, "\\$&") || "''";

/** Takes the commands that set and unset one variable; returns what makes lines of them for many. */
const commands =
  (setOne: (name: string, value: string) => string, unsetOne: (name: string) => string): Dialect["environment"] =>
  (set, unset) =>
    [...Object.entries(set).map(([name, value]) => setOne(name, value)), ...unset.map(unsetOne)]
      .map((line) => `${line}\n`)
      .join("");

const DIALECTS: Record<ProcessShell, Dialect> = {
  elvish: {
    snippet: elvish,
    completion: elvishCompletion,
    quote: elvishQuote,
    list: (words) => `[${words.map(elvishQuote).join(" ")}]`,
    environment: commands(
      (name, value) => `set-env ${name} ${elvishQuote(value)}`,
      (name) => `unset-env ${name}`,
    ),
    flags: ["$false", "$true"],
  },
  nu: {
    snippet: nu,
    completion: nuCompletion,
    quote: nuQuote,
    list: (words) => `[${words.map(nuQuote).join(" ")}]`,
    // It evaluates no text: `from json | load-env`, as with direnv. A program does not get a variable that is null.
    environment: (set, unset) =>
      `${JSON.stringify({ ...set, ...Object.fromEntries(unset.map((name) => [name, null])) })}\n`,
    flags: ["false", "true"],
  },
  xonsh: {
    snippet: xonsh,
    completion: xonshCompletion,
    quote: (text) => JSON.stringify(text),
    list: (words) => JSON.stringify(words),
    environment: commands(
      (name, value) => `$${name} = ${JSON.stringify(value)}`,
      (name) => `\${...}.pop("${name}", None)`,
    ),
    flags: ["False", "True"],
  },
  tcsh: {
    snippet: tcsh,
    completion: tcshCompletion,
    quote: tcshQuote,
    list: (words) => `(${words.map(tcshQuote).join(" ")})`,
    environment: commands(
      (name, value) => `setenv ${name} ${tcshQuote(value)} ;`,
      (name) => `unsetenv ${name} ;`,
    ),
    flags: ["0", "1"],
    print: tcshLines,
  },
};

/** Takes a word; returns whether it names one of these shells. */
export const isProcessShell = (name: string): name is ProcessShell => PROCESS_SHELLS.some((shell) => shell === name);

/** Takes any text without NUL; returns it as one literal word of the shell (for xonsh a string of Python's), which nothing in it can leave. */
export const quoteForProcessShell = (shell: ProcessShell, text: string): string => DIALECTS[shell].quote(text);

/** Returns the snippet of a shell with its marked lines (`# init: NAME`) filled in. */
export function renderProcessSnippet(shell: ProcessShell, { program, base, prompt, hook }: SnippetValues): string {
  const { snippet, flags } = DIALECTS[shell];
  const flag = (on: boolean) => flags[Number(on)] ?? "";
  return fillIn(shell, snippet, { program, base, prompt: flag(prompt), hook: flag(hook) });
}

/** Takes the words that start this program and the base home; returns a shell's completion script with its marked lines filled in. */
export const renderProcessCompletion = (shell: ProcessShell, program: string[], base: string): string =>
  fillIn(shell, DIALECTS[shell].completion, { program, base });

/** Takes variables to set and names to unset; returns what does so in a shell: commands for its `eval`, or a record of JSON for nushell's `load-env`. */
export const renderProcessEnv = (shell: ProcessShell, set: Record<string, string>, unset: readonly string[]): string =>
  DIALECTS[shell].environment(set, unset);

/** What stands in marked lines: lists of words, texts, and what the shell reads as it is. */
interface Values {
  program: string[];
  base: string;
  prompt?: string;
  hook?: string;
}

function fillIn(shell: ProcessShell, script: string, { program, base, ...flags }: Values): string {
  const { quote, list, print } = DIALECTS[shell];
  const texts: Record<string, string> = { ...flags, program: list(program), base: quote(base) };
  const filled = script.replace(
    /^([^=\n]+= ).*?( # init: (\w+))$/gm,
    (_line, before: string, mark: string, name: string) => before + texts[name] + mark,
  );
  return print?.(filled) ?? filled;
}
