import { describe, expect, test } from "bun:test";
import { staleBackups, stamp } from "../../../src/core/base/backups.ts";

const PREFIX = "registry.json.bak.";
const NOW = new Date(2026, 6, 27, 9, 5, 3).getTime();
const named = (...ends: string[]) => ends.map((end) => PREFIX + end);

describe("the name of a backup", () => {
  test.each<[string, string[], string]>([
    ["the first", [], "20260727-090503"],
    [
      "others of another second, and of another kind",
      ["auth.json.bak.20260727-090503", ...named("20260727-090502")],
      "20260727-090503",
    ],
    ["a second one of this second", named("20260727-090503"), "20260727-090503.1"],
    [
      "behind the last, also when the first has gone",
      named("20260727-090503.9", "20260727-090503.10"),
      "20260727-090503.11",
    ],
    ["behind those of the hour that comes twice, when summer time ends", named("20260727-095503"), "20260727-095503.1"],
    ["not behind what lies far ahead", named("20990101-000000"), "20260727-090503"],
    ["what only begins like one", named("20260727-090503.old"), "20260727-090503"],
  ])("%s", (_, names, name) => expect(stamp(names, PREFIX, NOW)).toBe(name));
});

test("all but the newest five are stale", () => {
  const names = named("20260727-090503", ...[1, 2, 3, 10, 11].map((n) => `20260727-090503.${n}`), "20260101-000000");
  expect(staleBackups([...names, "registry.json", "auth.json.bak.1"], PREFIX).sort()).toEqual(
    named("20260101-000000", "20260727-090503"),
  );
});
