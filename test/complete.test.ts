import { expect, test } from "bun:test";
import { VERBS } from "../src/commands/index.ts";
import { completeArguments } from "../src/complete.ts";
import { flagsOf } from "../src/strict.ts";

/** What is offered behind a verb: the words, `KIND` for what the shell or the state knows. */
async function offered(verb: string, ...words: string[]): Promise<string[]> {
  const [, , load] = VERBS[verb] ?? [];
  if (!load) throw new Error(`no verb ${verb}`);
  const { words: found, kind, prefix = "", skip } = completeArguments(words, (await load()).default);
  const at = skip === undefined ? "" : ` ${skip}`;
  return [...found.map(({ word }) => prefix + word), ...(kind ? [kind.toUpperCase() + at] : [])];
}

test.each(Object.keys(VERBS))("%s: every flag, with what it does, and each once", async (name) => {
  const [, , load] = VERBS[name] ?? [];
  const { default: verb } = (await load?.()) ?? { default: undefined };
  if (!verb) throw new Error(name);
  const { words } = completeArguments(["--"], verb);
  const flags = [...flagsOf(verb.args).keys()].filter((flag) => flag.startsWith("--"));
  expect(words.map(({ word }) => word).sort()).toEqual([...flags, "--help"].sort());
  for (const { about } of words) expect(about).not.toBe("");
});

test.each<[string[], string[]]>([
  [["pin", ""], ["ACCOUNTS"]],
  [["pin", "al"], ["ACCOUNTS"]],
  [["pin", "alice", ""], ["DIRECTORIES"]],
  [["pin", "alice", "dir", ""], []],
  [["unpin", ""], ["PINS"]],
  [
    ["use", ""],
    ["-", "ACCOUNTS"],
  ],
  [
    ["use", "-"],
    ["-", "--best", "--help"],
  ],
  [
    ["switch", "--"],
    ["--best", "--json", "--help"],
  ],
  [
    ["switch", "--json", "--"],
    ["--best", "--help"],
  ],
  [
    ["switch", "--json", ""],
    ["-", "ACCOUNTS"],
  ],
  [
    ["init", ""],
    ["zsh", "bash", "fish", "pwsh", "elvish", "nu", "xonsh", "tcsh"],
  ],
  [
    ["init", "zsh", "--no-prompt", "--"],
    ["--hook", "--no-hook", "--help"],
  ],
  [
    ["env", "--shell", ""],
    ["sh", "zsh", "bash", "fish", "pwsh", "elvish", "nu", "xonsh", "tcsh"],
  ],
  [
    ["env", "--shell=fi"],
    ["sh", "zsh", "bash", "fish", "pwsh", "elvish", "nu", "xonsh", "tcsh"].map((name) => `--shell=${name}`),
  ],
  [["env", "--shell", "zsh", ""], ["ACCOUNTS"]],
  [["env", "--nope=x"], []],
  [["env", "--json=x"], []],
  [["export", ""], ["ACCOUNTS"]],
  [["export", "--to", ""], ["DIRECTORIES"]],
  [["export", "d", "al"], ["ACCOUNTS"]],
  [["export", "d", "alice", "bob", ""], ["ACCOUNTS"]],
  [["import", ""], ["FILES"]],
  [["login", "--alias", ""], []],
  [["remove", "alice", ""], ["ACCOUNTS"]],
  [
    ["alias", ""],
    ["set", "clear"],
  ],
  [["alias", "set", ""], ["ACCOUNTS"]],
  [["alias", "set", "alice", ""], []],
  [
    ["config", ""],
    ["share", "export_api_key", "announce", "label_width", "interval"],
  ],
  [
    ["config", "share", ""],
    ["all", "config", "none"],
  ],
  [
    ["config", "announce", ""],
    ["true", "false"],
  ],
  [["config", "interval", ""], []],
  [["config", "nope", ""], []],
  [["exec", "--account", ""], ["ACCOUNTS"]],
  [["exec", "--account=a"], ["ACCOUNTS"]],
  [["exec", "--", ""], ["COMMAND 1"]],
  [["exec", "--account", "a", "--", "ls", "-"], ["COMMAND 3"]],
  [["exec", "ls", ""], ["COMMAND 0"]],
  [["list", ""], []],
])("%j: %j", async ([verb = "", ...words], expected) => {
  expect(await offered(verb, ...words)).toEqual(expected);
});
