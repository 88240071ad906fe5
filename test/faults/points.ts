import { readFileSync } from "node:fs";

/** A call of the system that changes something, as the Nth of its kind in a run: where the run can be broken off. */
export interface Point {
  call: string;
  nth: number;
  /** What it was about, for messages. */
  what: string;
}

/** What happens at a point instead. */
export const FAULTS = ["signal=KILL", "error=ENOSPC", "error=EIO"] as const;
export type Fault = (typeof FAULTS)[number];

// not openat: how many a run makes depends on the runtime, and what it makes is written to by the next call
const CALLS = [
  ...["write", "pwrite64", "ftruncate", "fsync", "fchmod", "utimensat", "mkdir", "mkdirat", "rmdir"],
  ...["rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat"],
];

/** Returns the words before a command that keep a trace of it. */
export const tracing = (path: string) => `set -- strace -f -qq -y -e trace=${CALLS.join()} -o "${path}" "$@"`;

/** Returns the words before a command that break it off at a point. */
export const breaking = ({ call, nth }: Point, fault: Fault) =>
  `set -- strace -f -qq -o /dev/null -e trace=${call} -e inject=${call}:${fault}:when=${nth} "$@"`;

/** Takes the trace of a command; returns the points at which it changed what lies below a directory. */
export function pointsIn(trace: string, directory: string): Point[] {
  const counts = new Map<string, number>();
  const points: Point[] = [];
  const lines = readFileSync(trace, "utf8").split("\n");
  // strace counts for each thread, and one thread does all that is ours
  const main = lines.find((line) => line.includes(directory))?.split(" ")[0];
  for (const line of lines) {
    const [, pid, call, rest = "", result] = /^(\d+) +(\w+)\((.*) = (-?\d+)/.exec(line) ?? [];
    if (call === undefined || pid !== main) continue;
    const nth = (counts.get(call) ?? 0) + 1;
    counts.set(call, nth);
    if (result !== "-1" && rest.includes(directory)) points.push({ call, nth, what: rest.slice(0, 200) });
  }
  return points;
}
