import fc from "fast-check";
import { decodeBytes } from "../../src/core/bytes.ts";

/** What some shell, somewhere, takes for more than text. */
const NASTY = [
  "$(touch x)",
  "`touch x`",
  "$((x=1))",
  "${x:=y}",
  "$HOME",
  "~",
  "-n",
  "--",
  "!!",
  "!$",
  "^a^b",
  ";",
  "&",
  "|",
  ">x",
  "<x",
  "*",
  "?",
  "[a]",
  "{a,b}",
  "'",
  '"',
  "\\",
  "\\n",
  " ",
  "  ",
  "\t",
  "#",
  "%",
  "%F{red}",
  "%(?.a.b)",
  "\\u",
  "\\[",
  "(touch x)",
  "@(touch x)",
  "$env:X",
  "é",
  "漢字",
  "e\u0301",
  "\u{1f469}\u200d\u{1f4bb}",
  "‘",
  "”",
  "=",
  ":",
  "a",
  "b c",
];

const part = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }));

/** Names of directories: any bytes but `/` and NUL, and of what shells take for more. */
export const NAMES = fc
  .oneof(
    fc
      .array(fc.oneof(part, fc.constantFrom("\n", "\r", "\u0001", "\u007f")), { minLength: 1, maxLength: 5 })
      .map((parts) => Buffer.from(parts.join(""))),
    fc.uint8Array({ min: 1, minLength: 1, maxLength: 24 }).map((bytes) => Buffer.from(bytes)),
  )
  .map((bytes) => decodeBytes(Buffer.from(bytes.filter((byte) => byte !== 0 && byte !== 0x2f))))
  .filter((name) => name !== "" && name !== "." && name !== "..");

/** Labels, which hold no control characters. */
export const LABELS = fc
  .array(part, { minLength: 1, maxLength: 6 })
  .map((parts) =>
    parts
      .join("")
      .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, "")
      .trim(),
  )
  .filter((label) => label !== "");
