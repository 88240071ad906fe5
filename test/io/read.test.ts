import { expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstLine, linesFromEnd } from "../../src/io/read.ts";

const path = join(mkdtempSync(join(tmpdir(), "codex-auth-lines-")), "file");
const MEGABYTE = 1024 * 1024;

test.each([
  ["", []],
  ["a", ["a"]],
  ["a\n", ["", "a"]],
  ["a\nb\nc", ["c", "b", "a"]],
  ["\n\n", ["", "", ""]],
  [`${"x".repeat(65_536)}\nb`, ["b", "x".repeat(65_536)]],
  [`${"x".repeat(65_535)}\n${"y".repeat(70_000)}\n`, ["", "y".repeat(70_000), "x".repeat(65_535)]],
  [`first\n${"x".repeat(MEGABYTE + 1)}\nlast`, ["last", "first"]],
  [`東京\n${"京".repeat(40_000)}`, ["京".repeat(40_000), "東京"]],
])("lines from the end, case %#", (text, expected) => {
  writeFileSync(path, text);
  expect([...linesFromEnd(path)]).toEqual(expected);
});

test("lines from the end are those from the start, whatever their lengths", () => {
  const lengths = [0, 1, 65_534, 65_535, 65_536, 65_537, 131_072, 3];
  const lines = lengths.map((length, at) => String(at).repeat(length));
  writeFileSync(path, lines.join("\n"));
  expect([...linesFromEnd(path)]).toEqual(lines.toReversed());
});

test.each([
  ["", ""],
  ["a", "a"],
  ["a\nb", "a"],
  [`${"x".repeat(70_000)}\nb`, "x".repeat(70_000)],
  [`${"x".repeat(65_536)}\nb`, "x".repeat(65_536)],
  ["x".repeat(2 * MEGABYTE), undefined],
])("the first line, case %#", (text, expected) => {
  writeFileSync(path, text);
  expect(firstLine(path)).toEqual(expected as string);
});

test("no more is read than the limit, in whole chunks", () => {
  writeFileSync(path, Array.from({ length: 100 }, () => "x".repeat(65_535)).join("\n"));
  expect([...linesFromEnd(path, 3 * 65_536)].length).toBeLessThan(5);
  expect([...linesFromEnd(path)]).toHaveLength(100);
});
