import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { drawPicker, matching, type Picked, type PickerState, pressKey } from "../../../src/core/selectors/picker.ts";
import type { KeyPress } from "../../../src/io/keys.ts";

const ITEMS = [
  "01 work(alice@example.com)  Plus",
  "02 bob@example.com  API_KEY",
  "03 carol@example.org  Pro",
  "04 jack 仕事  Go",
];
const key = (name: string): KeyPress => {
  const ctrl = name.startsWith("ctrl-");
  const isText = name.length === 1 || /[^\x20-\x7e]/.test(name);
  return { name: ctrl ? name.slice(5) : name, text: isText ? name : "", ctrl };
};
const press = (names: string[], items: readonly string[] = ITEMS, start: PickerState = { filter: "", marked: 0 }) =>
  names.reduce<PickerState | Picked>(
    (state, name) => ("is" in state ? state : pressKey(items, state, key(name))),
    start,
  );

describe("keys", () => {
  test.each<[string, string[], PickerState | Picked]>([
    ["Enter chooses", ["return"], { is: "chosen", index: 0 }],
    ["down", ["down", "down", "return"], { is: "chosen", index: 2 }],
    ["up goes round", ["up", "return"], { is: "chosen", index: 3 }],
    ["down goes round", ["end", "down", "return"], { is: "chosen", index: 0 }],
    ["pages stop at the ends", ["pagedown", "pagedown", "return"], { is: "chosen", index: 3 }],
    ["home", ["end", "home", "return"], { is: "chosen", index: 0 }],
    ["ctrl-n, ctrl-p", ["ctrl-n", "ctrl-n", "ctrl-p", "return"], { is: "chosen", index: 1 }],
    ["j and k move", ["j", "j", "k", "return"], { is: "chosen", index: 1 }],
    ["typing filters", [..."pro", "return"], { is: "chosen", index: 2 }],
    ["j and k are letters once something is typed", [..."ack", "return"], { is: "chosen", index: 3 }],
    ["capitals", [..."API", "return"], { is: "chosen", index: 1 }],
    ["the number filters too", [..."03", "return"], { is: "chosen", index: 2 }],
    ["words in any order", [..."plus work", "return"], { is: "chosen", index: 0 }],
    ["other scripts", [..."仕事", "return"], { is: "chosen", index: 3 }],
    ["moving among what matches", [..."example", "down", "return"], { is: "chosen", index: 1 }],
    ["Enter with no match does nothing", [..."zzz", "return"], { filter: "zzz", marked: 0 }],
    ["moving with no match does nothing", [..."zzz", "down"], { filter: "zzz", marked: 0 }],
    ["backspace", [..."zz", "backspace", "backspace", "return"], { is: "chosen", index: 0 }],
    ["backspace takes one character as seen", ["e\u0301", "👍🏽", "backspace"], { filter: "e\u0301", marked: 0 }],
    ["backspace with nothing", ["backspace"], { filter: "", marked: 0 }],
    ["ctrl-u", [..."zzz", "ctrl-u"], { filter: "", marked: 0 }],
    ["Esc", ["a", "escape"], { is: "cancelled" }],
    ["ctrl-d", ["ctrl-d"], { is: "cancelled" }],
    ["ctrl-c", ["a", "ctrl-c"], { is: "interrupted" }],
    ["other keys do nothing", ["left", "f5", "ctrl-x", "insert"], { filter: "", marked: 0 }],
  ])("%s", (_, names, expected) => expect(press(names)).toEqual(expected));
});

const plain = { faint: (text: string) => text, strong: (text: string) => text };
const draw = (state: PickerState, columns = 60, rows = 24, items: readonly string[] = ITEMS) =>
  drawPicker("which account?", items, state, { columns, rows, style: plain });

describe("drawing", () => {
  test("all of a short list", () => {
    expect(draw({ filter: "", marked: 1 })).toEqual([
      "which account?  type to filter, Enter chooses, Esc leaves",
      "  01 work(alice@example.com)  Plus",
      "> 02 bob@example.com  API_KEY",
      "  03 carol@example.org  Pro",
      "  04 jack 仕事  Go",
    ]);
  });

  test("what is typed, and what matches", () => {
    expect(draw({ filter: "org", marked: 0 })).toEqual(["which account? org", "> 03 carol@example.org  Pro"]);
    expect(draw({ filter: "zzz", marked: 0 })).toEqual(["which account? zzz", "  no account matches"]);
  });

  test.each([
    [0, "> n0", "  1 of 30"],
    [15, "> n15", "  16 of 30"],
    [29, "> n29", "  30 of 30"],
  ])("a long list scrolls to the mark at %i", (marked, line, count) => {
    const lines = draw(
      { filter: "", marked },
      40,
      9,
      Array.from({ length: 30 }, (_, at) => `n${at}`),
    );
    expect(lines).toHaveLength(8);
    expect(lines).toContain(line);
    expect(lines.at(-1)).toBe(count);
  });

  const anyItems = fc.array(fc.string({ unit: "grapheme", maxLength: 80 }), { minLength: 1, maxLength: 40 });
  const visible = /\p{Cc}/u;
  test("no line is wider than the terminal, nor are there more than its rows", () => {
    fc.assert(
      fc.property(
        anyItems,
        fc.nat(100),
        fc.integer({ min: 8, max: 120 }),
        fc.integer({ min: 4, max: 40 }),
        (some, at, columns, rows) => {
          const items = some.map((item) => item.replace(new RegExp(visible, "gu"), ""));
          const lines = draw({ filter: "", marked: at % items.length }, columns, rows, items);
          expect(lines.length).toBeLessThan(rows);
          for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
          expect(lines.filter((line) => line.startsWith("> "))).not.toEqual([]);
        },
      ),
    );
  });
});

test("whatever is typed, the mark is on something that matches, and the choice is one of the items", () => {
  const names = fc.constantFrom("up", "down", "j", "k", "a", "e", "0", "pageup", "end", "backspace", "tab", "return");
  fc.assert(
    fc.property(fc.array(names, { maxLength: 30 }), (typed) => {
      const state = press(typed);
      if ("is" in state) expect(state.is === "chosen" && ITEMS[state.index]).toBeTruthy();
      else expect(state.marked).toBeLessThan(Math.max(1, matching(ITEMS, state.filter).length));
    }),
  );
});
