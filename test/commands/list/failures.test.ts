import { expect, test } from "bun:test";
import { failureNotes } from "../../../src/commands/list/failures.ts";
import { nameAccounts } from "../../../src/core/accounts/names.ts";
import { cachedView } from "../../../src/core/usage/view.ts";
import { record, registryOf } from "../../core/registries.ts";

const accounts = Array.from({ length: 6 }, (_, at) =>
  record({ account_key: `u${at}::w`, email: `u${at}@example.com` }),
);
const named = nameAccounts(registryOf(accounts));
const failing = (failures: (string | null)[]) =>
  new Map(accounts.map((account, at) => [account.account_key, cachedView(account, undefined, failures[at] ?? null)]));

test("each kind of failure is told once, with the names of the first, and what to do", () => {
  expect(
    failureNotes(named, failing(["401 token_invalidated", "TimedOut", "TimedOut", "TimedOut", "TimedOut", null])),
  ).toEqual([
    { message: "401: OpenAI refuses the login: u0@example.com", hint: "codex-auth login" },
    {
      message: "TimedOut: no answer came within 5 s: u1@example.com, u2@example.com, u3@example.com and 1 more",
      hint: "try again, or codex-auth list --skip-api",
    },
  ]);
  expect(failureNotes(named, failing([]))).toEqual([]);
  expect(failureNotes(named, failing(["MissingAuth"]))).toEqual([]);
});
