import { describe, expect, test } from "bun:test";
import { renderTable } from "../../../src/commands/list/table.ts";
import { parseUsage } from "../../../src/core/accounts/usage.ts";
import type { UsageView } from "../../../src/core/usage/view.ts";
import { keyRecord, record } from "../../core/registries.ts";
import { at, rowsOf, snapshot, tableOf } from "../../core/tables.ts";

const work = record({
  account_key: "u1::w1",
  email: "alice@example.com",
  alias: "work",
  last_usage: snapshot(12, 29),
  last_usage_at: at(-2),
});
const key = keyRecord({ email: "user@example.com", last_usage: { primary: 7 } });
const wide = [
  work,
  record({
    account_key: "u2::w2",
    email: "carol@example.com",
    plan: "team",
    account_name: "東京支社 🚀",
    last_usage: snapshot(95, 75),
    last_usage_at: at(-200),
  }),
  record({ account_key: "u2::w3", email: "carol@example.com", plan: "pro", last_usage: "damaged" }),
  keyRecord({ email: "carol@example.com", alias: "ci" }),
  record({
    account_key: "u3::w4",
    email: "a-very-long-address@subdomain.example.com",
    alias: "ロング",
    last_usage: snapshot(0, 0),
    last_usage_at: at(-3000),
  }),
];
const marks = { defaultKey: "u1::w1", activeKey: "u2::w2" };
const text = (lines: string) => lines.replace(/^\n/, "").replace(/^ {4}/gm, "").replace(/ *$/, "");

