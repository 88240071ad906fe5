import { SHELLS } from "../../src/shell.ts";
import { Fixture } from "./fixture.ts";
import { testPlayed } from "./matrix.ts";
import { Program } from "./program.ts";
import {
  broad,
  firstNames,
  names,
  noHook,
  noPrompt,
  rowsOf,
  whatHooksDo,
  whatPinsDo,
  withTheProgram,
} from "./scenario/groups.ts";
import { describeShells } from "./shells.ts";
import { playRows } from "./stage.ts";

// One life with codex-auth, led in each of the shells: with its files written by hand, and with the program itself.
describeShells("the scenario", (shell) => {
  const byHand = rowsOf({ ...whatPinsDo, ...whatHooksDo, ...names, ...broad });
  playRows(shell, "by hand", () => Fixture.create(), byHand);
  playRows(shell, "--no-prompt", () => Fixture.create({ prompt: false }), noPrompt);
  playRows(shell, "--no-hook", () => Fixture.create({ hook: false }), noHook);
  const rest = shell === "zsh" ? rowsOf({ ...whatHooksDo, ...names }) : firstNames;
  playRows(shell, "with the program", Program.create, [...rowsOf({ ...withTheProgram, ...whatPinsDo }), ...rest]);
});

testPlayed(SHELLS);
