import { absent } from "./absent.ts";
import { announce } from "./announce.ts";
import { asked } from "./asked.ts";
import { broken } from "./broken.ts";
import { calls } from "./calls.ts";
import { directories } from "./directories.ts";
import { elsewhere } from "./elsewhere.ts";
import { labels } from "./labels.ts";
import { lines } from "./lines.ts";
import { marks } from "./marks.ts";
import { nesting } from "./nesting.ts";
import { noHook, noPrompt } from "./options.ts";
import { pins } from "./pins.ts";
import { restore } from "./restore.ts";
import { sync } from "./sync.ts";
import { configured, hostile, reconciled, typed } from "./typed.ts";
import { use } from "./use.ts";
import { worktrees } from "./worktrees.ts";

// One life with codex-auth, by what its rows are about.

export const whatPinsDo = { pins, elsewhere, use };
export const whatHooksDo = { restore, lines, marks, nesting };
export const names = { directories, worktrees, labels };
export const broad = { broken, absent, sync, calls, announce };
export const withTheProgram = { typed, reconciled, configured, hostile };
export { asked, noHook, noPrompt };

/** Every row by its group. Those of `asked` are the same for shells that ask the program. */
export const groups: Readonly<Record<string, readonly object[]>> = {
  ...whatPinsDo,
  ...whatHooksDo,
  ...names,
  broken: [...broken, ...asked.broken],
  absent: [...absent, ...asked.absent],
  sync: [...sync, ...asked.sync],
  calls: [...calls, ...asked.calls],
  announce: [...announce, ...asked.announce],
  ...withTheProgram,
  noPrompt,
  noHook,
};

/** All rows of some groups. */
export const rowsOf = <R>(some: Readonly<Record<string, readonly R[]>>): R[] => Object.values(some).flat();

/** The first names of each table: what the program writes is the same whatever shell reads it, and one shell reads all of it. */
export const firstNames = Object.values(names).flatMap((table) => table.slice(0, 3));
