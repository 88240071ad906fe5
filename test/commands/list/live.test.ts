import { describe, expect, test } from "bun:test";
import { drawLive, type LiveState, pressLive, withRows } from "../../../src/commands/list/live.ts";
import { record } from "../../core/registries.ts";
import { rowsOf, snapshot } from "../../core/tables.ts";

const rows = rowsOf(
  ["alice", "bob", "bob", "carol", "dave"].map((name, n) =>
    record({
      account_key: `u${n}::w`,
      email: `${name}@example.com`,
      plan: n === 1 ? "pro" : "plus",
      last_usage: snapshot(n * 10, 5),
    }),
  ),
  { defaultKey: "u3::w" },
);
const empty: LiveState = { rows: [], marked: null, status: "refreshed", top: 0 };
const start = withRows(empty, rows, "u3::w");
const key = (name: string, ctrl = false) => ({ name, text: ctrl ? "" : name, ctrl });
const size = { columns: 60, rows: 10, colors: false };

/** The account marked after these keys. */
const after = (...names: string[]) =>
  names.reduce((state, name) => pressLive(state, key(name), 20).state, start).marked;

describe("keys", () => {
  test.each([
    [[], "u3::w"],
    [["up"], "u1::w"],
    [["k", "k"], "u2::w"],
    [["up", "up", "up", "up"], "u0::w"],
    [["down", "j", "down"], "u4::w"],
    [["home"], "u0::w"],
    [["end"], "u4::w"],
    [["pageup"], "u0::w"],
    [["x"], "u3::w"],
  ])("%p marks %s", (names, expected) => expect(after(...names)).toBe(expected));

  test.each([
    [key("q"), { is: "quit" }],
    [key("escape"), { is: "quit" }],
    [key("c", true), { is: "interrupted" }],
    [key("r"), { is: "refresh" }],
    [key("return"), { is: "switch", key: "u3::w" }],
    [key("x"), undefined],
  ])("%p wishes %p", (pressed, wish) => expect(pressLive(start, pressed, 20).wish).toEqual(wish as never));

  test("without accounts there is nothing to choose", () => {
    const none = withRows(empty, [], null);
    expect(pressLive(none, key("return"), 20)).toEqual({ state: none });
    expect(pressLive(none, key("down"), 20).state.marked).toBeNull();
  });
});

describe("the mark", () => {
  test("stays with its account when the rows change", () => {
    const moved = withRows({ ...start, marked: "u4::w" }, rows.slice(1), "u3::w");
    expect(moved.marked).toBe("u4::w");
  });
  test("goes to the active account when its own is gone", () => {
    const gone = rows.filter((row) => row.kind !== "account" || row.key !== "u4::w");
    expect(withRows({ ...start, marked: "u4::w" }, gone, "u3::w").marked).toBe("u3::w");
  });
});

describe("the screen", () => {
  test("a table, its foot at the bottom", () => {
    const { lines } = drawLive(start, size);
    expect(lines).toEqual([
      "       ACCOUNT            PLAN  5H    WEEKLY",
      "  ------------------------------------------",
      "    01 alice@example.com  Plus  100%  95%",
      "       bob@example.com",
      "    02   Plus             Plus  80%   95%",
      "    03   Pro              Pro   90%   95%",
      "→ * 04 carol@example.com  Plus  70%   95%",
      "    05 dave@example.com   Plus  60%   95%",
      "refreshed",
      "↑↓ move   enter make it the default   r refresh   q quit",
    ]);
  });

  test("scrolled, so that the marked account is seen", () => {
    const low = { ...size, rows: 7 };
    const names = (state: LiveState) =>
      drawLive(state, low)
        .lines.slice(2, 5)
        .map((line) => line.slice(0, 11).trim());
    expect(names({ ...start, marked: "u0::w" })).toEqual(["→   01 alic", "bob@", "02   Pl"]);
    expect(names({ ...start, marked: "u4::w" })).toEqual(["03   Pr", "* 04 caro", "→   05 dave"]);
    const scrolled = drawLive({ ...start, marked: "u4::w" }, low).state;
    expect(names({ ...scrolled, marked: "u2::w" })).toEqual(["bob@", "→   02   Pl", "03   Pr"]);
  });

  test("never larger than the terminal", () => {
    for (let columns = 8; columns < 100; columns += 7) {
      for (let height = 1; height < 14; height++) {
        const { lines } = drawLive(start, { columns, rows: height, colors: height % 2 === 0 });
        expect(lines).toHaveLength(height);
        for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  });

  test("the marked row is in one style", () => {
    const { lines } = drawLive(start, { ...size, colors: true });
    const [marked] = lines.filter((line) => line.includes("→"));
    expect(marked).toMatch(/^\u001b\[7m[^\u001b]+\u001b\[27m$/);
  });
});