describe("golden tables", () => {
  test("credits stand in columns of their own where anybody has some, and go first on a narrow terminal", () => {
    const credits = { has_credits: true, unlimited: false, balance: "12.50" };
    const rich = { ...work, last_usage: { ...snapshot(12, 29), credits, reset_credits: 2 } };
    expect(tableOf([rich, key], undefined, marks)).toBe(
      text(`
         ACCOUNT                  PLAN     5H USAGE     WEEKLY USAGE           CREDITS  RESET CREDITS  LAST ACTIVITY
    ----------------------------------------------------------------------------------------------------------------
    * 01 work(alice@example.com)  Plus     88% (14:30)  71% (09:00 on 27 Jul)  12.50    2              2m ago
      02 user@example.com         API_KEY  -            -                      -        -              -
    `),
    );
    expect(tableOf([rich, key], 120, marks)).toBe(tableOf([rich, key], undefined, marks));
    expect(tableOf([rich, key], 100, marks)).toBe(
      text(`
         ACCOUNT                  PLAN     5H           WEEKLY                 CREDITS  RESETS  LAST
    --------------------------------------------------------------------------------------------------
    * 01 work(alice@example.com)  Plus     88% (14:30)  71% (09:00 on 27 Jul)  12.50    2       2m ago
      02 user@example.com         API_KEY  -            -                      -        -       -
    `),
    );
    for (const columns of [88, 80, 60, 40])
      expect(tableOf([rich, key], columns, marks)).toBe(tableOf([work, key], columns, marks));
    const unlimited = { ...work, last_usage: { ...snapshot(12, 29), credits: { ...credits, unlimited: true } } };
    expect(tableOf([unlimited], undefined, marks)).toMatch(/ CREDITS +LAST ACTIVITY\n.*\n.* unlimited +2m ago\n$/);
  });

  test("the two accounts of the format's example", () => {
    const golden = text(`
         ACCOUNT                  PLAN     5H USAGE     WEEKLY USAGE           LAST ACTIVITY
    ----------------------------------------------------------------------------------------
    * 01 work(alice@example.com)  Plus     88% (14:30)  71% (09:00 on 27 Jul)  2m ago
      02 user@example.com         API_KEY  -            -                      -
    `);
    for (const columns of [undefined, 0, 120, 88]) expect(tableOf([work, key], columns, marks)).toBe(golden);
    expect(tableOf([work, key], 80, marks)).toBe(
      text(`
         ACCOUNT                 PLAN     5H           WEEKLY                 LAST
    --------------------------------------------------------------------------------
    * 01 work(alice@…ample.com)  Plus     88% (14:30)  71% (09:00 on 27 Jul)  2m ago
      02 user@example.com        API_KEY  -            -                      -
    `),
    );
    expect(tableOf([work, key], 60, marks)).toBe(
      text(`
         ACCOUNT                  PLAN     5H   WEEKLY
    --------------------------------------------------
    * 01 work(alice@example.com)  Plus     88%  71%
      02 user@example.com         API_KEY  -    -
    `),
    );
    expect(tableOf([work, key], 40, marks)).toBe(
      text(`
         ACCOUNT                 5H   WEEKLY
    ----------------------------------------
    * 01 work(alice@…ample.com)  88%  71%
      02 user@example.com        -    -
    `),
    );
  });

  test("a login that cannot work says so beside its name, at any width", () => {
    const out = { loggedOut: new Set(["u1::w1", "u2::w2"]), damaged: new Set(["u2::w2"]) };
    const unused = { last_usage: null, last_usage_at: null };
    const both = [{ ...work, ...unused }, record({ account_key: "u2::w2", email: "bob@example.com", plan: "pro" })];
    const golden = text(`
         ACCOUNT                             PLAN  5H USAGE  WEEKLY USAGE  LAST ACTIVITY
    ------------------------------------------------------------------------------------
      01 work(alice@example.com) logged out  Plus  -         -             -
      02 bob@example.com damaged             Pro   -         -             -
    `);
    for (const columns of [undefined, 120]) expect(tableOf(both, columns, out)).toBe(golden);
    expect(tableOf(both, 80, out)).toBe(
      text(`
         ACCOUNT                         PLAN  5H USAGE  WEEKLY USAGE  LAST ACTIVITY
    --------------------------------------------------------------------------------
      01 work(alice@exam…om) logged out  Plus  -         -             -
      02 bob@example.com damaged         Pro   -         -             -
    `),
    );
    expect(tableOf(both, 60, out)).toBe(
      text(`
         ACCOUNT                          PLAN  5H  WEEKLY  LAST
    ------------------------------------------------------------
      01 work(alice@exam…com) logged out  Plus  -   -       -
      02 bob@example.com damaged          Pro   -   -       -
    `),
    );
    expect(tableOf(both, 40, out)).toBe(
      text(`
         ACCOUNT                  5H  WEEKLY
    ----------------------------------------
      01 work(alice@… logged out  -   -
      02 bob@example.com damaged  -   -
    `),
    );
  });

  test("a group, wide characters, a pipe", () => {
    expect(tableOf(wide, undefined, marks)).toBe(
      text(`
         ACCOUNT                                            PLAN      5H USAGE      WEEKLY USAGE            LAST ACTIVITY
    ---------------------------------------------------------------------------------------------------------------------
      01 ロング(a-very-long-address@subdomain.example.com)  Plus      100% (14:30)  100% (09:00 on 27 Jul)  2d ago
    * 02 work(alice@example.com)                            Plus      88% (14:30)   71% (09:00 on 27 Jul)   2m ago
         carol@example.com
    > 03   東京支社 🚀                                      Business  5% (14:30)    25% (09:00 on 27 Jul)   3h ago
      04   Pro                                              Pro       -             -                       -
      05   ci(sk-eaa99***092f)                              API_KEY   -             -                       -
    `),
    );
  });

  test("a group, wide characters, 80 columns", () => {
    expect(tableOf(wide, 80, marks)).toBe(
      text(`
         ACCOUNT                      PLAN      5H USAGE      WEEKLY USAGE
    --------------------------------------------------------------------------------
      01 ロング(a-very….example.com)  Plus      100% (14:30)  100% (09:00 on 27 Jul)
    * 02 work(alice@example.com)      Plus      88% (14:30)   71% (09:00 on 27 Jul)
         carol@example.com
    > 03   東京支社 🚀                Business  5% (14:30)    25% (09:00 on 27 Jul)
      04   Pro                        Pro       -             -
      05   ci(sk-eaa99***092f)        API_KEY   -             -
    `),
    );
  });

  test("a group, wide characters, 40 columns", () => {
    expect(tableOf(wide, 40, marks)).toBe(
      text(`
         ACCOUNT                5H    WEEKLY
    ----------------------------------------
      01 ロング(a-v…ample.com)  100%  100%
    * 02 work(alice…ample.com)  88%   71%
         carol@example.com
    > 03   東京支社 🚀          5%    25%
      04   Pro                  -     -
      05   ci(sk-eaa99***092f)  -     -
    `),
    );
  });

  test("failures stand in both usage cells, beside what was known unless the login is refused", () => {
    const failed = (failure: string, usage: UsageView["usage"] = null) => ({
      usage,
      updatedAt: null,
      source: "none" as const,
      refresh: {
        requested: true,
        method: "api" as const,
        status: "error" as const,
        http_status: null,
        error_code: null,
      },
      failure,
    });
    expect(tableOf([work, key], 100, { views: new Map([["u1::w1", failed("TimedOut")]]) })).toBe(
      text(`
         ACCOUNT                  PLAN     5H USAGE  WEEKLY USAGE  LAST ACTIVITY
    ----------------------------------------------------------------------------
      01 work(alice@example.com)  Plus     TimedOut  TimedOut      -
      02 user@example.com         API_KEY  -         -             -
    `),
    );
    const known = parseUsage(snapshot(12, 29));
    const after = (failure: string, columns = 100) =>
      tableOf([work], columns, { views: new Map([["u1::w1", failed(failure, known)]]) }).split("\n")[2];
    expect(after("TimedOut")).toBe("  01 work(alice@example.com)  Plus  88% TimedOut  71% TimedOut  -");
    expect(after("429 slow_down")).toBe("  01 work(alice@example.com)  Plus  88% 429   71% 429       -");
    expect(after("429 slow_down", 45)).toBe("  01 work(alice…mple.com)  Plus  88%!  71%!");
    expect(after("401 token_invalidated")).toBe(
      "  01 work(alice@example.com)  Plus  401       401 token_invalidated  -",
    );
    expect(after("401 token_invalidated", 45)).toBe("  01 work(alice…ample.com)  Plus  401  401");
  });

  test("no account", () => {
    expect(tableOf([], 80)).toBe(
      text(`
         ACCOUNT  PLAN  5H USAGE  WEEKLY USAGE  LAST ACTIVITY
    ---------------------------------------------------------
    `),
    );
  });

  test("an account that is logged out", () => {
    expect(tableOf([work], 60, { loggedOut: new Set(["u1::w1"]) })).toContain(
      "  01 work(alice@example.com) logged out  Plus",
    );
  });
});

