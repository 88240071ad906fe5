import type { View } from "../../io/interact.ts";
import type { KeyPress } from "../../io/keys.ts";
import { cutEnd } from "../width.ts";

/** What a picker is like at a moment: what has been typed, and which of the items that match it is marked. */
export interface PickerState {
  filter: string;
  /** Counted among the items that match. */
  marked: number;
}

/** What a picker ends with: the index of the item, or how it was left. */
export type Picked = { is: "chosen"; index: number } | { is: "cancelled" } | { is: "interrupted" };

/** Returns the indexes of the items that hold every word of the filter, whatever the case. */
export function matching(items: readonly string[], filter: string): number[] {
  const words = filter.toLowerCase().split(" ").filter(Boolean);
  return [...items.keys()].filter((index) => words.every((word) => items[index]?.toLowerCase().includes(word)));
}

const PAGE = 10;

/** Returns what a key leads to. Arrows mark, typing filters, Enter chooses, Esc and Ctrl-C leave; `j` and `k` move until something is typed. */
export function pressKey(items: readonly string[], state: PickerState, key: KeyPress): PickerState | Picked {
  const found = matching(items, state.filter);
  const index = found[state.marked];
  const name = key.ctrl ? `ctrl-${key.name}` : key.name;
  const movement = moves(name, state.filter === "" ? key.text : "", found.length);
  if (movement !== undefined) return { ...state, marked: moved(state.marked, movement, found.length) };
  switch (name) {
    case "ctrl-c":
      return { is: "interrupted" };
    case "escape":
    case "ctrl-d":
      return { is: "cancelled" };
    case "return":
    case "enter":
      return index === undefined ? state : { is: "chosen", index };
    case "backspace":
      return { filter: withoutLast(state.filter), marked: 0 };
    case "ctrl-u":
      return { filter: "", marked: 0 };
  }
  return key.text === "" ? state : { filter: state.filter + key.text, marked: 0 };
}

/** By how much a key moves the mark; a single step goes round at the ends, a page does not. */
function moves(name: string | undefined, letter: string, count: number): { by: number; round: boolean } | undefined {
  const steps: Record<string, number> = { up: -1, "ctrl-p": -1, down: 1, "ctrl-n": 1, tab: 1 };
  const leaps: Record<string, number> = { pageup: -PAGE, pagedown: PAGE, home: -count, end: count };
  const letters: Record<string, number> = { j: 1, k: -1 };
  const step = steps[name ?? ""] ?? letters[letter];
  if (step !== undefined) return { by: step, round: true };
  const leap = leaps[name ?? ""];
  return leap === undefined ? undefined : { by: leap, round: false };
}

function moved(marked: number, { by, round }: { by: number; round: boolean }, count: number): number {
  if (count === 0) return 0;
  return round ? (marked + by + count) % count : Math.min(Math.max(marked + by, 0), count - 1);
}

const withoutLast = (text: string) =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
    .slice(0, -1)
    .join("");

/** How a line of the picker is set off; returns the text as it is where there are no colours. */
export interface PickerStyle {
  faint(text: string): string;
  strong(text: string): string;
}

/** Which keys do what. */
export const KEYS = "type to filter, Enter chooses, Esc leaves";

/** Returns the picker's lines: the question with what has been typed, then as many items as there is room for, the marked one among them. */
export function drawPicker(
  question: string,
  items: readonly string[],
  { filter, marked }: PickerState,
  { columns, rows, style, keys = KEYS }: { columns: number; rows: number; style: PickerStyle; keys?: string },
): string[] {
  const found = matching(items, filter);
  // the question, the count below, and the last row of the screen stay free
  const room = Math.max(1, rows - 3);
  const top = Math.max(0, Math.min(marked - Math.floor(room / 2), found.length - room));
  const head = cutEnd(`${question} ${filter}`, columns - 1);
  const left = columns - 1 - Bun.stringWidth(head) - 2;
  const line = (index: number, at: number) => {
    const text = cutEnd(items[index] ?? "", columns - 3);
    return top + at === marked ? style.strong(`> ${text}`) : `  ${text}`;
  };
  return [
    filter === "" && left > 0 ? `${head} ${style.faint(cutEnd(keys, left))}` : head,
    ...found.slice(top, top + room).map(line),
    ...(found.length === 0 ? [style.faint(cutEnd("  no account matches", columns - 1))] : []),
    ...(found.length > room ? [style.faint(cutEnd(`  ${marked + 1} of ${found.length}`, columns - 1))] : []),
  ];
}

/** Returns the view of a picker over these items, texts of one line without control characters; `marked` is the first one marked. */
export function pickerView(
  question: string,
  items: readonly string[],
  marked: number,
  style: PickerStyle,
): View<Picked> {
  let state: PickerState = { filter: "", marked };
  return {
    draw: (columns, rows) => drawPicker(question, items, state, { columns, rows, style }),
    press(key) {
      const next = pressKey(items, state, key);
      if ("is" in next) return next;
      state = next;
      return undefined;
    },
  };
}
