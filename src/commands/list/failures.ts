import type { NamedAccount } from "../../core/accounts/names.ts";
import type { Note } from "../../core/errors.ts";
import type { UsageViews } from "../../core/usage/view.ts";

/** What a cell says where asking has failed, in words, and what to do about it. */
const MEANINGS: Readonly<Record<string, { what: string; hint: string }>> = {
  "401": { what: "OpenAI refuses the login", hint: "codex-auth login" },
  "402": { what: "the workspace is not paid for, or switched off", hint: "ask its owner" },
  "403": { what: "OpenAI does not let the login ask for its limits", hint: "codex-auth check" },
  "429": { what: "OpenAI was asked too often", hint: "again in some minutes" },
  TimedOut: { what: "no answer came within 5 s", hint: "again, or codex-auth list --skip-api" },
  MalformedJson: {
    what: "the answer is not OpenAI's but that of a proxy or a login page",
    hint: "see the network, and HTTPS_PROXY",
  },
  expired: {
    what: "the login has expired, and Codex could not refresh it",
    hint: "codex-auth doctor, or codex-auth login",
  },
};

const SHOWN = 3;

/** Of a status that says nothing of the account: OpenAI itself has failed. */
const SERVER = { what: "OpenAI could not answer", hint: "again in some minutes" };

/** Takes the accounts in the order of the table; returns a note for each kind of failure among them, with the names of the first. */
export function failureNotes(named: readonly NamedAccount[], views: UsageViews): Note[] {
  const failureOf = ({ account }: NamedAccount) => views.get(account.account_key)?.failure?.split(" ")[0] ?? "";
  const ofServer = named.map(failureOf).filter((failure) => /^5\d\d$/.test(failure));
  const meanings = Object.entries({ ...MEANINGS, ...Object.fromEntries(ofServer.map((status) => [status, SERVER])) });
  return meanings.flatMap(([failure, { what, hint }]) => {
    const labels = named.flatMap((one) => (failureOf(one) === failure ? [one.label] : []));
    if (labels.length === 0) return [];
    const others = labels.length > SHOWN ? ` and ${labels.length - SHOWN} more` : "";
    return [{ message: `${failure}: ${what}: ${labels.slice(0, SHOWN).join(", ")}${others}`, hint }];
  });
}
