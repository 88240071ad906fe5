import { describe, expect, test } from "bun:test";
import { homeIdOf } from "../../../src/core/accounts/account.ts";
import { accountCandidates, pinCandidates, renderCandidates } from "../../../src/core/selectors/candidates.ts";
import { nameAccounts } from "../../../src/core/accounts/names.ts";
import { resolveSelector } from "../../../src/core/selectors/match.ts";
import { keyRecord, record, registryOf } from "../registries.ts";

const registry = registryOf([
  record({ account_key: "u1::a1", email: "alice@example.com", alias: "work" }),
  record({ account_key: "u1::a2", email: "alice@example.com", account_name: "Acme", plan: "team" }),
  keyRecord({ email: "bob@example.com" }),
  keyRecord({ email: "", account_name: "sk-11111***1111" }, "1".repeat(64)),
  record({ account_key: "u2::a1", email: "dup@example.com" }),
  record({ account_key: "u2::a2", email: "dup@example.com" }),
  record({ account_key: "u3::a1", email: "eve@example.com", alias: "bad\u001b[31m\tname" }),
  record({ account_key: "u4::a1", email: "12", alias: "" }),
  record({ account_key: "u5::a1", email: "$(touch x) `y`@example.com" }),
]);

describe("accounts", () => {
  test("each gets the name that a person would type, and it picks that account", () => {
    const candidates = accountCandidates(registry);
    expect(Object.fromEntries(candidates.map(({ word, about }) => [word, about]))).toEqual({
      work: "alice@example.com Plus",
      Acme: "alice@example.com Business",
      "bob@example.com": "API_KEY",
      "sk-11111***1111": "API_KEY",
      "u2::a1": "dup@example.com Plus",
      "u2::a2": "dup@example.com Plus",
      "eve@example.com": "Plus",
      "12": "Plus",
      "$(touch x) `y`@example.com": "Plus",
    });
    const shown = nameAccounts(registry);
    const picked = candidates.flatMap(({ word }) =>
      resolveSelector(shown, word).candidates.map(({ account }) => account.account_key),
    );
    expect(picked.toSorted()).toEqual(registry.accounts.map(({ account_key }) => account_key).sort());
  });

  test("as lines: no name breaks one", () => {
    const lines = renderCandidates(accountCandidates(registry)).split("\n").slice(0, -1);
    expect(lines).toHaveLength(registry.accounts.length);
    for (const line of lines) expect(line.split("\t")).toHaveLength(2);
  });
});

test("pins are told with their account", () => {
  const pins = [
    { path: "/work/a b", homeId: homeIdOf("u1::a1") },
    { path: "/gone", homeId: "0123456789abcdef" },
    { path: "/damaged", homeId: undefined },
    { path: "/line\nbreak", homeId: homeIdOf("u1::a1") },
  ];
  expect(pinCandidates(pins, registry)).toEqual([
    { word: "/work/a b", about: "work" },
    { word: "/gone", about: "missing account" },
    { word: "/damaged", about: "missing account" },
  ]);
});
