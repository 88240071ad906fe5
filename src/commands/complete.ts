import { defineVerb } from "../command.ts";
import { type Candidate, type Completion, completeArguments } from "../complete.ts";
import type { Context } from "../context.ts";
import { homeIdOf } from "../core/accounts/account.ts";
import { labelOf, nameAccounts } from "../core/accounts/names.ts";
import { shownPlan } from "../core/accounts/usage.ts";
import { listPins } from "../core/active/pins.ts";
import { MISSING_LABEL } from "../core/homes/environment.ts";
import { withoutControls } from "../core/printable.ts";
import { loadRegistry } from "../core/state/state.ts";
import { findCommand, VERBS } from "./index.ts";

// Asked by the completion scripts at a key press: it only reads, and asks nobody. A line is a word, a tab, what it is; one that begins with
// the tab names what the shell knows better: directories, files, a command with the number of words before it,
// the program and this verb among them. tcsh gives the line in COMMAND_LINE, without its quotes, and splits the answer at blanks and expands
// braces in it: it gets the words alone, and none that has either.
export default defineVerb({
  args: { line: { type: "boolean", description: "as tcsh wants it: the line is in COMMAND_LINE" } },
  rest: {
    name: "words",
    description: "the words of the command line behind the program, the last as far as it is typed",
  },
  examples: ["codex-auth complete -- pin al"],
  async run(ctx, { _: given, line }) {
    const words = line ? (ctx.env.COMMAND_LINE ?? "").trimStart().split(/\s+/).slice(1) : given;
    const { words: candidates, kind, skip, prefix = "" } = await completionOf(words);
    const known = kind === "accounts" ? accounts(ctx) : kind === "pins" ? pins(ctx) : [];
    const lines = [...candidates, ...known].filter(({ word }) => word !== "" && withoutControls(word) === word);
    if (line) return printWords(ctx, prefix, lines);
    for (const { word, about } of lines) ctx.terminal.write(`${prefix}${word}\t${withoutControls(about)}\n`);
    if (kind === "directories" || kind === "files") ctx.terminal.write(`\t${kind}\n`);
    if (kind === "command") ctx.terminal.write(`\tcommand ${(skip ?? 0) + 2}\n`);
  },
});

function printWords({ terminal }: Context, prefix: string, candidates: readonly Candidate[]): void {
  for (const { word } of candidates) if (!/[\s{}]/.test(word)) terminal.write(`${prefix}${word}\n`);
}

async function completionOf(words: readonly string[]): Promise<Completion> {
  const [name = "", ...rest] = words;
  if (rest.length === 0 && name.startsWith("-")) return { words: GLOBAL_FLAGS };
  if (rest.length === 0) return { words: [...verbs(), { word: "help", about: "show the help of a command" }] };
  if (name === "help") return { words: rest.length === 1 ? verbs() : [] };
  const [, , load] = findCommand(name) ?? [];
  return load ? completeArguments(rest, (await load()).default) : { words: [] };
}

const GLOBAL_FLAGS = [
  { word: "--help", about: "show the help" },
  { word: "--version", about: "show the version" },
];

const verbs = (): Candidate[] => Object.entries(VERBS).map(([word, [, about]]) => ({ word, about }));

function accounts(ctx: Context): Candidate[] {
  return nameAccounts(loadRegistry(ctx)).map(({ name, account }) => {
    const email = account.email === name ? "" : account.email;
    return { word: name, about: [email, shownPlan(account)].filter(Boolean).join(" ") };
  });
}

function pins(ctx: Context): Candidate[] {
  const registry = loadRegistry(ctx);
  const labels = new Map(registry.accounts.map((one) => [homeIdOf(one.account_key), labelOf(registry, one)]));
  return listPins(ctx.files, ctx.layout).map(({ path, homeId }) => ({
    word: path,
    about: labels.get(homeId ?? "") ?? MISSING_LABEL,
  }));
}
