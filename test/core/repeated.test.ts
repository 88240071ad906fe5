import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { fieldsOf, isRepeated } from "../../src/core/repeated.ts";

const FIELDS = fieldsOf({ a: 0, b: 0 }, { in: fieldsOf({ a: 0, c: 0 }) });

describe("a field of an object that is there twice", () => {
  test.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"b":{"a":2}}', false],
    ['{"a":1,"x":{"a":2,"a":3}}', false],
    ['{"x":1,"x":2}', false],
    ['{"in":{"c":1,"c":2}}', true],
    ['{"in":{"a":1},"a":2}', false],
    ['{"in":{"b":1,"b":2}}', false],
    ['{"in":[{"c":1,"c":2}]}', false],
    ['[{"a":1,"a":2}]', false],
    ['{"x":[1,[2]],"a":[],"a":1}', true],
    ['{"a":"b","b":"\\"a\\":\\"a\\""}', false],
    ['{"a":"{","b":"}","a":"["}', true],
    ['{ "\\u0061" : 1 , "a" : 2 }', true],
    ['{"toString":1,"toString":2,"constructor":{"a":1,"a":2}}', false],
    ['{"__proto__":{"a":1,"a":2},"__proto__":1}', false],
    ['"a"', false],
    ["", false],
  ])("%s: %p", (text, answer) => expect(isRepeated(text, FIELDS)).toBe(answer));

  test("no document that was written by JSON.stringify has one", () => {
    const json = fc.json().map((text) => JSON.stringify(JSON.parse(text)));
    fc.assert(fc.property(json, (text) => expect(isRepeated(text, FIELDS)).toBe(false)));
  });
});
