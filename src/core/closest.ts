/** Returns the candidate that a mistyped word most likely meant, or undefined when none is near. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const limit = word.length < 2 ? 0 : Math.max(1, Math.floor(word.length / 3));
  const near = candidates
    .map((candidate) => ({ candidate, steps: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= limit || (word.length > 1 && candidate.startsWith(word)))
    .toSorted((a, b) => a.steps - b.steps);
  return near[0]?.candidate;
}

/** Returns how many letters have to be inserted, dropped, replaced or swapped with their neighbour to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(above, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swaps = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = swaps ? at(before, column - 2) + 1 : Infinity;
      line.push(Math.min(replaced, at(line, column - 1) + 1, at(above, column) + 1, swapped));
    }
    [before, above] = [above, line];
  }
  return at(above, to.length);
}

const at = (row: readonly number[], column: number) => row[column] ?? Infinity;
