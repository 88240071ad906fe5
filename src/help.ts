import { stripVTControlCharacters, styleText } from "node:util";
import type { ArgsDef as CittyArgs } from "citty";
import type { Verb } from "./command.ts";
import { GROUPS, VERBS } from "./commands/index.ts";

/** Returns the help of the whole program. It needs no command's module. */
export function renderRootHelp(colors: boolean): string {
  const heading = (text: string) => (colors ? styleText(["bold", "underline"], text, { validateStream: false }) : text);
  const width = Math.max(...Object.entries(VERBS).map(([name, [usage]]) => `${name} ${usage}`.length));
  const groups = Object.entries(GROUPS).flatMap(([title, verbs]) => [
    heading(title.toUpperCase()),
    ...Object.entries(verbs).map(([name, [usage, about]]) => `  ${`${name} ${usage}`.padEnd(width)}  ${about}`),
    "",
  ]);
  return [
    "Several OpenAI accounts for the Codex CLI: each terminal uses the right one, by directory.",
    "",
    `${heading("USAGE")} codex-auth COMMAND [ARGUMENTS]`,
    "",
    ...groups,
    heading("TO BEGIN"),
    "  codex-auth login                        add an account",
    "  codex-auth setup                        once: each terminal follows its directory",
    "  cd ~/work/acme && codex-auth pin acme   from now on that directory uses the account acme",
    "",
    "More about a command: codex-auth help COMMAND",
    "",
  ].join("\n");
}

/** Returns the help of one command: citty's usage, and examples. */
export async function renderVerbHelp(name: string, description: string, verb: Verb, colors: boolean): Promise<string> {
  const { renderUsage } = await import("./citty.ts");
  const args = shownArgs(verb);
  const usage = await renderUsage({ meta: { name, description }, args }, { meta: { name: "codex-auth" } });
  const hasFlags = Object.values(args).some(({ type }) => type !== "positional");
  const title = colors ? styleText(["bold", "underline"], "EXAMPLES", { validateStream: false }) : "EXAMPLES";
  const notes = verb.notes.length > 0 ? ["", ...verb.notes] : [];
  const text = [hasFlags ? usage.trimEnd() : usage.trimEnd().replace(" [OPTIONS]", ""), ...notes, "", title, ""];
  const lines = [...text, ...verb.examples.map((example) => `  ${example}`), ""].join("\n");
  return (colors ? lines : stripVTControlCharacters(lines)).replace(/ +$/gm, "");
}

/** Returns the arguments as the help shows them: what is on by default as the flag that switches it off, the rest as one with dots. */
function shownArgs({ args, rest }: Verb): CittyArgs {
  const shown: CittyArgs = {};
  for (const [name, def] of Object.entries(args)) {
    if (def.type !== "boolean" || def.default !== true) shown[name] = def;
    else shown[`no-${name}`] = { type: "boolean", description: def.negativeDescription ?? "" };
  }
  if (rest)
    shown[`${rest.name}…`] = { type: "positional", description: rest.description, required: rest.required ?? false };
  return shown;
}
