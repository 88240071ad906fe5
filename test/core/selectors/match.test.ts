import { afterAll, describe, expect, test } from "bun:test";
import type { Account } from "../../../src/core/accounts/account.ts";
import { nameAccounts } from "../../../src/core/accounts/names.ts";
import { decodeBytes } from "../../../src/core/bytes.ts";
import { UserError } from "../../../src/core/errors.ts";
import { selectorError } from "../../../src/core/selectors/refuse.ts";
import { checkAlias } from "../../../src/core/selectors/alias.ts";
import { chooseAccounts } from "../../../src/core/selectors/ask.ts";
import { resolveSelector } from "../../../src/core/selectors/match.ts";
import { makeBaseHome } from "../../base-home.ts";
import { keyRecord, record, registryOf } from "../registries.ts";

const registry = registryOf([
  record({ account_key: "u1::a1", email: "alice@example.com", alias: "work" }),
  record({ account_key: "u1::a2", email: "alice@example.com", account_name: "Acme" }),
  keyRecord({ email: "bob@example.com" }),
  record({ account_key: "u4::a4", email: "carol1990@example.org", alias: "Straße" }),
  record({ account_key: "u5::a5", email: "dave@example.org", alias: "workbench" }),
  record({ account_key: "u6::a6", email: "eve@example.org", alias: "bob@example.com" }),
  record({ account_key: "u7::a7", email: "frank@example.org", alias: "bad\u001b[31mname" }),
]);
const shown = nameAccounts(registry);
const numbers = (selector: string) => resolveSelector(shown, selector).candidates.map(({ number }) => number);

test("the numbers of the cases below", () => {
  expect(shown.map(({ account, number }) => [number, account.email, account.alias || account.account_name])).toEqual([
    [1, "alice@example.com", "work"],
    [2, "alice@example.com", "Acme"],
    [3, "bob@example.com", null],
    [4, "carol1990@example.org", "Straße"],
    [5, "dave@example.org", "workbench"],
    [6, "eve@example.org", "bob@example.com"],
    [7, "frank@example.org", "bad\u001b[31mname"],
  ]);
});

describe("a selector matches", () => {
  test.each<[string, string, number[]]>([
    ["a number", "1", [1]],
    ["a number as shown", "01", [1]],
    ["a number with more noughts", "0003", [3]],
    ["no number that list could show, though an e-mail has it", "90", []],
    ["a part of an e-mail that is a long number", "1990", [4]],
    ["no account 0", "0", []],
    ["the account key", "u1::a1", [1]],
    ["no part of an account key", "u1::", []],
    ["no account key in capitals", "U1::A1", []],
    ["an alias exactly, before a longer one", "work", [1]],
    ["an alias in capitals", "WORK", [1]],
    ["a part of aliases", "wor", [1, 5]],
    ["an alias of other letters", "straße", [4]],
    ["an e-mail with several accounts", "alice@example.com", [1, 2]],
    ["an e-mail in capitals", "Dave@Example.ORG", [5]],
    ["an alias, before an e-mail", "bob@example.com", [6]],
    ["a label of an API key", "bob@example.com API_KEY", [3]],
    ["a name", "acme", [2]],
    ["a part of a name", "cme", [2]],
    ["parts of e-mails", "example.org", [4, 5, 6, 7]],
    ["the cell of the table", "workbench(dave@example.org)", [5]],
    ["a label as it is shown", "bad[31mname", [7]],
    ["what is typed with other composition", "Straße".normalize("NFD"), [4]],
    ["a name that a narrow table has cut", "alice@…acme", [2]],
    ["an alias that a short prompt has cut", "work…ch", [5]],
    ["a label of an API key that is cut", "bob@e…*092f", [3]],
    ["a row that a narrow table has cut", "bob@…org)", [6]],
    ["an end that is cut", "work…", []],
    ["nothing", "", []],
    ["nothing but control characters", "\u001b\u0007", []],
    ["a pattern only as text", ".*", []],
    ["a percent sign only as text", "%", []],
  ])("%s: %j", (_, selector, expected) => expect(numbers(selector)).toEqual(expected));
});

