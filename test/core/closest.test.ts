import { expect, test } from "bun:test";
import { closest } from "../../src/core/closest.ts";

const COMMANDS = ["list", "login", "pin", "pins", "unpin", "use", "switch", "completion"];

test.each([
  ["lsit", "list"],
  ["lst", "list"],
  ["LIST", "list"],
  ["lists", "list"],
  ["pim", "pin"],
  ["unpn", "unpin"],
  ["swich", "switch"],
  ["comp", "completion"],
  ["us", "use"],
  ["x", undefined],
  ["", undefined],
  ["frobnicate", undefined],
  ["logout", undefined],
  ["toString", undefined],
])("%j is meant as %j", (word, meant) => {
  expect(closest(word, COMMANDS)).toBe(meant);
});