test("no line is wider than the terminal, at any width", () => {
  for (let columns = 6; columns < 140; columns++) {
    for (const line of tableOf(wide, columns, marks).split("\n")) {
      expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns);
      if (columns > 9) expect(line).not.toMatch(/ $/);
    }
  }
});

test("a hundred accounts: the numbers stay aligned", () => {
  const accounts = Array.from({ length: 100 }, (_, n) =>
    record({ account_key: `u${n}::w`, email: `u${String(n).padStart(3, "0")}@example.com` }),
  );
  const lines = tableOf(accounts).split("\n");
  expect(lines[0]).toStartWith("      ACCOUNT");
  expect(lines[2]).toStartWith("  01  u000@example.com");
  expect(lines[101]).toStartWith("  100 u099@example.com");
});

test("colours tell how much remains; their absence nothing else", () => {
  const accounts = [20, 75, 95].map((used, n) =>
    record({ account_key: `u${n}::w`, email: `u${n}@example.com`, last_usage: snapshot(used, used) }),
  );
  const rows = rowsOf(accounts);
  const { head, body } = renderTable(rows, { columns: 80, colors: true });
  const cells = body.map((line) => /\u001b\[(\d+)m\d+% \(14:30\)/.exec(line)?.[1]);
  expect(cells).toEqual(["32", "33", "31"]);
  const plain = renderTable(rows, { columns: 80, colors: false });
  expect([...head, ...body].map((line) => Bun.stripANSI(line).trimEnd())).toEqual([...plain.head, ...plain.body]);
});

test("a hostile label cannot steer the terminal", () => {
  const hostile = "\u001b[2J\u001b]0;owned\u0007\u009b31m\r\nwork\u202e";
  const accounts = [
    record({ account_key: "u1::w1", email: `${hostile}@example.com`, alias: hostile, account_name: hostile }),
    record({ account_key: "u2::w1", email: `a${hostile}@example.com`, account_name: hostile }),
    record({ account_key: "u2::w2", email: `a${hostile}@example.com`, plan: hostile }),
  ];
  const shown = tableOf(accounts, 80);
  expect(shown.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  expect(shown.split("\n")).toHaveLength(2 + 4 + 1);
});
