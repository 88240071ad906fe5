import { expect, test } from "bun:test";
import { Fixture } from "./fixture.ts";
import { countPlayed } from "./matrix.ts";
import { Program } from "./program.ts";
import { absent } from "./scenario/absent.ts";
import { announce } from "./scenario/announce.ts";
import { asked } from "./scenario/asked.ts";
import { broken } from "./scenario/broken.ts";
import { calls } from "./scenario/calls.ts";
import { directories } from "./scenario/directories.ts";
import { elsewhere } from "./scenario/elsewhere.ts";
import { labels } from "./scenario/labels.ts";
import { lines } from "./scenario/lines.ts";
import { marks } from "./scenario/marks.ts";
import { nesting } from "./scenario/nesting.ts";
import { noHook, noPrompt } from "./scenario/options.ts";
import { pins } from "./scenario/pins.ts";
import { restore } from "./scenario/restore.ts";
import { sync } from "./scenario/sync.ts";
import { configured, hostile, reconciled, typed } from "./scenario/typed.ts";
import { use } from "./scenario/use.ts";
import { worktrees } from "./scenario/worktrees.ts";
import { ALL_SHELLS, describeProcessShells, describeShells, findShell } from "./shells.ts";
import { playRows, type Row } from "./stage.ts";

// One life with codex-auth, led in each of the shells: with its files written by hand, and with the program itself.
const whatPinsDo = { pins, elsewhere, use };
const whatHooksDo = { restore, lines, marks, nesting };
const names = { directories, worktrees, labels };
const broad = { broken, absent, sync, calls, announce };
const withTheProgram = { typed, reconciled, configured, hostile };
const broadOfAll = {
  broken: [...broken, ...asked.broken],
  absent: [...absent, ...asked.absent],
  sync: [...sync, ...asked.sync],
  calls: [...calls, ...asked.calls],
  announce: [...announce, ...asked.announce],
};
const groups = { ...whatPinsDo, ...whatHooksDo, ...names, ...broadOfAll, ...withTheProgram, noPrompt, noHook };
const rowsOf = <R>(some: Readonly<Record<string, readonly R[]>>): R[] => Object.values(some).flat();
// What the program writes is the same whatever shell reads it: one shell reads all of it, the others the first of each table.
const firstNames = Object.values(names).flatMap((table) => table.slice(0, 3));

describeShells("the scenario", (shell) => {
  const byHand = rowsOf({ ...whatPinsDo, ...whatHooksDo, ...names, ...broad });
  playRows(shell, "by hand", () => Fixture.create(), byHand);
  playRows(shell, "--no-prompt", () => Fixture.create({ prompt: false }), noPrompt);
  playRows(shell, "--no-hook", () => Fixture.create({ hook: false }), noHook);
  const rest = shell === "zsh" ? rowsOf({ ...whatHooksDo, ...names }) : firstNames;
  playRows(shell, "with the program", Program.create, [...rowsOf({ ...withTheProgram, ...whatPinsDo }), ...rest]);
});

// Their thinking is the program's: all of it is played with that.
describeProcessShells("the scenario", (shell) => {
  // whose worktree it is no shell knows
  const shown = { directories, labels, worktrees: worktrees.slice(0, 2) };
  const rows = rowsOf<Row<Program>>({ ...withTheProgram, ...whatPinsDo, ...whatHooksDo, ...shown, ...asked });
  playRows(shell, "with the program", Program.create, rows);
  playRows(shell, "--no-prompt", Program.create, noPrompt, { init: ["--no-prompt"] });
  playRows(shell, "--no-hook", Program.create, noHook, { init: ["--no-hook"] });
});

test("every shell that is here has played rows of every group", () => {
  const shells = ALL_SHELLS.filter(findShell);
  for (const { group, counts } of countPlayed(groups, shells)) {
    const line = shells.map((shell) => `${shell} ${String(counts[shell]).padStart(3)}`).join("  ");
    console.log(`${group.padEnd(12)} ${line}`);
    expect({ group, none: shells.filter((shell) => counts[shell] === 0) }).toEqual({ group, none: [] });
  }
});
