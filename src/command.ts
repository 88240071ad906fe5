import type { BooleanArgDef, CommandDef, EnumArgDef, PositionalArgDef, StringArgDef } from "citty";
import type { Context } from "./context.ts";

/** What Tab offers for an argument beside its `options`; a function gets the arguments that stand before it. */
export type Offers =
  "accounts" | "pins" | "directories" | "files" | "command" | ((before: readonly string[]) => readonly string[]);

interface Offering {
  /** Takes a word that is none of the `options`; returns what to do instead, where there is something. */
  otherwise?(word: string): string | undefined;
  offers?: Offers;
  /** Words that are offered beside those, each with what it means. */
  words?: Record<string, string>;
}

/** One argument of a command as citty defines it, and what Tab offers for it; a positional may list its words too. */
export type ArgDef =
  BooleanArgDef | ((StringArgDef | EnumArgDef | (PositionalArgDef & { options?: string[] })) & Offering);
export type ArgsDef = Record<string, ArgDef>;

/** The arguments behind the named ones, as in `remove SELECTOR…`. */
export interface Rest extends Offering {
  name: string;
  description: string;
  required?: boolean;
}

/** What a command takes. */
export interface Signature {
  args: ArgsDef;
  rest?: Rest | undefined;
}

type Text<D> = D extends { options: (infer Word)[] } ? Word : string;
type Given<D> = D extends { default: string } | { required: true }
  ? true
  : D extends { required: false }
    ? false
    : D extends { type: "positional" }
      ? true
      : false;

/** The parsed arguments by name; `_` holds the rest. A flag that is not given is its default, else false. (citty's own type lets `args.typo` pass.) */
export type ParsedArgs<T extends ArgsDef> = {
  [K in keyof T]: T[K] extends { type: "boolean" }
    ? boolean
    : Given<T[K]> extends true
      ? Text<T[K]>
      : Text<T[K]> | undefined;
} & { _: string[] };

interface Definition<T extends ArgsDef> {
  /** Flags and positionals, as citty defines them; positionals in their order, needed unless `required: false`. */
  args: T;
  /** What may follow the positionals, any number of it: `args._`. */
  rest?: Rest;
  /** Command lines for the help, the most wanted first. */
  examples: readonly string[];
  /** What the help says beside that, line by line. */
  notes?: readonly string[];
  /** Does it; a number is the exit code. Throws UserError for what the user can mend. */
  run(ctx: Context, args: ParsedArgs<T>): void | number | Promise<void | number>;
}

/** A command: citty's, what may follow its arguments, examples, and more for the help. */
export type Verb = CommandDef &
  Signature & {
    examples: readonly string[];
    notes: readonly string[];
    /** Does it with no arguments given, as citty would. */
    bare(ctx: Context): void | number | Promise<void | number>;
  };

/** Makes a command of its definition. */
export function defineVerb<const T extends ArgsDef>({ args, rest, examples, notes = [], run }: Definition<T>): Verb {
  const command: CommandDef<ArgsDef> = {
    args,
    // citty gives each name of `args` the value that its definition says; the type follows from the definition
    run: ({ data, args: parsed }) => run(data, valuesOf(args, parsed) as ParsedArgs<T>),
  };
  const bare = (ctx: Context) => run(ctx, valuesOf(args, { _: [], ...defaultsOf(args) }) as ParsedArgs<T>);
  return { ...command, args, rest, examples, notes, bare };
}

/** Takes words that checkWords has let pass; runs the command and resolves to its exit code. */
export async function runVerb(verb: Verb, words: readonly string[], ctx: Context): Promise<number> {
  // without words there is nothing to parse
  if (words.length === 0) return (await verb.bare(ctx)) ?? 0;
  const { defineCommand, runCommand } = await import("./citty.ts");
  const { result } = await runCommand(defineCommand(verb), { rawArgs: [...words], data: ctx });
  return typeof result === "number" ? result : 0;
}

/** Returns what citty gives the arguments that are not given. */
const defaultsOf = (args: ArgsDef) =>
  Object.fromEntries(Object.entries(args).flatMap(([name, def]) => ("default" in def ? [[name, def.default]] : [])));

function valuesOf(args: ArgsDef, parsed: { _: string[] } & Record<string, unknown>): Record<string, unknown> {
  const defs = Object.entries(args);
  const named = defs.map(([name, def]) => [name, parsed[name] ?? (def.type === "boolean" ? false : undefined)]);
  const positionals = defs.filter(([, def]) => def.type === "positional").length;
  return { ...Object.fromEntries(named), _: parsed._.slice(positionals) };
}
