import { fstatSync, readlinkSync, statSync, writeSync } from "node:fs";
import { printable } from "../core/printable.ts";
import type { ScreenView } from "./full-screen.ts";
import type { View } from "./interact.ts";
import type { Log } from "./log.ts";
import { codeOf } from "./system-error.ts";

/** The streams of this process and what they are connected to. */
export interface Terminal {
  /** Writes results for people to standard output, without what a terminal would obey. */
  out(text: string): void;
  /** Writes to standard output byte for byte: what programs read, and text whose every part has been cleaned. */
  write(text: string): void;
  /** What is said on standard error. */
  log: Log;
  /** Shows how far something is, on a line of standard error that the next text takes the place of; "" takes it away. Only on a terminal. */
  progress(text: string): void;
  /** Returns all of standard input as text. */
  readInput(): Promise<string>;
  /** Which streams are terminals. */
  tty: { in: boolean; out: boolean; err: boolean };
  /** Width of standard output in columns; undefined where it is no terminal. */
  columns: number | undefined;
  /** Whether standard output takes colours: a terminal that is not dumb, and no NO_COLOR. */
  colors: boolean;
  /** Shows a view on the terminal until it has a result; undefined when the input ended. Standard input and error have to be terminals. */
  interact<T>(view: View<T>): Promise<T | undefined>;
  /** Shows a view on the whole terminal until it has a result; undefined when the input ended. Standard input and output have to be terminals. */
  fullScreen<T>(view: ScreenView<T>): Promise<T | undefined>;
}

/**
 * Takes the process, what writes to its standard output, and, for tests, what writes to its standard error and what tells terminals; returns
 * its terminal. What costs time to load (the streams, the log, what draws) is loaded when it is first used.
 */
export function connectTerminal(
  process: NodeJS.Process,
  write: (text: string) => void,
  writeError = (text: string) => writeAtOnce(process, text),
  isTerminal = (stream: number) => mayBeTerminal(stream) && (isNamedTerminal(stream) || loadTty().isatty(stream)),
): Terminal {
  const { env } = process;
  const isDumb = env.TERM === "dumb";
  let log: Log | undefined;
  // Ctrl-C leaves no progress on the terminal, and ends this process as it would have
  const clear = () => {
    writeError("\r\u001b[K");
    process.kill(process.pid, "SIGINT");
  };
  const tty = {
    get in() {
      return isTerminal(0);
    },
    get out() {
      return isTerminal(1);
    },
    get err() {
      return isTerminal(2);
    },
  };
  return {
    out: (text) => write(printable(text)),
    write,
    get log() {
      return (log ??= loadLog().openLog(writeError));
    },
    progress(text) {
      if (!tty.err || isDumb) return;
      writeError(`\r\u001b[K${printable(text)}`);
      process.off("SIGINT", clear);
      if (text !== "") process.once("SIGINT", clear);
    },
    readInput: () => Bun.stdin.text(),
    tty,
    get columns() {
      return tty.out ? process.stdout.columns : undefined;
    },
    get colors() {
      return tty.out && !env.NO_COLOR && !isDumb;
    },
    interact: async (view) => (await import("./interact.ts")).interact(process, writeError, view),
    fullScreen: async (view) => (await import("./full-screen.ts")).fullScreen(process, view),
  };
}

/** Writes to standard error. The process's own stream does the same, but takes 3 ms of each start to load. */
function writeAtOnce(process: NodeJS.Process, text: string): void {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(2, rest));
  } catch (error) {
    // a pipe that takes no more just now; with any other error nobody reads what is said, which changes nothing
    if (codeOf(error) === "EAGAIN") process.stderr.write(rest);
  }
}

/** Whether a stream can be a terminal at all: node:tty takes half as long to load as Bun takes to start, and a pipe or /dev/null is none. */
function mayBeTerminal(stream: number): boolean {
  try {
    const stat = fstatSync(stream);
    return stat.isCharacterDevice() && stat.rdev !== statSync("/dev/null").rdev;
  } catch {
    return false;
  }
}

/** Whether Linux calls what a character device is a terminal: that is said sooner than node:tty is loaded. */
function isNamedTerminal(stream: number): boolean {
  try {
    return /^\/dev\/(pts\/\d+|tty\d*)$/.test(readlinkSync(`/proc/self/fd/${stream}`));
  } catch {
    return false;
  }
}

const loadTty = (): typeof import("node:tty") => require("node:tty");
const loadLog = (): typeof import("./log.ts") => require("./log.ts");
