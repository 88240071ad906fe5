import { createInterface, emitKeypressEvents, type Key } from "node:readline";
import { PassThrough } from "node:stream";

/** A key as it was pressed. `text` is what it types: "" for a key that types nothing. */
export interface KeyPress {
  name: string | undefined;
  text: string;
  ctrl: boolean;
}

/** What is drawn on the terminal and takes keys until it has a result. */
export interface View<T> {
  /** Returns the lines to show, each at most `columns` wide, fewer than `rows`; no line holds control sequences but colours. */
  draw(columns: number, rows: number): string[];
  /** Takes a key; returns the result, or undefined to go on. */
  press(key: KeyPress): T | undefined;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const ERASE_BELOW = "\r\u001b[J";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Shows a view on standard error, which has to be a terminal as standard input has, until it has a result; returns it, or undefined when the
 * input ended. Whatever happens, also a signal, the terminal is left as it was, with nothing of the view on it.
 * Why not consola's `select`: it draws on standard output, which the shell reads for `use`, it has no filter, and Esc and Ctrl-C are the same.
 */
export async function interact<T>(process: NodeJS.Process, view: View<T>): Promise<T | undefined> {
  const { stdin, stderr } = process;
  let lines: string[] = [];
  // lines that a narrower terminal has wrapped are several rows
  const erase = () => {
    const rows = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(Bun.stringWidth(line) / stderr.columns)), 0);
    return (rows > 1 ? `\u001b[${rows - 1}A` : "") + ERASE_BELOW;
  };
  const draw = () => {
    const before = erase();
    lines = view.draw(stderr.columns, stderr.rows);
    stderr.write(before + lines.join("\r\n"));
  };
  // it only tells how long an escape character may be the beginning of a key: half a second would be felt
  const escapes = createInterface({ input: new PassThrough(), escapeCodeTimeout: 50 });
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const onKey = (text: string | undefined, key: Key) => {
    try {
      const result = view.press(keyPress(text, key));
      if (result === undefined) draw();
      else resolve(result);
    } catch (error) {
      reject(error);
    }
  };
  const onEnd = () => resolve(undefined);
  const restore = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    stdin.off("keypress", onKey).off("end", onEnd).off("close", onEnd);
    stderr.off("resize", draw);
    stdin.setRawMode(false);
    stdin.pause();
    escapes.close();
    stderr.write(erase() + SHOW_CURSOR);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    process.kill(process.pid, signal);
  };

  emitKeypressEvents(stdin, escapes);
  stdin.on("keypress", onKey).on("end", onEnd).on("close", onEnd);
  stderr.on("resize", draw);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    stdin.setRawMode(true);
    stdin.resume();
    stderr.write(HIDE_CURSOR);
    draw();
    return await promise;
  } finally {
    restore();
  }
}

/** Returns a key as readline tells it. */
export function keyPress(text: string | undefined, { name, ctrl = false, meta = false }: Key): KeyPress {
  const isTyped = text !== undefined && !ctrl && !meta && !/\p{Cc}/u.test(text);
  return { name, text: isTyped ? text : "", ctrl };
}
