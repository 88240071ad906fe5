import type { View } from "../../io/interact.ts";
import { drawPicker, matching, type PickerState, type PickerStyle, pressKey } from "./picker.ts";

/** What a picker of several ends with: the indexes of the items, or how it was left. */
export type PickedMany = { is: "chosen"; indexes: number[] } | { is: "cancelled" } | { is: "interrupted" };

const KEYS = "Space marks, Enter goes on, Esc leaves, type to filter";

/** Returns the view of a picker that takes several of these items: those that are marked, without any the one where it stands. */
export function pickManyView(question: string, items: readonly string[], style: PickerStyle): View<PickedMany> {
  let state: PickerState = { filter: "", marked: 0 };
  const chosen = new Set<number>();
  const shown = () => items.map((item, index) => `[${chosen.has(index) ? "x" : " "}] ${item}`);
  const toggle = (index: number | undefined) => {
    if (index !== undefined && !chosen.delete(index)) chosen.add(index);
  };
  return {
    draw: (columns, rows) => drawPicker(question, shown(), state, { columns, rows, style, keys: KEYS }),
    press(key) {
      if (key.text === " ") return void toggle(matching(shown(), state.filter)[state.marked]);
      const next = pressKey(shown(), state, key);
      if (!("is" in next)) state = next;
      else if (next.is !== "chosen") return next;
      else return { is: "chosen", indexes: chosen.size > 0 ? [...chosen].sort((a, b) => a - b) : [next.index] };
      return undefined;
    },
  };
}
