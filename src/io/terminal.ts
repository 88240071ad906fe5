import type { ReadStream, WriteStream } from "node:tty";
import type { ScreenView } from "./full-screen.ts";
import type { View } from "./interact.ts";

/** The streams of this process and what they are connected to. */
export interface Terminal {
  /** Writes results to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
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
  /** The streams themselves, for what draws on a terminal. */
  streams: { in: ReadStream; out: WriteStream; err: WriteStream };
}

/** Takes the process; returns its terminal. What costs time to load (the streams, what draws) is loaded when it is first used. */
export function connectTerminal(process: NodeJS.Process): Terminal {
  const { env } = process;
  const tty = {
    get in() {
      return loadTty().isatty(0);
    },
    get out() {
      return loadTty().isatty(1);
    },
    get err() {
      return loadTty().isatty(2);
    },
  };
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readInput: () => Bun.stdin.text(),
    tty,
    get columns() {
      return tty.out ? process.stdout.columns : undefined;
    },
    get colors() {
      return tty.out && !env.NO_COLOR && env.TERM !== "dumb";
    },
    interact: async (view) => (await import("./interact.ts")).interact(process, view),
    fullScreen: async (view) => (await import("./full-screen.ts")).fullScreen(process, view),
    get streams() {
      return { in: process.stdin, out: process.stdout, err: process.stderr };
    },
  };
}

const loadTty = (): typeof import("node:tty") => require("node:tty");
