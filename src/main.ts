import { didYouMean } from "./arguments.ts";
import type { Context } from "./context.ts";
import { UserError } from "./core/errors.ts";
import type { Terminal } from "./io/terminal.ts";
import type { Verb } from "./verb.ts";
import { findVerb, VERBS, type VerbEntry } from "./verbs.ts";

/** What main needs from outside; the context is only made for a command that runs. */
export interface Outside {
  terminal: Pick<Terminal, "out" | "err" | "tty" | "colors">;
  makeContext(): Context;
}

/** What a command line asks for. */
type Request =
  | { kind: "bare" }
  | { kind: "version" }
  | { kind: "help"; name?: string }
  | { kind: "run"; name: string; words: readonly string[] };

/** Takes the words of the command line; does what they say and resolves to the exit code: 0, 1, 2, 70, or what a command gives. */
export async function main(words: readonly string[], outside: Outside): Promise<number> {
  let json = false;
  try {
    const request = parseRequest(words);
    if (request.kind !== "run") return await answer(request, outside);
    const verb = await loadVerb(request.name);
    json = "json" in verb.args && flagsIn(request.words).includes("--json");
    return await verb.run(outside.makeContext(), request.words);
  } catch (error) {
    return report(error, json, outside.terminal);
  }
}

/** Takes the words of the command line. Throws UserError for what is no command. */
function parseRequest(words: readonly string[]): Request {
  const [first, ...others] = words;
  if (first === undefined) return { kind: "bare" };
  if (first === "--version" || first === "-V") return alone(first, others, { kind: "version" });
  if (isHelp(first) || first === "help") {
    const [name, ...more] = others;
    return alone(name ?? first, more, name === undefined ? { kind: "help" } : { kind: "help", name });
  }
  if (first.startsWith("-")) {
    throw usage(`unknown flag "${first}"${didYouMean(first, ["--help", "--version"])}`);
  }
  return flagsIn(others).some(isHelp) ? { kind: "help", name: first } : { kind: "run", name: first, words: others };
}

function alone(word: string, others: readonly string[], request: Request): Request {
  if (others[0] === undefined) return request;
  throw usage(`unexpected argument "${others[0]}" behind ${word}`);
}

const isHelp = (word: string) => word === "--help" || word === "-h";

/** Returns the words that may be flags: those before `--`. */
function flagsIn(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  return end === -1 ? words : words.slice(0, end);
}

async function answer(request: Exclude<Request, { kind: "run" }>, { terminal }: Outside): Promise<number> {
  if (request.kind === "version") {
    const { version } = await import("../package.json");
    terminal.out(`codex-auth ${version}\n`);
    return 0;
  }
  const { renderRootHelp, renderVerbHelp } = await import("./help.ts");
  if (request.kind === "help" && request.name !== undefined) {
    const { description } = entryOf(request.name);
    terminal.out(await renderVerbHelp(request.name, description, await loadVerb(request.name), terminal.colors));
    return 0;
  }
  terminal.out(renderRootHelp(terminal.colors));
  return 0;
}

async function loadVerb(name: string): Promise<Verb> {
  return (await entryOf(name).load()).default;
}

function entryOf(name: string): VerbEntry {
  const entry = findVerb(name);
  if (entry) return entry;
  const names = Object.entries<VerbEntry>(VERBS).filter(([, { group }]) => group !== "hidden");
  const guess = didYouMean(
    name,
    names.map(([known]) => known),
  );
  throw usage(`unknown command "${name}"${guess}`);
}

const usage = (message: string) => new UserError(message, { exitCode: 2, hint: "codex-auth --help" });

/** The one place where an error becomes text and an exit code. */
function report(error: unknown, json: boolean, terminal: Outside["terminal"]): number {
  if (!(error instanceof UserError)) {
    terminal.err(
      `codex-auth: this is a bug\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 70;
  }
  if (json) {
    const { code, message, details } = error;
    terminal.out(`${JSON.stringify({ schema_version: 1, error: { code, message, ...details } }, null, 2)}\n`);
  } else {
    terminal.err(`codex-auth: ${printable(error.message)}\n`);
    if (error.hint !== undefined) terminal.err(`  try: ${printable(error.hint)}\n`);
  }
  return error.exitCode;
}

/** Returns the text without what would steer a terminal: messages quote names and arguments from anywhere. */
const printable = (text: string) => text.replace(/(?!\n)\p{Cc}/gu, "\u{fffd}");
