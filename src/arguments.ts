import { parseArgs } from "node:util";
import type { BooleanArgDef, EnumArgDef, PositionalArgDef, StringArgDef } from "citty";
import { closest } from "./core/closest.ts";
import { UserError } from "./core/errors.ts";

/** One argument of a command as citty defines it; a positional may list its words too. */
export type ArgDef = BooleanArgDef | StringArgDef | EnumArgDef | (PositionalArgDef & { options?: string[] });
export type ArgsDef = Record<string, ArgDef>;

/** The arguments behind the named ones, as in `remove SELECTOR…`. */
export interface Rest {
  name: string;
  description: string;
  required?: boolean;
}

type Text<D> = D extends { options: (infer Word)[] } ? Word : string;
type Given<D> = D extends { default: string } | { required: true }
  ? true
  : D extends { required: false }
    ? false
    : D extends { type: "positional" }
      ? true
      : false;

/** The parsed arguments by name; `_` holds the rest. A flag that is not given is its default, else false. */
export type ParsedArgs<T extends ArgsDef> = {
  [K in keyof T]: T[K] extends { type: "boolean" }
    ? boolean
    : Given<T[K]> extends true
      ? Text<T[K]>
      : Text<T[K]> | undefined;
} & { _: string[] };

/** What a command takes. */
export interface Signature {
  args: ArgsDef;
  rest?: Rest | undefined;
}

interface Flag {
  name: string;
  def: ArgDef;
  /** What a boolean becomes when this spelling is used: false for `--no-NAME`. */
  means: boolean;
}

/**
 * Parses the words behind a command's name, strictly: citty's own parser lets unknown flags and extra arguments pass and keeps the last
 * of repeated flags. Throws UserError with exit code 2. The values' types are those of `ParsedArgs` for the same definitions.
 */
export function parseArguments(words: readonly string[], { args, rest }: Signature): Record<string, unknown> {
  const flags = flagsOf(args);
  const values = new Map<string, string | boolean>();
  const operands: string[] = [];
  for (const token of tokenize(words, flags)) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const flag = flags.get(token.rawName);
    if (!flag) throw unknownFlag(words[token.index] ?? token.rawName, flags);
    if (values.has(flag.name)) throw usage(`${token.rawName} is given twice`);
    values.set(flag.name, flagValue(flag, token));
  }
  for (const [name, def] of Object.entries(args)) {
    if (def.type !== "positional") continue;
    const word = operands.shift();
    if (word !== undefined) values.set(name, checkWord(name.toUpperCase(), word, def));
  }
  const named = complete(args, values);
  if (!rest && operands[0] !== undefined) throw usage(`unexpected argument "${operands[0]}"`);
  if (rest?.required && operands.length === 0) throw usage(`missing argument ${rest.name.toUpperCase()}`);
  return { ...named, _: operands };
}

/** Returns every spelling of every flag, with its dashes. */
export function flagsOf(args: ArgsDef): Map<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [name, def] of Object.entries(args)) {
    if (def.type === "positional") continue;
    const aliases = "alias" in def && def.alias ? [def.alias].flat() : [];
    for (const spelling of [name, ...aliases]) {
      flags.set(spelling.length === 1 ? `-${spelling}` : `--${spelling}`, { name, def, means: true });
    }
    // as in citty's help: what is on by default, or says what its absence means, can be switched off
    const negatable = def.type === "boolean" && (def.default === true || def.negativeDescription !== undefined);
    if (negatable) flags.set(`--no-${name}`, { name, def, means: false });
  }
  return flags;
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];
type OptionToken = Extract<Token, { kind: "option" }>;

function tokenize(words: readonly string[], flags: Map<string, Flag>): Token[] {
  const options: Record<string, { type: "boolean" | "string"; short?: string }> = {};
  for (const [spelling, { def }] of flags) {
    const type = def.type === "boolean" ? "boolean" : "string";
    const name = spelling.replace(/^--?/, "");
    options[name] = spelling.startsWith("--") ? { type } : { type, short: name };
  }
  return parseArgs({ args: [...words], options, strict: false, tokens: true }).tokens;
}

function flagValue({ def, means }: Flag, { rawName, value, inlineValue }: OptionToken): string | boolean {
  if (def.type === "boolean") {
    if (value !== undefined) throw usage(`${rawName} takes no value`);
    return means;
  }
  const missing = value === undefined || (!inlineValue && value.startsWith("-") && value !== "-");
  if (missing) throw usage(`${rawName} needs a value`);
  return checkWord(rawName, value, def);
}

function checkWord(name: string, word: string, def: ArgDef): string {
  const options = "options" in def ? def.options : undefined;
  if (!options || options.includes(word)) return word;
  throw usage(`${name} cannot be "${word}"${didYouMean(word, options)}`, `one of ${options.join(", ")}`);
}

function complete(args: ArgsDef, values: Map<string, string | boolean>): Record<string, unknown> {
  const entries = Object.entries(args).map(([name, def]) => {
    const value = values.get(name) ?? def.default ?? (def.type === "boolean" ? false : undefined);
    const required = def.required ?? def.type === "positional";
    if (value === undefined && required) {
      throw usage(`missing argument ${def.type === "positional" ? name.toUpperCase() : `--${name}`}`);
    }
    return [name, value];
  });
  return Object.fromEntries(entries);
}

function unknownFlag(word: string, flags: Map<string, Flag>): UserError {
  const given = word.replace(/=.*/s, "");
  const names = [...flags.keys()].filter((spelling) => spelling.startsWith("--"));
  const guess = didYouMean(
    given.replace(/^-+/, ""),
    names.map((name) => name.slice(2)),
    "--",
  );
  return usage(`unknown flag "${given}"${guess}`);
}

/** Returns what to add to a message about a word that is none of these; `prefix` goes before the guess. */
export function didYouMean(word: string, candidates: readonly string[], prefix = ""): string {
  const guess = closest(word, candidates);
  return guess === undefined ? "" : `, did you mean "${prefix}${guess}"?`;
}

const usage = (message: string, hint?: string) =>
  new UserError(message, { exitCode: 2, ...(hint === undefined ? {} : { hint }) });
