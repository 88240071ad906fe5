import { styleText } from "node:util";
import type { KeyPress } from "../../io/keys.ts";
import { cutEnd, padEnd } from "../../core/width.ts";
import type { Row } from "./rows.ts";
import { renderTable } from "./table.ts";

/** What the full screen of `list --live` shows. */
export interface LiveState {
  rows: readonly Row[];
  /** The account key of the marked row. */
  marked: string | null;
  /** What goes on, or what came of it. */
  status: string;
  /** The first row that is shown. */
  top: number;
}

/** What a key asks for beyond the screen. */
export type LiveWish = { is: "quit" } | { is: "interrupted" } | { is: "refresh" } | { is: "switch"; key: string };

/** The size of the screen, and whether it has colours. */
export interface LiveSize {
  columns: number;
  rows: number;
  colors: boolean;
}

const HEAD_AND_FOOT = 4;
const MARK = "→ ";
const NO_MARK = "  ";
const HELP = "↑↓ move   enter make it the default   r refresh   q quit";

/** Returns the state with these rows; the mark stays with its account, else it goes to `fallback`, else to the first account. */
export function withRows(state: LiveState, rows: readonly Row[], fallback: string | null): LiveState {
  const keys = keysOf(rows);
  const marked = [state.marked, fallback, keys[0]].find((key) => typeof key === "string" && keys.includes(key));
  return { ...state, rows, marked: marked ?? null };
}

/** Takes a key and the number of rows on the screen; returns the state after it, and what is wished for. */
export function pressLive(state: LiveState, key: KeyPress, screenRows: number): { state: LiveState; wish?: LiveWish } {
  const name = key.ctrl ? `ctrl-${key.name}` : (key.name ?? key.text);
  const page = Math.max(1, screenRows - HEAD_AND_FOOT - 1);
  const moves: Record<string, number> = { up: -1, k: -1, "ctrl-p": -1, down: 1, j: 1, "ctrl-n": 1 };
  const leaps: Record<string, number> = { pageup: -page, pagedown: page, home: -Infinity, end: Infinity };
  const by = moves[name] ?? leaps[name];
  if (by !== undefined) return { state: moved(state, by) };
  switch (name) {
    case "q":
    case "escape":
    case "ctrl-d":
      return { state, wish: { is: "quit" } };
    case "ctrl-c":
      return { state, wish: { is: "interrupted" } };
    case "r":
    case "ctrl-r":
      return { state, wish: { is: "refresh" } };
    case "return":
    case "enter":
      return state.marked === null ? { state } : { state, wish: { is: "switch", key: state.marked } };
  }
  return { state };
}

function moved(state: LiveState, by: number): LiveState {
  const keys = keysOf(state.rows);
  const at = keys.indexOf(state.marked ?? "");
  const next = Math.max(0, Math.min(keys.length - 1, at + by));
  return { ...state, marked: keys[next] ?? null };
}

const keysOf = (rows: readonly Row[]) => rows.flatMap((row) => (row.kind === "account" ? [row.key] : []));

/** Returns the lines of the screen, and the state with the rows scrolled so that the marked one is seen. */
export function drawLive(state: LiveState, { columns, rows, colors }: LiveSize): { state: LiveState; lines: string[] } {
  const { head, body } = renderTable(state.rows, { columns: Math.max(1, columns - MARK.length), colors });
  const room = Math.max(1, rows - HEAD_AND_FOOT);
  const marked = state.rows.findIndex((row) => row.kind === "account" && row.key === state.marked);
  const top = topFor(state, marked, room);
  const faint = (text: string) => (colors ? styleText("dim", text, { validateStream: false }) : text);
  const line = (text: string, index: number) => {
    if (index !== marked) return NO_MARK + text;
    // whole and in one style: the cells' colours would end it
    const plain = padEnd(MARK + Bun.stripANSI(text), columns);
    return colors ? styleText("inverse", plain, { validateStream: false }) : plain.trimEnd();
  };
  const lines = [
    ...head.map((text) => NO_MARK + text),
    ...body.slice(top, top + room).map((text, at) => line(text, top + at)),
  ];
  const foot = [cutEnd(state.status, columns), faint(cutEnd(HELP, columns))];
  const gap = Math.max(0, rows - lines.length - foot.length);
  return { state: { ...state, top }, lines: [...lines, ...Array<string>(gap).fill(""), ...foot].slice(0, rows) };
}

/** Returns the first row to show: as little as possible is scrolled, and the e-mail above the first of a group is shown with it. */
function topFor({ rows, top }: LiveState, marked: number, room: number): number {
  const first = rows[marked - 1]?.kind === "group" && room > 1 ? marked - 1 : marked;
  const least = Math.max(0, marked - room + 1);
  const most = Math.max(0, Math.min(first, rows.length - room));
  return Math.max(least, Math.min(top, most));
}
