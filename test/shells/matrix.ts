import type { AnyShell } from "./shells.ts";

const played = new Map<AnyShell, object[]>();

/** Notes that a row of a scenario came to its end in a shell. */
export function notePlayed(shell: AnyShell, row: object): void {
  played.set(shell, [...(played.get(shell) ?? []), row]);
}

/** Returns how many rows of each group were played to their end in each of the shells; one that plays in two worlds counts twice. */
export function countPlayed(
  groups: Readonly<Record<string, readonly object[]>>,
  shells: readonly AnyShell[],
): { group: string; counts: Partial<Record<AnyShell, number>> }[] {
  return Object.entries(groups).map(([group, rows]) => {
    const count = (shell: AnyShell) => (played.get(shell) ?? []).filter((row) => rows.includes(row)).length;
    return { group, counts: Object.fromEntries(shells.map((shell) => [shell, count(shell)])) };
  });
}
