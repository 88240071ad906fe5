import { type ArgsDef, parseArguments, type ParsedArgs, type Rest, type Signature } from "./arguments.ts";
import type { Context } from "./context.ts";

interface Definition<T extends ArgsDef> {
  /** Flags and positionals, as citty defines them; positionals in their order, needed unless `required: false`. */
  args: T;
  /** What may follow the positionals, any number of it: `args._`. */
  rest?: Rest;
  /** Command lines for the help, the most wanted first. */
  examples: readonly string[];
  /** Does it; a number is the exit code. Throws UserError for what the user can mend. */
  run(ctx: Context, args: ParsedArgs<T>): void | number | Promise<void | number>;
}

/** A command as main sees it: what it takes, and examples. */
export interface Verb extends Signature {
  examples: readonly string[];
  /** Parses the words behind the command's name; returns what does it, which resolves to the exit code. Throws UserError for wrong usage. */
  prepare(words: readonly string[]): (ctx: Context) => Promise<number>;
}

/** Makes a command of its definition: `run` gets its arguments parsed and checked. */
export function defineVerb<const T extends ArgsDef>({ args, rest, examples, run }: Definition<T>): Verb {
  return {
    args,
    rest,
    examples,
    prepare(words) {
      // parseArguments gives each name of `args` the value that its definition says; the type follows from the definition
      const parsed = parseArguments(words, { args, rest }) as ParsedArgs<T>;
      return async (ctx) => (await run(ctx, parsed)) ?? 0;
    },
  };
}
