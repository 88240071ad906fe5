import { createInterface, emitKeypressEvents, type Key } from "node:readline";
import { PassThrough } from "node:stream";
import { type KeyPress, keyPress } from "./interact.ts";

/** What fills the terminal until it has a result. */
export interface ScreenView<T> {
  /** Returns the lines to show, at most `rows`, each at most `columns` wide; no line holds control sequences but colours. */
  draw(columns: number, rows: number): string[];
  /** Takes a key; returns the result, or undefined to go on. */
  press(key: KeyPress): T | undefined;
  /** Starts what changes the view by itself: `redraw` shows it, `fail` ends the view. Returns what stops it. */
  start(redraw: () => void, fail: (error: unknown) => void): () => void;
}

// the alternate screen, without a cursor and without wrapping
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
// a terminal that knows it shows all of a frame at once
const BEGIN = "\u001b[?2026h\u001b[H";
const END = "\u001b[J\u001b[?2026l";
const REST_OF_LINE = "\u001b[K";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Shows a view on the whole of standard output, which has to be a terminal as standard input has, until it has a result; returns it, or
 * undefined when the input ended. Ctrl-Z stops the program as it does elsewhere. Whatever happens, the terminal is left as it was.
 */
export async function fullScreen<T>(process: NodeJS.Process, view: ScreenView<T>): Promise<T | undefined> {
  const { stdin, stdout } = process;
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  // it only tells how long an escape character may be the beginning of a key: half a second would be felt
  const escapes = createInterface({ input: new PassThrough(), escapeCodeTimeout: 50 });
  let shown = false;
  const draw = () => {
    if (!shown) return;
    const lines = view.draw(stdout.columns, stdout.rows).slice(0, stdout.rows);
    stdout.write(BEGIN + lines.map((line) => line + REST_OF_LINE).join("\r\n") + END);
  };
  const enter = () => {
    stdin.setRawMode(true);
    stdin.resume();
    if (!shown) stdout.write(ENTER);
    shown = true;
    draw();
  };
  const leave = () => {
    stdin.setRawMode(false);
    stdin.pause();
    if (shown) stdout.write(LEAVE);
    shown = false;
  };
  const onKey = (text: string | undefined, key: Key) => {
    if (key.ctrl && key.name === "z") {
      leave();
      process.kill(0, "SIGTSTP"); // the whole job, as the terminal would do it
      return;
    }
    try {
      const result = view.press(keyPress(text, key));
      if (result === undefined) draw();
      else resolve(result);
    } catch (error) {
      reject(error);
    }
  };
  const onEnd = () => resolve(undefined);
  const onSignal = (signal: NodeJS.Signals) => {
    restore();
    process.kill(process.pid, signal);
  };
  const restore = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off("SIGCONT", enter);
    stdin.off("keypress", onKey).off("end", onEnd).off("close", onEnd);
    stdout.off("resize", draw);
    escapes.close();
    leave();
  };

  emitKeypressEvents(stdin, escapes);
  stdin.on("keypress", onKey).on("end", onEnd).on("close", onEnd);
  stdout.on("resize", draw);
  process.on("SIGCONT", enter);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  let stop = () => {};
  try {
    enter();
    stop = view.start(draw, reject);
    return await promise;
  } finally {
    stop();
    restore();
  }
}
