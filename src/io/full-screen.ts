import { type KeyPress, takeKeys } from "./keys.ts";

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

/**
 * Shows a view on the whole of standard output, which has to be a terminal as standard input has, until it has a result; returns it, or
 * undefined when the input ended. Ctrl-Z stops the program as it does elsewhere. Whatever happens, the terminal is left as it was.
 */
export async function fullScreen<T>(process: NodeJS.Process, view: ScreenView<T>): Promise<T | undefined> {
  const { stdin, stdout } = process;
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
  const press = (key: KeyPress) => {
    if (!key.ctrl || key.name !== "z") return view.press(key);
    leave();
    process.kill(0, "SIGTSTP"); // the whole job, as the terminal would do it
    return undefined;
  };
  const restore = () => {
    keys.stop();
    process.off("SIGCONT", enter);
    stdout.off("resize", draw);
    leave();
  };
  const keys = takeKeys<T>(process, { press, draw, restore });
  stdout.on("resize", draw);
  process.on("SIGCONT", enter);
  let stop = () => {};
  try {
    enter();
    stop = view.start(draw, keys.fail);
    return await keys.result;
  } finally {
    stop();
    restore();
  }
}
