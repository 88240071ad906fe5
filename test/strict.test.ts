import { expect, test } from "bun:test";
import { defineVerb, runVerb, type Signature } from "../src/command.ts";
import type { Context } from "../src/context.ts";
import { checkWords } from "../src/strict.ts";

/** Parses words as the program does: checked, then read by citty. */
async function parseArguments(words: string[], { args, rest }: Signature): Promise<unknown> {
  checkWords(words, { args, rest });
  let parsed: unknown;
  const verb = defineVerb({ args, ...(rest && { rest }), examples: [], run: (_ctx, given) => void (parsed = given) });
  // the verb looks at nothing of it
  await runVerb(verb, words, {} as Context);
  return parsed;
}

const PIN: Signature = {
  args: {
    selector: { type: "positional", required: false },
    dir: { type: "positional", required: false },
    json: { type: "boolean", alias: "j" },
    alias: { type: "string", alias: ["a", "name"] },
    shell: { type: "enum", options: ["sh", "zsh"], default: "sh" },
    prompt: { type: "boolean", default: true },
  },
};
const DEFAULTS = {
  selector: undefined,
  dir: undefined,
  json: false,
  alias: undefined,
  shell: "sh",
  prompt: true,
  _: [],
};

test.each([
  [[], {}],
  [["work"], { selector: "work" }],
  [["work", "--json", "dir"], { selector: "work", dir: "dir", json: true }],
  [["-j"], { json: true }],
  [["--alias", "x y"], { alias: "x y" }],
  [["--alias=x=y"], { alias: "x=y" }],
  [["--alias="], { alias: "" }],
  [["--alias=-x"], { alias: "-x" }],
  [["--alias", "-"], { alias: "-" }],
  [["-a", "x"], { alias: "x" }],
  [["--name", "x"], { alias: "x" }],
  [["--no-prompt"], { prompt: false }],
  [["--prompt"], { prompt: true }],
  [["--shell", "zsh"], { shell: "zsh" }],
  [["-"], { selector: "-" }],
  [["--", "--json", "-x"], { selector: "--json", dir: "-x" }],
  [["a", "--", "--"], { selector: "a", dir: "--" }],
  [["toString", "__proto__"], { selector: "toString", dir: "__proto__" }],
  [[""], { selector: "" }],
])("%j is accepted", async (words, given) => {
  expect(await parseArguments(words, PIN)).toEqual({ ...DEFAULTS, ...given });
});

test.each([
  [["a", "b", "c"], 'unexpected argument "c"'],
  [["--frob"], 'unknown flag "--frob"'],
  [["--jsno"], 'unknown flag "--jsno", did you mean "--json"?'],
  [["--toString"], 'unknown flag "--toString"'],
  [["--__proto__"], 'unknown flag "--__proto__"'],
  [["--constructor=1"], 'unknown flag "--constructor"'],
  [["-x"], 'unknown flag "-x"'],
  [["-jx"], 'unknown flag "-jx"'],
  [["-json"], 'unknown flag "-json", did you mean "--json"?'],
  [["--jsno=1"], 'unknown flag "--jsno", did you mean "--json"?'],
  [["--no-json"], 'unknown flag "--no-json"'],
  [["--no-alias"], 'unknown flag "--no-alias"'],
  [["--selector", "a"], 'unknown flag "--selector"'],
  [["--json", "--json"], "--json is given twice"],
  [["-j", "--json"], "--json is given twice"],
  [["--prompt", "--no-prompt"], "--no-prompt is given twice"],
  [["--name", "a", "--alias", "b"], "--alias is given twice"],
  [["--json=true"], "--json takes no value"],
  [["--no-prompt=1"], "--no-prompt takes no value"],
  [["--alias"], "--alias needs a value"],
  [["--alias", "--json"], "--alias needs a value"],
  [["--alias", "--"], "--alias needs a value"],
  [["--shell", "zhs"], '--shell cannot be "zhs", did you mean "zsh"?'],
])("%j is refused", (words, message) => {
  expect(parseArguments(words, PIN)).rejects.toThrow(expect.objectContaining({ message, exitCode: 2, code: "usage" }));
});

const EXEC: Signature = {
  args: { first: { type: "positional" }, account: { type: "string", required: true } },
  rest: { name: "command", description: "the command", required: true },
};

test.each([
  [["a", "--account", "x", "--", "ls", "-l"], { first: "a", account: "x", _: ["ls", "-l"] }],
  [["a", "ls", "--account=x"], { first: "a", account: "x", _: ["ls"] }],
])("%j has a rest", async (words, parsed) => {
  expect(await parseArguments(words, EXEC)).toEqual(parsed);
});

test.each([
  [["--account", "x"], "missing argument FIRST"],
  [["a", "b"], "missing argument --account"],
  [["--account", "x", "a"], "missing argument COMMAND"],
])("%j misses something", (words, message) => {
  expect(parseArguments(words, EXEC)).rejects.toThrow(message);
});

const COMMAND: Signature = {
  args: { account: { type: "string" } },
  rest: { name: "command", description: "the command", required: true, offers: "command" },
};

test.each([
  [["--account", "x", "ls", "a"], { account: "x", _: ["ls", "a"] }],
  [
    ["--", "git", "checkout", "--", "a", "--account", "x"],
    { account: undefined, _: ["git", "checkout", "--", "a", "--account", "x"] },
  ],
])("%j is a command", async (words, parsed) => {
  expect(await parseArguments(words, COMMAND)).toEqual(parsed);
});

test.each([
  [["git", "checkout", "--", "a"], '-- stands behind "git"'],
  [["--account", "x", "rm", "--", "-a"], '-- stands behind "rm"'],
  [["ls", "--account", "x"], '--account stands behind "ls"'],
  [["ls", "--account=x"], '--account stands behind "ls"'],
  [["ls", "-l"], 'unknown flag "-l"'],
])("%j: whose the flag is cannot be told", (words, message) => {
  expect(parseArguments(words, COMMAND)).rejects.toThrow(expect.objectContaining({ message, exitCode: 2 }));
});
