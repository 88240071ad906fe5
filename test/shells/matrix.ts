import { expect, test } from "bun:test";
import { groups } from "./scenario/groups.ts";
import { type AnyShell, findShell } from "./shells.ts";

const played = new Map<AnyShell, object[]>();

/** Notes that a row of a scenario came to its end in a shell. */
export function notePlayed(shell: AnyShell, row: object): void {
  played.set(shell, [...(played.get(shell) ?? []), row]);
}

/** A test, behind the rows, that prints a line for each group with how many were played in each of the shells that are here: none may be without. */
export function testPlayed(all: readonly AnyShell[]): void {
  test("every shell that is here has played rows of every group", () => {
    const shells = all.filter(findShell);
    for (const { group, counts } of countPlayed(groups, shells)) {
      const line = shells.map((shell) => `${shell.padStart(6)} ${String(counts[shell]).padStart(3)}`).join("  ");
      console.log(`${group.padEnd(12)} ${line}`);
      expect({ group, none: shells.filter((shell) => counts[shell] === 0) }).toEqual({ group, none: [] });
    }
  });
}

/** Returns how many rows of each group were played to their end in each of the shells; one that plays in two worlds counts twice. */
function countPlayed(
  groups: Readonly<Record<string, readonly object[]>>,
  shells: readonly AnyShell[],
): { group: string; counts: Partial<Record<AnyShell, number>> }[] {
  return Object.entries(groups).map(([group, rows]) => {
    const count = (shell: AnyShell) => (played.get(shell) ?? []).filter((row) => rows.includes(row)).length;
    return { group, counts: Object.fromEntries(shells.map((shell) => [shell, count(shell)])) };
  });
}
