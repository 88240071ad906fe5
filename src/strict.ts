import type { parseArgs } from "node:util";
import type { ArgDef, ArgsDef, Rest, Signature } from "./command.ts";
import { closest } from "./core/closest.ts";
import { UserError } from "./core/errors.ts";

/** A flag, by whatever spelling. */
interface Flag {
  name: string;
  def: ArgDef;
}

/**
 * Checks the words behind a command's name: citty's parser lets unknown flags and extra arguments pass, and keeps the last of repeated
 * flags. What this lets pass citty reads as it is meant. Throws UserError with exit code 2.
 */
export function checkWords(words: readonly string[], { args, rest }: Signature): void {
  const flags = flagsOf(args);
  const given = new Set<string>();
  const operands: string[] = [];
  const isBeforeCommand = rest?.offers === "command";
  for (const token of tokenize(words, flags)) {
    if (token.kind === "positional") operands.push(token.value);
    const [command] = operands;
    // whose it is cannot be told: `git checkout -- FILE` would lose its --
    if (token.kind === "option-terminator" && isBeforeCommand && command !== undefined)
      throw usage(`-- stands behind "${command}"`, BEHIND);
    if (token.kind !== "option") continue;
    const flag = flags.get(token.rawName);
    if (!flag) throw unknownFlag(words[token.index] ?? token.rawName, flags, isBeforeCommand);
    if (isBeforeCommand && command !== undefined) throw usage(`${token.rawName} stands behind "${command}"`, BEHIND);
    if (given.has(flag.name)) throw usage(`${token.rawName} is given twice`);
    given.add(flag.name);
    checkFlag(flag, token);
  }
  checkOperands(operands, args, given, rest);
}

function checkOperands(operands: readonly string[], args: ArgsDef, given: ReadonlySet<string>, rest?: Rest): void {
  const left = [...operands];
  for (const [name, def] of Object.entries(args)) {
    const isPositional = def.type === "positional";
    const word = isPositional ? left.shift() : undefined;
    if (word !== undefined) checkWord(name.toUpperCase(), word, def);
    else if ((def.required ?? isPositional) && !given.has(name))
      throw usage(`missing argument ${isPositional ? name.toUpperCase() : `--${name}`}`);
  }
  if (!rest && left[0] !== undefined) throw usage(`unexpected argument "${left[0]}"`);
  if (rest?.required && left.length === 0) throw usage(`missing argument ${rest.name.toUpperCase()}`);
}

/** Returns every spelling of every flag, with its dashes. */
export function flagsOf(args: ArgsDef): Map<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [name, def] of Object.entries(args)) {
    if (def.type === "positional") continue;
    const aliases = "alias" in def && def.alias ? [def.alias].flat() : [];
    for (const spelling of [name, ...aliases]) {
      flags.set(spelling.length === 1 ? `-${spelling}` : `--${spelling}`, { name, def });
    }
    // as in citty's help: what is on by default, or says what its absence means, can be switched off
    const negatable = def.type === "boolean" && (def.default === true || def.negativeDescription !== undefined);
    if (negatable) flags.set(`--no-${name}`, { name, def });
  }
  return flags;
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];
type OptionToken = Extract<Token, { kind: "option" }>;

// loaded when a word may be a flag: it takes a third of the time that Bun takes to start
const loadUtil = (): typeof import("node:util") => require("node:util");

function tokenize(words: readonly string[], flags: Map<string, Flag>): Token[] {
  if (!words.some((word) => word.startsWith("-")))
    return words.map((value, index) => ({ kind: "positional", index, value }));
  const options: Record<string, { type: "boolean" | "string"; short?: string }> = {};
  for (const [spelling, { def }] of flags) {
    const type = def.type === "boolean" ? "boolean" : "string";
    const name = spelling.replace(/^--?/, "");
    options[name] = spelling.startsWith("--") ? { type } : { type, short: name };
  }
  return loadUtil().parseArgs({ args: [...words], options, strict: false, tokens: true }).tokens;
}

function checkFlag({ def }: Flag, { rawName, value, inlineValue }: OptionToken): void {
  if (def.type === "boolean") {
    if (value !== undefined) throw usage(`${rawName} takes no value`);
    return;
  }
  const missing = value === undefined || (!inlineValue && value.startsWith("-") && value !== "-");
  if (missing) throw usage(`${rawName} needs a value`);
  checkWord(rawName, value, def);
}

function checkWord(name: string, word: string, def: ArgDef): void {
  const options = "options" in def ? def.options : undefined;
  const otherwise = "otherwise" in def ? def.otherwise : undefined;
  if (!options || options.includes(word)) return;
  throw usage(
    `${name} cannot be "${word}"${didYouMean(word, options)}`,
    [`one of ${options.join(", ")}`, otherwise?.(word) ?? []].flat().join("; "),
  );
}

function unknownFlag(word: string, flags: Map<string, Flag>, isBeforeCommand: boolean): UserError {
  const given = word.replace(/=.*/s, "");
  const names = [...flags.keys()].filter((spelling) => spelling.startsWith("--"));
  const guess = didYouMean(
    given.replace(/^-+/, ""),
    names.map((name) => name.slice(2)),
    "--",
  );
  return usage(`unknown flag "${given}"${guess}`, isBeforeCommand && !guess ? BEHIND : undefined);
}

const BEHIND = "a flag of the command itself goes behind --: codex-auth exec -- COMMAND";

/** Returns what to add to a message about a word that is none of these; `prefix` goes before the guess. */
export function didYouMean(word: string, candidates: readonly string[], prefix = ""): string {
  const guess = closest(word, candidates);
  return guess === undefined ? "" : `, did you mean "${prefix}${guess}"?`;
}

const usage = (message: string, hint?: string) =>
  new UserError(message, { exitCode: 2, ...(hint === undefined ? {} : { hint }) });
