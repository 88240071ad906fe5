import { describe, expect, test } from "bun:test";
import type { Account } from "../../../src/core/accounts/account.ts";
import { numberText, showAccounts } from "../../../src/core/accounts/shown.ts";
import { keyRecord, record, registryOf } from "../registries.ts";

const ALICE = "alice@example.com";
const alice = (own: Partial<Account>, id = "a1") => record({ account_key: `user-alice::${id}`, email: ALICE, ...own });

/** The numbers, groups and names of accounts in this order. */
function shown(accounts: Account[], active: string | null = null): string[] {
  return showAccounts(registryOf(accounts, active)).map(
    ({ number, group, name }) => `${numberText(number)} ${group ? `${group} / ` : ""}${name}`,
  );
}

describe("an account alone", () => {
  const rows: [string, Account, string][] = [
    ["e-mail", alice({}), ALICE],
    ["alias", alice({ alias: "work" }), `work(${ALICE})`],
    ["workspace", alice({ account_name: "Acme" }), `Acme(${ALICE})`],
    ["alias and workspace", alice({ alias: "work", account_name: "Acme" }), `work(Acme, ${ALICE})`],
    ["empty workspace name", alice({ account_name: "" }), ALICE],
    ["API key: the e-mail only", keyRecord({ account_name: "sk-eaa99***092f" }), "bob@example.com"],
    ["API key with alias", keyRecord({ alias: "ci" }), "ci(bob@example.com)"],
    ["API key without e-mail", keyRecord({ email: "" }), "sk-eaa99***092f"],
    ["API key without e-mail, with alias", keyRecord({ email: "", alias: "ci" }), "ci(sk-eaa99***092f)"],
    ["nothing but a key", alice({ email: "" }), "user-alice::a1"],
    ["another provider's key", alice({ provider: "other", auth_mode: "apikey" }), ALICE],
    ["control characters", alice({ alias: "\u001b]0;x\u0007w\u009bork" }), `]0;xwork(${ALICE})`],
    ["an alias of control characters", alice({ alias: "\u001b\u0000" }), ALICE],
  ];
  test.each(rows)("%s", (_what, account, name) => {
    expect(shown([account])).toEqual([`01 ${name}`]);
  });
});

describe("a group", () => {
  test("the default first, then workspaces, then by plan and key", () => {
    const accounts = [
      alice({ plan: "plus" }, "a5"),
      alice({ plan: "team" }, "a4"),
      alice({ plan: "enterprise" }, "a3"),
      alice({ plan: "free" }, "a2"),
      alice({ plan: "plus", alias: "mine" }, "a1"),
    ];
    const group = (...names: string[]) => names.map((name, at) => `0${at + 1} ${ALICE} / ${name}`);
    expect(shown(accounts, "user-alice::a5")).toEqual(group("Plus", "Business", "Enterprise", "Free", "mine"));
    expect(shown(accounts)).toEqual(group("Business", "Enterprise", "Free", "mine", "Plus"));
  });

  test("names", () => {
    const accounts = [
      alice({ plan: "team", alias: "work", account_name: "Acme" }, "a1"),
      alice({ plan: "team", account_name: "Other" }, "a2"),
      alice({ plan: "team" }, "a3"),
      alice({ plan: "plus", alias: "home" }, "a4"),
    ];
    const names = ["work(Acme)", "Other", "Business", "home"];
    expect(shown(accounts)).toEqual(names.map((name, at) => `0${at + 1} ${ALICE} / ${name}`));
  });

  test("the same plan twice is numbered by key, whichever is the default", () => {
    const accounts = [alice({ plan: "team" }, "a2"), alice({ plan: "business" }, "a1"), alice({ plan: "plus" }, "a3")];
    const names = ["Business #2", "Business #1", "Plus"];
    expect(shown(accounts, "user-alice::a2")).toEqual(names.map((name, at) => `0${at + 1} ${ALICE} / ${name}`));
  });

  test("one API key and one ChatGPT login: the key by its masked label", () => {
    const accounts = [keyRecord({ email: ALICE }), keyRecord({ email: ALICE, alias: "ci" }, "f".repeat(64)), alice({})];
    const names = ["Plus", "sk-eaa99***092f", "ci(sk-fffff***ffff)"];
    expect(shown(accounts)).toEqual(names.map((name, at) => `0${at + 1} ${ALICE} / ${name}`));
  });

  test("an e-mail in another case is the same", () => {
    expect(shown([alice({ email: "Alice@Example.com" }, "a1"), alice({ plan: "pro" }, "a2")])).toHaveLength(2);
    expect(shown([alice({ email: "Alice@Example.com" }, "a1"), alice({ plan: "pro" }, "a2")])[0]).toContain(" / ");
  });

  test("keys without an e-mail are no group", () => {
    const accounts = [keyRecord({ email: "" }), keyRecord({ email: "" }, "0".repeat(64))];
    expect(shown(accounts)).toEqual(["01 sk-00000***0000", "02 sk-eaa99***092f"]);
  });
});

test("sorted by e-mail; numbers have two digits or more", () => {
  const accounts = Array.from({ length: 120 }, (_, at) =>
    record({ account_key: `u${at}::w`, email: `user${String(119 - at).padStart(3, "0")}@example.com` }),
  );
  const lines = shown(accounts);
  expect(lines[0]).toBe("01 user000@example.com");
  expect(lines[119]).toBe("120 user119@example.com");
});

test("the plan that the usage tells beats the login's", () => {
  const usage = { primary: { used_percent: 1, window_minutes: 300, resets_at: 1 }, plan_type: "pro" };
  const accounts = [alice({ plan: "plus", last_usage: usage }, "a1"), alice({ plan: "plus" }, "a2")];
  expect(shown(accounts)).toEqual([`01 ${ALICE} / Plus`, `02 ${ALICE} / Pro`]);
});
