import { expect, test } from "bun:test";
import fc from "fast-check";
import { plainLines, Screen } from "./screen.ts";

const COLUMNS = 10;
const ROWS = 4;

/** What is written, and the lines that it leaves (the empty ones at the end left out). */
const table: [title: string, written: string, lines: string[]][] = [
  ["text and newlines", "one\r\ntwo\r\n", ["one", "two"]],
  ["a newline alone keeps the column", "one\ntwo", ["one", "   two"]],
  ["a carriage return writes over", "one\rOn", ["One"]],
  ["a backspace moves only", "abc\b\bX", ["aXc"]],
  ["tabs", "a\tb", ["a       b"]],
  ["colours are dropped", "\x1b[1;31mred\x1b[m \x1b[38;2;1;2;3mx\x1b[0m", ["red x"]],
  ["a long line goes on below", "0123456789ab", ["0123456789", "ab"]],
  ["a full line waits before it goes on", "0123456789\r\nab", ["0123456789", "ab"]],
  ["zsh's mark of a missing newline vanishes", `%${" ".repeat(COLUMNS - 1)}\r \r> `, [">"]],
  ["the screen scrolls", "1\r\n2\r\n3\r\n4\r\n5", ["2", "3", "4", "5"]],
  ["cursor movement", "\x1b[2;3Hx\x1b[Ay\x1b[2Bz\x1b[5D-\x1b[G|\x1b[4d_", ["   y", "  x", "|   z", " _"]],
  ["next and previous line", "a\x1b[Eb\x1b[Ec\x1b[2Fd", ["d", "b", "c"]],
  ["the cursor stays on the screen", "\x1b[99;99Hx\x1b[99A\x1b[99Dy", ["y", "", "", "         x"]],
  ["erasing a line to its end, to its start, all", "abc\x1b[2D\x1b[K\r\nabc\x1b[2D\x1b[1K\r\nabc\x1b[2K", ["a", "  c"]],
  ["erasing the screen below", "1\r\n2\r\n3\x1b[2;1H\x1b[J", ["1"]],
  ["erasing the screen above", "1\r\n2\r\n3\x1b[2;1H\x1b[1J", ["", "", "3"]],
  ["erasing it all, and home", "1\r\n2\x1b[2J\x1b[Hx", ["x"]],
  ["characters deleted, inserted, erased", "abcdef\x1b[5D\x1b[2P\x1b[@\x1b[C\x1b[X", ["a  ef"]],
  ["lines inserted and deleted", "1\r\n2\r\n3\x1b[2;1H\x1b[L\x1b[1;1H\x1b[M", ["", "2", "3"]],
  ["a scroll region", "1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\n\x1b[2;1Hx", ["1", "x", "", "4"]],
  ["reverse line feed at the top", "1\r\n2\x1b[H\x1bM0", ["0", "1", "2"]],
  ["the cursor saved and restored", "ab\x1b7cd\x1b8X\x1b[sYZ\x1b[uW", ["abXWZ"]],
  ["wide characters, one of which is written over by half", "漢字x\rA", ["A 字x"]],
  ["a character that is wide today and was not in 2010", "😀x\b\bA", [" Ax"]],
  ["a wide character does not fit at the end", "012345678漢", ["012345678", "漢"]],
  ["combining characters", "e\u0301x", ["e\u0301x"]],
  ["the other screen, and back", "main\x1b[?1049h\x1b[Hother\x1b[?1049l!", ["main!"]],
  ["titles, hyperlinks and other strings", "a\x1b]0;title\x07b\x1b]8;;http://127.0.0.1\x1b\\c\x1bPq#\x1b\\d", ["abcd"]],
  ["modes, character sets and key modes", "\x1b[?2004h\x1b(B\x1b=\x1b>\x1b[>1ua\x1b[?25l", ["a"]],
  ["a reset", "abc\x1bcx", ["x"]],
];

const open = async (...parts: string[]) => {
  const screen = new Screen(COLUMNS, ROWS);
  for (const part of parts) await screen.write(part);
  return screen;
};
const show = async (...parts: string[]) => {
  const lines = (await open(...parts)).lines();
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
};

for (const [title, written, lines] of table) test(title, async () => expect(await show(written)).toEqual(lines));

test("what comes in pieces looks the same", async () => {
  const written = fc.constantFrom(...table.map(([, text]) => text));
  await fc.assert(
    fc.asyncProperty(written, fc.array(fc.nat(40), { maxLength: 5 }), async (text, cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length].map((cut) => Math.min(cut, text.length));
      const pieces = at.slice(1).map((end, i) => text.slice(at[i], end));
      expect(await show(...pieces)).toEqual(await show(text));
    }),
  );
});

test("what has scrolled away is in the transcript, the other screen is not", async () => {
  const screen = await open("1\r\n2\r\n3\r\n4\r\n5\r\n\x1b[?1049hx\r\ny\r\nz\r\nw\r\nv\x1b[?1049l6");
  expect(screen.transcript()).toEqual(["1", "2", "3", "4", "5", "6"]);
});

test("a program's questions are answered", async () => {
  let answers = "";
  const screen = new Screen(COLUMNS, ROWS, (answer) => (answers += answer));
  await screen.write("\r\nab\x1b[6n\x1b[5n\x1b[c\x1b[>c\x1b[?u");
  expect(answers).toBe("\x1b[2;3R\x1b[0n\x1b[?1;2c\x1b[>0;276;0c");
});

test("a smaller screen keeps the line of the cursor", async () => {
  const screen = await open("1\r\n2\r\n3\r\n4");
  screen.resize(COLUMNS, 2);
  expect(screen.lines()).toEqual(["3", "4"]);
  expect(screen.cursor).toEqual({ row: 1, column: 1 });
  screen.resize(COLUMNS, 3);
  expect(screen.lines()).toEqual(["2", "3", "4"]);
});

test("plain lines never wrap", async () => {
  expect((await plainLines(`\x1b[31m${"x".repeat(500)}\x1b[m\r\ny\r\n`)).slice(0, 3)).toEqual([
    "x".repeat(500),
    "y",
    "",
  ]);
});
