import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Shell } from "../../src/shell.ts";
import { ACCOUNTS } from "./accounts.ts";
import { Fixture } from "./fixture.ts";
import { runScript } from "./script.ts";
import { describeShells } from "./shells.ts";
import { initLine } from "./world.ts";

const { own, keyed } = ACCOUNTS;
const LABEL: Record<Shell, string> = {
  zsh: 'print -r -- "$CODEX_AUTH_LABEL"',
  bash: 'echo "$CODEX_AUTH_LABEL"',
  fish: "echo $CODEX_AUTH_LABEL",
  pwsh: "$env:CODEX_AUTH_LABEL",
};

/** Where `use` is called, and whether it holds for the shell itself: fish and PowerShell run a function that is piped or captured in the shell. */
const PLACES: Record<Shell, [title: string, script: string, holds: boolean][]> = {
  zsh: [
    ["a pipe", "codex-auth use keyed | cat", false],
    ["the end of a pipe, which is the shell's own", "echo | codex-auth use keyed", true],
    ["a substitution", 'x="$(codex-auth use keyed)"', false],
    ["the background", "codex-auth use keyed & wait", false],
    ["parentheses", "(codex-auth use keyed)", false],
  ],
  bash: [
    ["a pipe", "codex-auth use keyed | cat", false],
    ["a substitution", 'x="$(codex-auth use keyed)"', false],
  ],
  fish: [
    ["a pipe", "codex-auth use keyed | cat", true],
    ["a substitution", "set x (codex-auth use keyed)", true],
  ],
  pwsh: [
    ["a pipe", "codex-auth use keyed | Out-Null", true],
    ["a substitution", "$x = $(codex-auth use keyed)", true],
  ],
};

describeShells("use says where it holds", (shell) => {
  let world: Fixture;
  beforeAll(async () => {
    world = await Fixture.create();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test.each(PLACES[shell])("in %s", async (_title, script, holds) => {
    const text = `${initLine(world, shell)}\n${script}\n${LABEL[shell]}`;
    const { stdout, stderr } = await runScript(shell, world.home, text);
    expect({ label: stdout.trim(), told: stderr.replace(/,.*/s, "") }).toEqual({
      label: holds ? `${keyed.email} API_KEY` : own.email,
      told: holds ? "" : "codex-auth: only in this subshell",
    });
  });
});
