import type { ArgDef, Offers, Rest, Signature } from "./command.ts";
import { flagsOf } from "./strict.ts";

/** A word that Tab offers, and what stands beside it. */
export interface Candidate {
  word: string;
  about: string;
}

/** What Tab offers: words, and what has to be asked elsewhere; `prefix` goes before each word, as in `--shell=`. */
export interface Completion {
  words: Candidate[];
  /** What only the shell or the state can tell. */
  kind?: Exclude<Offers, (before: readonly string[]) => readonly string[]>;
  prefix?: string;
  /** How many words stand before a command that is another program's. */
  skip?: number;
}

/** Where the words before the cursor lead to. */
interface Place {
  /** The flag whose value comes next. */
  flag?: string | undefined;
  given: ReadonlySet<string>;
  operands: readonly string[];
  /** Whether `--` stands before: what follows is no flag. */
  isBehindDashes: boolean;
  /** Where the rest begins, counted in words. */
  restAt: number | undefined;
}

/** Takes the words behind a command's name, the last one as far as it is typed; returns what may stand in its place. */
export function completeArguments(words: readonly string[], signature: Signature): Completion {
  const typed = words.at(-1) ?? "";
  const { flag, given, operands, isBehindDashes, restAt } = placeOf(words.slice(0, -1), signature);
  const [name = "", value] = typed.split("=", 2);
  const { args } = signature;
  if (flag !== undefined) return offersOf(args[flag], operands);
  if (!isBehindDashes && value !== undefined && name.startsWith("--")) {
    const def = args[flagsOf(args).get(name)?.name ?? ""];
    return def && def.type !== "boolean" ? { ...offersOf(def, operands), prefix: `${name}=` } : { words: [] };
  }
  const positionals = Object.values(args).filter((def) => def.type === "positional");
  const own = offersOf(positionals[operands.length] ?? signature.rest, operands);
  if (own.kind === "command") own.skip = restAt ?? words.length - 1;
  if (isBehindDashes || !typed.startsWith("-")) return own;
  return { words: [...own.words.filter(({ word }) => word.startsWith(typed)), ...flagsLeft(args, given)] };
}

function placeOf(before: readonly string[], { args, rest }: Signature): Place {
  const flags = flagsOf(args);
  const given = new Set<string>();
  const operands: string[] = [];
  const positionals = Object.values(args).filter((def) => def.type === "positional").length;
  const isRest = () => rest !== undefined && operands.length > positionals;
  let restAt: number | undefined;
  for (let at = 0; at < before.length; at++) {
    const word = before[at] ?? "";
    if (word === "--") {
      const behind = before.slice(at + 1);
      return { given, operands: [...operands, ...behind], isBehindDashes: true, restAt: at + 1 };
    }
    const flag = flags.get(word.replace(/=.*/s, ""));
    if (flag) {
      given.add(flag.name);
      const takesNext = flag.def.type !== "boolean" && !word.includes("=");
      if (takesNext && at === before.length - 1)
        return { flag: flag.name, given, operands, isBehindDashes: false, restAt };
      if (takesNext) at++;
    } else if (word === "-" || !word.startsWith("-")) {
      operands.push(word);
      if (isRest()) restAt ??= at;
    }
  }
  return { given, operands, isBehindDashes: false, restAt };
}

function offersOf(def: ArgDef | Rest | undefined, before: readonly string[]): Completion {
  if (!def || !("offers" in def || "words" in def || "options" in def)) return { words: [] };
  const { offers, words: described = {} } = def;
  const options = "options" in def ? (def.options ?? []) : [];
  const computed = typeof offers === "function" ? offers(before) : [];
  const words = [
    ...[...options, ...computed].map((word) => ({ word, about: described[word] ?? def.description ?? "" })),
    ...Object.entries(described).flatMap(([word, about]) => (options.includes(word) ? [] : { word, about })),
  ];
  return typeof offers === "string" ? { words, kind: offers } : { words };
}

function flagsLeft(args: Signature["args"], given: ReadonlySet<string>): Candidate[] {
  const left = [...flagsOf(args)].filter(([spelling, { name }]) => spelling.startsWith("--") && !given.has(name));
  const flags = left.map(([word, { def }]) => {
    const negative = word.startsWith("--no-") && "negativeDescription" in def ? def.negativeDescription : undefined;
    return { word, about: negative ?? def.description ?? "" };
  });
  return [...flags, { word: "--help", about: "show the help" }];
}
