import elvish from "../shell/init.elv" with { type: "text" };
import nu from "../shell/init.nu" with { type: "text" };
import xonsh from "../shell/init.xsh" with { type: "text" };
import type { SnippetValues } from "./shell.ts";

/** The shells whose snippet asks the program at each change of directory, and reads its answer as JSON. */
export const JSON_SHELLS = ["elvish", "nu", "xonsh"] as const;
export type JsonShell = (typeof JSON_SHELLS)[number];

interface Dialect {
  snippet: string;
  quote(text: string): string;
  list(words: string[]): string;
  /** The line for the start file, and that file. */
  line: string;
  file: string;
}

const elvishQuote = (text: string) => `'${text.replaceAll("'", "''")}'`;
// The escapes of JSON, but for the control characters that have no letter.
const nuQuote = (text: string) =>
  JSON.stringify(text).replace(/\\u([0-9a-f]{4})/g, (_escape, code: string) => `\\u{${code}}`);

const DIALECTS: Record<JsonShell, Dialect> = {
  elvish: {
    snippet: elvish,
    quote: elvishQuote,
    list: (words) => `[${words.map(elvishQuote).join(" ")}]`,
    line: "eval (codex-auth init elvish | slurp)",
    file: "~/.config/elvish/rc.elv",
  },
  nu: {
    snippet: nu,
    quote: nuQuote,
    list: (words) => `[${words.map(nuQuote).join(" ")}]`,
    line: "codex-auth init nu | save --force ($nu.data-dir | path join vendor/autoload/codex-auth.nu)",
    file: "nushell, once and after each update of codex-auth",
  },
  xonsh: {
    snippet: xonsh,
    quote: (text) => JSON.stringify(text),
    list: (words) => JSON.stringify(words),
    line: "execx($(codex-auth init xonsh))",
    file: "~/.xonshrc",
  },
};

const FLAGS: Record<JsonShell, [off: string, on: string]> = {
  elvish: ["$false", "$true"],
  nu: ["false", "true"],
  xonsh: ["False", "True"],
};

/** Takes a word; returns whether it names one of these shells. */
export const isJsonShell = (name: string): name is JsonShell => JSON_SHELLS.some((shell) => shell === name);

/** Returns how one of these shells is set up. */
export const jsonSetup = (shell: JsonShell): { line: string; file: string } => DIALECTS[shell];

/** Returns the snippet of a shell with its marked lines (`# init: NAME`) filled in. */
export function renderJsonSnippet(shell: JsonShell, { program, base, prompt, hook }: SnippetValues): string {
  const { snippet, quote, list } = DIALECTS[shell];
  const flag = (on: boolean) => FLAGS[shell][Number(on)] ?? "";
  const texts: Record<string, string> = {
    program: list(program),
    base: quote(base),
    prompt: flag(prompt),
    hook: flag(hook),
  };
  return snippet.replace(
    /^([^=\n]+= ).*?( # init: (\w+))$/gm,
    (_line, before: string, mark: string, name: string) => before + texts[name] + mark,
  );
}
