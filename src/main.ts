import { runVerb } from "./command.ts";
import { ELSEWHERE, type Entry, findCommand, SHORT_FORMS, VERBS } from "./commands/index.ts";
import type { Context } from "./context.ts";
import { systemFault, UserError } from "./core/errors.ts";
import { withoutKeys } from "./core/printable.ts";
import type { Terminal } from "./io/terminal.ts";
import { checkWords, didYouMean } from "./strict.ts";

/** What main needs from outside; the context is only made for a command that runs. */
export interface Outside {
  terminal: Pick<Terminal, "write" | "log" | "tty" | "colors">;
  makeContext(command: string): Context;
}

/** What a command line asks for. */
type Request =
  { kind: "version" } | { kind: "help"; name?: string } | { kind: "run"; name: string; words: readonly string[] };

/** Takes the words of the command line; does what they say and resolves to the exit code: 0, 1, 2, 70, or what a command gives. */
export async function main(words: readonly string[], outside: Outside): Promise<number> {
  let json = false;
  let help = "codex-auth --help";
  try {
    const request = parseRequest(words);
    if (request.kind !== "run") {
      await answer(request, outside);
      return 0;
    }
    const [, , load] = commandOf(request.name);
    const { default: verb } = await load();
    help = `codex-auth help ${request.name}`;
    json = "json" in verb.args && flagsIn(request.words).includes("--json");
    checkWords(request.words, verb);
    return await runVerb(verb, request.words, outside.makeContext(request.name));
  } catch (error) {
    return await report(error, { json, help }, outside.terminal);
  }
}

/** Takes the words of the command line. Throws UserError for what is no command. */
function parseRequest(words: readonly string[]): Request {
  const [first, ...others] = inFull(words);
  if (first === undefined) return { kind: "run", name: "overview", words: [] };
  if (first === "--version" || first === "-V") return alone(first, others, { kind: "version" });
  if (isHelp(first) || first === "help") {
    const [name, ...more] = others;
    if (name !== undefined && (isHelp(name) || name === "help")) return alone(name, more, { kind: "help" });
    if (name?.startsWith("-")) throw unknownFlag(name);
    return alone(name ?? first, more, name === undefined ? { kind: "help" } : { kind: "help", name });
  }
  if (first.startsWith("-")) throw unknownFlag(first);
  return flagsIn(others).some(isHelp) ? { kind: "help", name: first } : { kind: "run", name: first, words: others };
}

const unknownFlag = (word: string) =>
  usage(`unknown flag "${word}"${didYouMean(word.replace(/^-+/, ""), ["help", "version"], "--")}`);

function inFull(words: readonly string[]): readonly string[] {
  const [short, meant] = SHORT_FORMS.find(([begin]) => begin.every((word, at) => words[at] === word)) ?? [[], []];
  return [...meant, ...words.slice(short.length)];
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

async function answer(request: Exclude<Request, { kind: "run" }>, { terminal }: Outside): Promise<void> {
  if (request.kind === "version") {
    const { version } = await import("../package.json");
    terminal.write(`codex-auth ${version}\n`);
    return;
  }
  const { renderRootHelp, renderVerbHelp } = await import("./help.ts");
  if (request.name === undefined) return terminal.write(renderRootHelp(terminal.colors));
  const [, description, load] = commandOf(request.name);
  const { default: verb } = await load();
  terminal.write(await renderVerbHelp(request.name, description, verb, terminal.colors));
}

function commandOf(name: string): Entry {
  const command = findCommand(name);
  if (command) return command;
  const hint = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
  if (hint !== undefined) throw usage(`unknown command "${name}"`, hint);
  throw usage(`unknown command "${name}"${didYouMean(name, Object.keys(VERBS))}`);
}

const usage = (message: string, hint?: string) =>
  new UserError(message, { exitCode: 2, ...(hint !== undefined && { hint }) });

/** The one place where an error becomes text and an exit code. `help` is the hint for wrong usage that has none of its own. */
async function report(
  thrown: unknown,
  { json, help }: { json: boolean; help: string },
  terminal: Outside["terminal"],
): Promise<number> {
  const error = systemFault(thrown) ?? thrown;
  if (!(error instanceof UserError)) {
    terminal.log.fatal(`this is a bug\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 70;
  }
  if (json) {
    const { renderDocument } = await import("./core/documents/render.ts");
    const { code, message, details } = error;
    terminal.write(withoutKeys(renderDocument({ error: { code, message, ...details } })));
    return error.exitCode;
  }
  terminal.log.error({ message: error.message, hint: error.hint ?? (error.exitCode === 2 ? help : undefined) });
  return error.exitCode;
}
