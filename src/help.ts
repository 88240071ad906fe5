import { stripVTControlCharacters, styleText } from "node:util";
import type { ArgsDef as CittyArgs } from "citty";
import type { Verb } from "./verb.ts";
import { GROUPS, VERBS, type VerbEntry } from "./verbs.ts";

/** Returns the help of the whole program. It needs no command's module. */
export function renderRootHelp(colors: boolean): string {
  const bold = (text: string) => (colors ? styleText("bold", text, { validateStream: false }) : text);
  const entries = Object.entries<VerbEntry>(VERBS);
  const width = Math.max(...entries.map(([name, { usage }]) => `${name} ${usage}`.length));
  const groups = Object.entries(GROUPS).flatMap(([group, title]) => {
    const members = entries.filter(([, entry]) => entry.group === group);
    const lines = members.map(
      ([name, { usage, description }]) => `  ${`${name} ${usage}`.padEnd(width)}  ${description}`,
    );
    return lines.length === 0 ? [] : [bold(title), ...lines, ""];
  });
  return [
    "Several OpenAI accounts for the Codex CLI: each terminal uses the right one, by directory.",
    "",
    `${bold("Usage")}  codex-auth COMMAND [ARGUMENTS]`,
    "",
    ...groups,
    bold("To begin"),
    "  codex-auth login                        add an account",
    '  eval "$(codex-auth init zsh)"           in ~/.zshrc; see: codex-auth help init',
    "  cd ~/work/acme && codex-auth pin acme   from now on that directory uses the account acme",
    "",
    "More about a command: codex-auth help COMMAND",
    "",
  ].join("\n");
}

/** Returns the help of one command: citty's usage, and examples. */
export async function renderVerbHelp(name: string, description: string, verb: Verb, colors: boolean): Promise<string> {
  const { renderUsage } = await import("citty");
  const args: CittyArgs = { ...verb.args, ...restAsPositional(verb) };
  const usage = await renderUsage({ meta: { name, description }, args }, { meta: { name: "codex-auth" } });
  const examples = ["EXAMPLES", "", ...verb.examples.map((example) => `  ${example}`)];
  const text = `${usage.trimEnd()}\n\n${examples.join("\n")}\n`;
  return colors ? text : stripVTControlCharacters(text);
}

function restAsPositional({ rest }: Verb): CittyArgs {
  if (!rest) return {};
  const { name, description, required = false } = rest;
  return { [`${name}…`]: { type: "positional", description, required } };
}
