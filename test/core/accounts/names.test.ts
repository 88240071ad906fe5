import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Account } from "../../../src/core/accounts/account.ts";
import { labelOf, nameAccounts, numberText } from "../../../src/core/accounts/names.ts";
import { fold } from "../../../src/core/printable.ts";
import { withoutControls } from "../../../src/core/printable.ts";
import { resolveSelector } from "../../../src/core/selectors/match.ts";
import { keyRecord, record, registryOf } from "../registries.ts";

const ALICE = "alice@example.com";
const alice = (own: Partial<Account>, id = "a1") => record({ account_key: `user-alice::${id}`, email: ALICE, ...own });

/** The numbers, groups and rows of accounts in this order. */
function shown(accounts: Account[], active: string | null = null): string[] {
  return nameAccounts(registryOf(accounts, active)).map(
    ({ number, group, row }) => `${numberText(number)} ${group ? `${group} / ` : ""}${row}`,
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
  test("workspaces first, then by plan and key, whichever is the default", () => {
    const accounts = [
      alice({ plan: "plus" }, "a5"),
      alice({ plan: "team" }, "a4"),
      alice({ plan: "enterprise" }, "a3"),
      alice({ plan: "free" }, "a2"),
      alice({ plan: "plus", alias: "mine" }, "a1"),
    ];
    const group = (...names: string[]) => names.map((name, at) => `0${at + 1} ${ALICE} / ${name}`);
    for (const active of [null, "user-alice::a5", "user-alice::a2"])
      expect(shown(accounts, active)).toEqual(group("Business", "Enterprise", "Free", "mine", "Plus"));
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
    const names = ["Business #1", "Business #2", "Plus"];
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

test("the plan that the usage tells beats the login's, and moves no number", () => {
  const usage = { primary: { used_percent: 1, window_minutes: 300, resets_at: 1 }, plan_type: "pro" };
  const accounts = [alice({ plan: "plus", last_usage: usage }, "a1"), alice({ plan: "plus" }, "a2")];
  expect(shown(accounts)).toEqual([`01 ${ALICE} / Pro`, `02 ${ALICE} / Plus`]);
});

/** The label of the only account of a registry. */
const labelAlone = (account: Account) => labelOf(registryOf([account]), account);

describe("labels", () => {
  test.each<[string, Partial<Account>, string]>([
    ["the alias", { alias: "work" }, "work"],
    ["else the e-mail", {}, "alice@example.com"],
    ["a name is none of it", { account_name: "Acme" }, "alice@example.com"],
    ["else the name", { email: "", account_name: "Acme" }, "Acme"],
    ["else the key", { email: "" }, "u::a"],
    ["other scripts", { alias: "работа 仕事" }, "работа 仕事"],
    ["no escape sequences", { alias: "\u001b[31mred\u0007" }, "[31mred"],
    ["no lines", { alias: "two\nlines\u2028more" }, "twolinesmore"],
    ["no number, which would pick another account", { alias: "7" }, "7 (alice@example.com)"],
    ["no turned text", { alias: "\u202eecila\u2066" }, "ecila"],
    ["no C1 controls", { alias: "a\u009bb" }, "ab"],
    ["what shells would expand, as it is", { alias: "$(id) `id` %F{red} \\u !" }, "$(id) `id` %F{red} \\u !"],
  ])("%s", (_, own, label) => {
    expect(labelAlone(record({ account_key: "u::a", email: "alice@example.com", ...own }))).toBe(label);
  });

  test.each<[string, Partial<Account>, string]>([
    ["alias", { alias: "ci" }, "ci API_KEY"],
    ["e-mail", {}, "bob@example.com API_KEY"],
    ["no e-mail", { email: "", account_name: "sk-eaa99***092f" }, "sk-eaa99***092f API_KEY"],
    ["another provider's", { provider: "openrouter", alias: "or" }, "or API"],
  ])("an API key: %s", (_, own, label) => expect(labelAlone(keyRecord(own))).toBe(label));

  const anyText = fc.string({ unit: "binary" });
  test("never hold a control character or a line end", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (alias, email, name) => {
        const label = labelAlone(record({ account_key: "u::a", alias, email, account_name: name }));
        expect(label).not.toMatch(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
        expect(withoutControls(label)).toBe(label);
      }),
    );
  });
});

describe("names and labels", () => {
  const named = (...accounts: Account[]) =>
    nameAccounts(registryOf(accounts)).map(({ name, label }) => (name === label ? name : [name, label]));
  const SK = "sk-eaa99***092f";
  const other = { email: "bob@example.com" };

  test.each<[string, Account[], (string | string[])[]]>([
    [
      "a login and a key of one e-mail",
      [alice({}), keyRecord({ email: ALICE })],
      [`${ALICE} Plus`, [`${ALICE} ${SK}`, `${ALICE} API_KEY`]],
    ],
    [
      "two keys of one e-mail",
      [keyRecord(), keyRecord({}, "f".repeat(64))],
      [
        [`bob@example.com ${SK}`, `bob@example.com API_KEY ${SK}`],
        ["bob@example.com sk-fffff***ffff", "bob@example.com API_KEY sk-fffff***ffff"],
      ],
    ],
    ["one key", [keyRecord()], [["bob@example.com", "bob@example.com API_KEY"]]],
    [
      "three workspaces, two of them without a name",
      [
        alice({ plan: "team" }, "a1"),
        alice({ plan: "team", account_name: "Acme" }, "a2"),
        alice({ plan: "team" }, "a3"),
      ],
      [`${ALICE} Business #1`, `${ALICE} Acme`, `${ALICE} Business #2`],
    ],
    [
      "two workspaces of one name",
      [alice({ account_name: "A" }, "a1"), alice({ account_name: "A" }, "a2")],
      [`${ALICE} A #1`, `${ALICE} A #2`],
    ],
    ["an alias makes it clear", [alice({ alias: "work" }, "a1"), alice({}, "a2")], ["work", `${ALICE} Plus`]],
    [
      "an alias that is another's e-mail",
      [alice({}), record({ account_key: "u::b", ...other, alias: ALICE })],
      [`${ALICE} Plus`, ALICE],
    ],
    [
      "an alias that is another's label",
      [keyRecord(), record({ account_key: "u::b", email: "eve@example.com", alias: "bob@example.com API_KEY" })],
      [[`bob@example.com ${SK}`, `bob@example.com API_KEY ${SK}`], "bob@example.com API_KEY"],
    ],
    [
      "equal aliases, as another tool may leave them",
      [
        record({ account_key: "u::a", email: "a@example.com", alias: "x" }),
        record({ account_key: "u::b", ...other, alias: "X" }),
      ],
      ["x (a@example.com)", "X (bob@example.com)"],
    ],
  ])("%s", (_, accounts, expected) => expect(named(...accounts)).toEqual(expected));

  const word = fc.constantFrom(
    "a",
    "b",
    "A",
    "work",
    ALICE,
    "bob@example.com",
    `${ALICE} Plus`,
    `${ALICE} API_KEY`,
    "Business #1",
    "1",
    "02",
    "-",
    "user-x::w1",
    "sk-eaa99***092f",
    "\u001b[31ma",
    "\u202ea",
    "a ",
    "é",
    "e\u0301",
  );
  const text = fc.oneof({ weight: 4, arbitrary: word }, fc.string({ unit: "binary", maxLength: 4 }));
  const account = fc
    .record({
      isKey: fc.boolean(),
      user: fc.constantFrom("user-x", "user-y"),
      id: fc.integer({ min: 1, max: 30 }),
      email: fc.oneof(fc.constantFrom(ALICE, "bob@example.com", ""), text),
      alias: fc.oneof(fc.constant(""), text),
      account_name: fc.oneof(fc.constant(null), fc.constantFrom("Acme", "Other"), text),
      plan: fc.constantFrom("plus", "pro", "team", "business", "enterprise", null),
    })
    .map(({ isKey, user, id, ...own }) =>
      isKey
        ? keyRecord(own, id.toString(16).padStart(64, "0"))
        : record({ account_key: `${user}::w${id}`, chatgpt_user_id: user, ...own }),
    );
  const accounts = fc.uniqueArray(account, { maxLength: 30, selector: ({ account_key: key }) => key });

  test("an alias that is the workspace name of another with the same e-mail", () => {
    const all = [
      record({ account_key: "u::1", email: "a", alias: "a" }),
      record({ account_key: "u::2", email: "a", account_name: "a" }),
    ];
    const rows = nameAccounts(registryOf(all)).map(({ row }) => row);
    expect(new Set(rows).size).toBe(2);
  });

  test("no two accounts look alike, and what is shown of one picks it and no other", () => {
    fc.assert(
      fc.property(accounts, (all) => {
        const names = nameAccounts(registryOf(all));
        const texts = names.flatMap(({ name, label }) => [...new Set([fold(name), fold(label)])]);
        expect(new Set(texts).size).toBe(texts.length);
        for (const one of names) {
          for (const selector of [one.name, one.label, numberText(one.number), one.account.account_key])
            expect({ selector, picked: resolveSelector(names, selector).candidates }).toEqual({
              selector,
              picked: [one],
            });
          const isName =
            texts.includes(fold(one.row)) ||
            all.some(({ account_key: key }) => key === one.row) ||
            /^\d+$/.test(fold(one.row));
          if (!isName) expect(resolveSelector(names, one.row).candidates).toContain(one);
        }
        for (const { group } of names) {
          const rows = names.filter((one) => group !== null && one.group === group).map(({ row }) => fold(row));
          expect(new Set(rows).size).toBe(rows.length);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("no number moves when accounts are used, named or looked at", () => {
    fc.assert(
      fc.property(accounts, text, fc.nat(), (all, alias, at) => {
        const numbers = (records: Account[], active: string | null) =>
          Object.fromEntries(
            nameAccounts(registryOf(records, active)).map(({ account: one, number }) => [one.account_key, number]),
          );
        const before = numbers(all, null);
        const chosen = at % Math.max(1, all.length);
        const last_usage = { primary: { used_percent: 5, window_minutes: 300, resets_at: 9 }, plan_type: "enterprise" };
        const changed = all.map((one, index) =>
          index === chosen ? { ...one, alias, last_used_at: 7, last_usage } : one,
        );
        expect(numbers(changed.toReversed(), all[chosen]?.account_key ?? null)).toEqual(before);
      }),
    );
  });
});
