import { expect, test } from "bun:test";
import type { Account } from "../../../src/core/accounts/account.ts";
import { tellMoreLeft } from "../../../src/core/here/more-left.ts";
import { keyRecord, record, registryOf } from "../registries.ts";
import { NOON, snapshot } from "../tables.ts";

const login = (name: string, fiveHours?: number, week = 0) =>
  record({
    account_key: `${name}::w`,
    email: `${name}@example.com`,
    last_usage: fiveHours === undefined ? undefined : snapshot(fiveHours, week),
  });
const month = record({
  account_key: "mo::w",
  email: "mo@example.com",
  last_usage: { primary: { used_percent: 95, window_minutes: 43_200, resets_at: null } },
});
const key = keyRecord({ email: "ada@example.com" });
const tell = (accounts: Account[], out: string[] = [], strange: string[] = []) => {
  const [account] = accounts;
  if (!account) throw new Error("nobody");
  const state = { registry: registryOf(accounts), loggedOut: new Set(out), strange: new Set(strange) };
  return tellMoreLeft(state, account, NOON, "switch")?.message;
};

test.each<[string, string | undefined, string | undefined]>([
  [
    "the week is nearly over",
    tell([login("a", 10, 93), login("b", 60, 2), login("c", 40)]),
    "7% left of its week, c@example.com has 60%",
  ],
  ["the five hours", tell([login("a", 100), login("b", 60)]), "0% left of its 5 hours, b@example.com has 40%"],
  ["a month", tell([month, login("b", 60)]), "5% left of its month, b@example.com has 40%"],
  ["enough is left", tell([login("a", 90), login("b", 0)]), undefined],
  ["nobody has more", tell([login("a", 95), login("b", 97), key]), undefined],
  ["nothing is known", tell([login("a"), login("b", 0)]), undefined],
  ["who is logged out has nothing", tell([login("a", 95), login("b", 0)], ["b::w"]), undefined],
  ["nor who is damaged", tell([login("a", 95), login("b", 0)], [], ["b::w"]), undefined],
  ["a key has no limits", tell([key, login("b", 0)]), undefined],
])("%s", (_what, told, expected) => expect(told?.replace(/^\S+ has /, "")).toBe(expected));
