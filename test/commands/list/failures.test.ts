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
      hint: "again, or codex-auth list --skip-api",
    },
  ]);
  expect(failureNotes(named, failing(["502", "MalformedJson", "502", "500"]))).toEqual([
    { message: "500: OpenAI could not answer: u3@example.com", hint: "again in some minutes" },
    { message: "502: OpenAI could not answer: u0@example.com, u2@example.com", hint: "again in some minutes" },
    {
      message: "MalformedJson: the answer is not OpenAI's but that of a proxy or a login page: u1@example.com",
      hint: "see the network, and HTTPS_PROXY",
    },
  ]);
  expect(failureNotes(named, failing([]))).toEqual([]);
  expect(failureNotes(named, failing(["MissingAuth"]))).toEqual([]);
});