function thrownBy(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
const describeBriefly = ({ account_key }: Account) => ({ account_key });
const errorOf = (selector: string) => selectorError(shown, resolveSelector(shown, selector), describeBriefly);

describe("what a selector does not pick", () => {
  test.each([
    ["wrok", 'no account matches "wrok", did you mean "work"?'],
    ["zzz", 'no account matches "zzz"'],
    ["", 'no account matches ""'],
    ["12", 'no account matches "12"'],
  ])("%j: none", (selector, message) => {
    const error = errorOf(selector);
    expect(error).toMatchObject({ message, hint: "codex-auth list", code: "account_not_found", exitCode: 1 });
  });

  test("several: they are listed", () => {
    const error = errorOf("alice");
    expect(error).toMatchObject({ message: '"alice" matches 2 accounts', code: "ambiguous_query", exitCode: 1 });
    expect(error.hint).toBe(
      "a number, or one of these names\n    01 'work' (alice@example.com) Plus\n    02 'alice@example.com Acme' Plus",
    );
    expect(error.details).toEqual({ candidates: [{ account_key: "u1::a1" }, { account_key: "u1::a2" }] });
  });

  test("labels of candidates are shown without control characters", () => {
    expect(errorOf("example.org").hint).toContain("07 'bad[31mname' (frank@example.org)");
  });

  test("an empty registry", () => {
    expect(resolveSelector([], "1")).toMatchObject({ status: "not_found", candidates: [] });
  });
});

describe("several selectors", () => {
  const home = makeBaseHome();
  afterAll(() => home.remove());
  const keys = (...selectors: string[]) =>
    chooseAccounts(home.ctx, registry, selectors).map((account) => account.account_key);

  test("each account once, in the order of the selectors", () => {
    expect(keys("5", "work", "01", "dave@example.org")).toEqual(["u5::a5", "u1::a1"]);
  });

  test("one that fails fails all, and every resolution is told", () => {
    const error = thrownBy(() => keys("work", "alice", "missing", "workb"));
    expect(error.code).toBe("selector_resolution_failed");
    expect(error.message).toBe(
      '"alice" matches 2 accounts\n  no account matches "missing"\n  "workb" is only a part of a name',
    );
    expect(error.details).toMatchObject({
      resolutions: [
        { selector: "work", status: "resolved", account_key: "u1::a1", candidates: [] },
        {
          selector: "alice",
          status: "ambiguous",
          account_key: null,
          candidates: [{ account_key: "u1::a1" }, { account_key: "u1::a2" }],
        },
        { selector: "missing", status: "not_found", account_key: null, candidates: [] },
        { selector: "workb", status: "resolved", account_key: "u5::a5", candidates: [] },
      ],
    });
  });
});

describe("an alias", () => {
  test.each([
    ["a word", "home", "home"],
    ["blanks around it go", "  home  ", "home"],
    ["words", "my home", "my home"],
    ["any script", "работа 仕事", "работа 仕事"],
    ["what means something to a shell", "$(touch x) `id` %F{red} \\u", "$(touch x) `id` %F{red} \\u"],
    ["a number with more", "2nd", "2nd"],
    ["its own", "WORK", "WORK"],
    ["somebody's e-mail", "dave@example.org", "dave@example.org"],
  ])("can be %s", (_, alias, stored) => expect(checkAlias(registry, alias, "u1::a1")).toBe(stored));

  test.each([
    ["nothing", "", 2, "cannot be empty"],
    ["blanks", "  ", 2, "cannot be empty"],
    ["a number", "007", 2, "cannot be a number"],
    ["bytes that are no text", decodeBytes(Buffer.from([0x61, 0xff])), 2, "no UTF-8"],
    ["what means the account before", "-", 2, 'cannot be "-"'],
    ["two lines", "a\nb", 2, "cannot have control characters"],
    ["an escape sequence", "\u001b[31mred", 2, "cannot have control characters"],
    ["turned text", "\u202eecila", 2, "cannot have control characters"],
    ["another's", "workbench", 1, 'the alias "workbench" is taken by workbench'],
    ["another's in capitals", "WorkBench", 1, "is taken by"],
    ["another's, composed otherwise", "STRAße".normalize("NFD"), 1, "is taken by"],
  ])("cannot be %s", (_, alias, exitCode, message) => {
    const error = thrownBy(() => checkAlias(registry, alias, "u1::a1"));
    expect(error.exitCode).toBe(exitCode === 2 ? 2 : 1);
    expect(error.message).toContain(message);
  });
});
