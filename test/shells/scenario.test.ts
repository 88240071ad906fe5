import { Fixture } from "./fixture.ts";
import { Program } from "./program.ts";
import { absent } from "./scenario/absent.ts";
import { announce } from "./scenario/announce.ts";
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
import { hostile, reconciled, typed } from "./scenario/typed.ts";
import { use } from "./scenario/use.ts";
import { worktrees } from "./scenario/worktrees.ts";
import { describeShells } from "./shells.ts";
import { playRows } from "./stage.ts";

// One life with codex-auth, led in each of the shells: with its files written by hand, and with the program itself.
const whatPinsDo = [...pins, ...elsewhere, ...use];
const whatHooksDo = [...restore, ...lines, ...marks, ...nesting];
const names = [...directories, ...worktrees, ...labels];
const broad = [...broken, ...absent, ...sync, ...calls, ...announce];
const withTheProgram = [...typed, ...reconciled, ...hostile, ...whatPinsDo];
// What the program writes is the same whatever shell reads it: one shell reads all of it, the others the first of each table.
const some = [directories, worktrees, labels].flatMap((table) => table.slice(0, 3));

describeShells("the scenario", (shell) => {
  playRows(shell, "by hand", () => Fixture.create(), [...whatPinsDo, ...whatHooksDo, ...names, ...broad]);
  playRows(shell, "--no-prompt", () => Fixture.create({ prompt: false }), noPrompt);
  playRows(shell, "--no-hook", () => Fixture.create({ hook: false }), noHook);
  const rest = shell === "zsh" ? [...whatHooksDo, ...names] : some;
  playRows(shell, "with the program", Program.create, [...withTheProgram, ...rest]);
});
