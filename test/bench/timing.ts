/** A measured thing: milliseconds, and what to compare it with. */
export interface Row {
  what: string;
  ms: number;
  beside?: { what: string; ms: number };
  /** What it should be at most: milliseconds, so many more than `beside`, or so many times `beside`. */
  goal?: { ms: number } | { more: number } | { times: number };
}

const ROUNDS = 15;

/** Returns the one that a quarter of them does not reach: what else the machine does only makes a process slower. */
export const lowerQuartile = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN;

/** A process to be timed. */
export interface Timed {
  command: string[];
  env: Record<string, string>;
}

/**
 * Returns how long each process takes from start to end, in milliseconds. They take turns, so that a busy minute of the machine falls on all of
 * them. Throws when one fails.
 */
export async function processTimes(all: readonly Timed[], rounds = ROUNDS): Promise<number[]> {
  const times = all.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [at, one] of all.entries()) {
      const ms = await timeOnce(one);
      if (round > 0) times[at]?.push(ms);
    }
  }
  return times.map(lowerQuartile);
}

async function timeOnce({ command, env }: Timed): Promise<number> {
  const start = performance.now();
  const child = Bun.spawn(command, { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const [code, err] = await Promise.all([child.exited, child.stderr.text()]);
  if (code !== 0) throw new Error(`${command.join(" ")}: exit ${code}\n${err}`);
  return performance.now() - start;
}

/** Returns the goal of a row in milliseconds, if it has one. */
export function goalOf({ goal, beside }: Row): number | undefined {
  if (!goal) return undefined;
  if ("ms" in goal) return goal.ms;
  return "more" in goal ? (beside?.ms ?? 0) + goal.more : (beside?.ms ?? 0) * goal.times;
}

/** Returns the rows as a table: the time, how it compares, and whether it is as it should be. */
export function renderRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows
    .map((row) => {
      const { what, ms, beside, goal } = row;
      const limit = goalOf(row);
      const verdict = limit === undefined ? "" : `  ${ms <= limit ? "met" : "MISSED"}, at most ${timeText(limit)}`;
      return `${what.padEnd(width)}  ${timeText(ms).padStart(9)}${beside ? comparison(ms, beside, goal) : ""}${verdict}`;
    })
    .join("\n");
}

function comparison(ms: number, beside: { what: string; ms: number }, goal: Row["goal"]): string {
  if (goal && "more" in goal) return `  ${timeText(ms - beside.ms)} more than ${beside.what}`;
  return `  ${(ms / beside.ms).toFixed(1)} x ${beside.what}`;
}

const timeText = (ms: number) => (Math.abs(ms) < 1 ? `${(ms * 1000).toFixed(0)} µs` : `${ms.toFixed(1)} ms`);
