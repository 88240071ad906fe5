import { describe, expect, test } from "bun:test";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { byteLength, decodeBytes, encodeBytes, escapeBytes, hasBytes, showBytes } from "../../src/core/bytes.ts";

const encoded = (text: string) => [...Buffer.from(encodeBytes(text))];
const pair = (byte: number) => String.fromCharCode(0xfdd0 + (byte >> 4), 0xfde0 + (byte & 15));
const text = (...bytes: number[]) => bytes.map(pair).join("");

describe("bytes that are no UTF-8 survive in a text", () => {
  test.each([
    [[0x63, 0xe9], `c${text(0xe9)}`, "c\\xe9"],
    [[0xc3, 0xa9], "é", "é"],
    [[0xc3], text(0xc3), "\\xc3"],
    [[0xe9, 0xc3, 0xa9, 0xff], `${text(0xe9)}é${text(0xff)}`, "\\xe9é\\xff"],
    // a surrogate, an overlong form, and what lies behind Unicode are none
    [[0xed, 0xb3, 0xa9], text(0xed, 0xb3, 0xa9), "\\xed\\xb3\\xa9"],
    [[0xc0, 0x80], text(0xc0, 0x80), "\\xc0\\x80"],
    [[0xf4, 0x90, 0x80, 0x80], text(0xf4, 0x90, 0x80, 0x80), "\\xf4\\x90\\x80\\x80"],
    [[0xef, 0xbf, 0xbd], "\ufffd", "\ufffd"],
    [[0xef, 0xbf, 0xbd, 0xe9], `\ufffd${text(0xe9)}`, "\ufffd\\xe9"],
    [[0xf0, 0x9f, 0x92, 0x80], "💀", "💀"],
    [[0xef, 0xbb, 0xbf, 0x61], "\ufeffa", "\ufeffa"],
    // what stands for a byte is none that a name may bring
    [[0xef, 0xb7, 0x9e, 0xef, 0xb7, 0xa9], text(0xef, 0xb7, 0x9e, 0xef, 0xb7, 0xa9), "\\xef\\xb7\\x9e\\xef\\xb7\\xa9"],
    [[0xef, 0xb7, 0xb0], "\ufdf0", "\ufdf0"],
  ])("%j", (bytes, string, shown) => {
    expect(decodeBytes(Buffer.from(bytes))).toBe(string);
    expect(encoded(string)).toEqual(bytes);
    expect(byteLength(string)).toBe(bytes.length);
    expect(showBytes(string)).toBe(shown);
  });

  test("any bytes, also as a part of a path", () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 1, minLength: 1 }), (bytes) => {
        const name = decodeBytes(Buffer.from(bytes.filter((byte) => byte !== 0x2f && byte !== 0x2e)));
        expect(encoded(dirname(join("/x", `a${name}`, "y")))).toEqual([0x2f, 0x78, 0x2f, 0x61, ...encoded(name)]);
        const string = decodeBytes(Buffer.from(bytes));
        expect(encoded(string)).toEqual([...bytes]);
        expect(hasBytes(string)).toBe(
          !Buffer.from(Buffer.from(bytes).toString()).equals(Buffer.from(bytes)) || /[\ufdd0-\ufdef]/.test(string),
        );
      }),
    );
  });

  test("any text is as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (any) => {
        const string = any.replace(/[\ufdd0-\ufdef]/g, "");
        expect(encodeBytes(string)).toBe(string);
        expect(decodeBytes(Buffer.from(string))).toBe(string);
      }),
    );
  });

  test("in JSON they are lone surrogates", () => {
    expect(escapeBytes(JSON.stringify([`c${text(0xe9)}`, "é"]))).toBe('["c\\udce9","é"]');
  });
});
