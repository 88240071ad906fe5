import { expect, test } from "bun:test";
import { runCommand } from "citty";
import { defineVerb, runVerb } from "../src/command.ts";
import { makeBaseHome } from "./base-home.ts";

test("without words a command gets what citty gives it, and its number is the exit code", async () => {
  const home = makeBaseHome();
  const given: object[] = [];
  const verb = defineVerb({
    args: {
      name: { type: "positional", required: false, description: "" },
      on: { type: "boolean", default: true, description: "", negativeDescription: "" },
      off: { type: "boolean", alias: "o", description: "" },
      shell: { type: "enum", options: ["sh", "zsh"], default: "sh", description: "" },
      text: { type: "string", description: "" },
    },
    rest: { name: "more", description: "" },
    examples: [],
    run: (_, args) => given.push(args),
  });
  try {
    expect(await runVerb(verb, [], home.ctx)).toBe(1);
    await runCommand(verb, { rawArgs: [], data: home.ctx });
    expect(given).toEqual([
      { name: undefined, on: true, off: false, shell: "sh", text: undefined, _: [] },
      { name: undefined, on: true, off: false, shell: "sh", text: undefined, _: [] },
    ]);
  } finally {
    home.remove();
  }
});
