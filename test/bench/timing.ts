/** A measured thing: milliseconds, and what to compare it with. */
export interface Row {
  what: string;
  ms: number;
  beside?: { what: string; ms: number };
}

const RUNS = 9;

/** Returns the middle one. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Returns how long `run` takes, in milliseconds: the median of nine after a first one that does not count. */
export async function timeOf(run: () => Promise<void>): Promise<number> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Returns how long a process takes from start to end, in milliseconds. Throws when it fails. */
export const processTime = (command: string[], env: Record<string, string>): Promise<number> =>
  timeOf(async () => {
    const child = Bun.spawn(command, { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
    const [code, err] = await Promise.all([child.exited, child.stderr.text()]);
    if (code !== 0) throw new Error(`${command.join(" ")}: exit ${code}\n${err}`);
  });

/** Returns the rows as a table: the time, and how it compares. */
export function renderRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows
    .map(({ what, ms, beside }) => {
      const time = ms < 1 ? `${(ms * 1000).toFixed(0)} µs` : `${ms.toFixed(1)} ms`;
      const ratio = beside ? `  ${(ms / beside.ms).toFixed(1)} x ${beside.what}` : "";
      return `${what.padEnd(width)}  ${time.padStart(9)}${ratio}`;
    })
    .join("\n");
}
