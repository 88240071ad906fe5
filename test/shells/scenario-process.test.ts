import { PROCESS_SHELLS } from "../../src/process-shell.ts";
import { testPlayed } from "./matrix.ts";
import { Program } from "./program.ts";
import {
  asked,
  firstNames,
  noHook,
  noPrompt,
  rowsOf,
  whatHooksDo,
  whatPinsDo,
  withTheProgram,
} from "./scenario/groups.ts";
import { describeProcessShells } from "./shells.ts";
import { playRows, type Row } from "./stage.ts";

// The same life in the shells that ask the program. Any name and label is in random-process.test.ts.
describeProcessShells("the scenario", (shell) => {
  const rows = rowsOf<Row<Program>>({ ...withTheProgram, ...whatPinsDo, ...whatHooksDo, firstNames, ...asked });
  playRows(shell, "with the program", Program.create, rows);
  playRows(shell, "--no-prompt", Program.create, noPrompt, { init: ["--no-prompt"] });
  playRows(shell, "--no-hook", Program.create, noHook, { init: ["--no-hook"] });
});

testPlayed(PROCESS_SHELLS);
