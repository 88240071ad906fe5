import { type KeyPress, takeKeys } from "./keys.ts";

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

/**
 * Shows a view on standard error, to which `write` writes and which has to be a terminal as standard input has, until it has a result; returns it, or undefined when the
 * input ended. Whatever happens, also a signal, the terminal is left as it was, with nothing of the view on it.
 * Why not consola's `select`: it draws on standard output, which the shell reads for `use`, it has no filter, and Esc and Ctrl-C are the same.
 */
export async function interact<T>(
  process: NodeJS.Process,
  write: (text: string) => void,
  view: View<T>,
): Promise<T | undefined> {
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
    write(before + lines.join("\r\n"));
  };
  const restore = () => {
    keys.stop();
    stderr.off("resize", draw);
    stdin.setRawMode(false);
    stdin.pause();
    write(erase() + SHOW_CURSOR);
  };
  const keys = takeKeys<T>(process, { press: (key) => view.press(key), draw, restore });
  stderr.on("resize", draw);
  try {
    stdin.setRawMode(true);
    stdin.resume();
    write(HIDE_CURSOR);
    draw();
    return await keys.result;
  } finally {
    restore();
  }
}
