import { describe, expect, test } from "bun:test";
import * as v from "valibot";
import { homeIdOf } from "../../../src/core/accounts/account.ts";
import { currentDocument } from "../../../src/commands/current.ts";
import { listDocument } from "../../../src/commands/list.ts";
import { pinsDocument } from "../../../src/commands/pins.ts";
import { removeDocument } from "../../../src/commands/remove.ts";
import { switchDocument } from "../../../src/commands/switch.ts";
import type { DocumentInput } from "../../../src/core/documents/accounts.ts";
import { renderDocument } from "../../../src/core/documents/render.ts";
import { cachedView, type UsageView } from "../../../src/core/usage/view.ts";
import { keyRecord, record, registryOf } from "../registries.ts";
import { Account, CurrentDocument, ListDocument, parseDocument, PinsDocument } from "../schemas.ts";
import { at, NOON, snapshot } from "../tables.ts";

const work = record({
  account_key: "u1::w1",
  email: "alice@example.com",
  alias: "work",
  last_usage: snapshot(12.5, 29),
  last_usage_at: at(-2),
  created_at: 5,
});
const key = keyRecord({ last_usage: { primary: 7 }, last_usage_at: 9 });
const pins = [
  { path: "/a", homeId: homeIdOf("u1::w1") },
  { path: "/a/b", homeId: "0123456789abcdef" },
  { path: "/c", homeId: homeIdOf("u1::w1") },
  { path: "/d", homeId: undefined },
];

function input(own: Partial<DocumentInput> = {}): DocumentInput {
  return {
    registry: registryOf([key, work], "u1::w1"),
    pins,
    active: { account: key },
    loggedOut: new Set(),
    expiresAt: (account) => (account === work ? 77 : null),
    now: NOON,
    ...own,
  };
}

describe("list", () => {
  const document = parseDocument(ListDocument, renderDocument(listDocument(input())));

  test("accounts in the table's order, with its numbers", () => {
    expect(document.active_account_key).toBe("u1::w1");
    expect(document.accounts.map(({ number, email }) => [number, email])).toEqual([
      [1, "alice@example.com"],
      [2, "bob@example.com"],
    ]);
  });

  test("a ChatGPT account", () => {
    expect(document.accounts[0]).toEqual({
      number: 1,
      account_key: "u1::w1",
      email: "alice@example.com",
      alias: "work",
      account_name: null,
      plan: "plus",
      auth_mode: "chatgpt",
      auth_expires_at: 77,
      active: true,
      created_at: 5,
      last_used_at: null,
      usage: {
        source: "cache",
        updated_at: at(-2),
        primary: { used_percent: 12.5, window_minutes: 300, resets_at: at(150) },
        secondary: { used_percent: 29, window_minutes: 10_080, resets_at: at(21 * 60) },
        credits: null,
        reset_credits: null,
        reset_credit_details: null,
        next_reset_at: at(150),
        refresh: { requested: false, method: null, status: "not_requested", http_status: null, error_code: null },
      },
      label: "work",
      home_id: homeIdOf("u1::w1"),
      pins: ["/a", "/c"],
      active_here: false,
      logged_out: false,
    });
  });

  test("an API key: no usage, whatever is stored of it", () => {
    expect(document.accounts[1]).toMatchObject({
      alias: null,
      plan: null,
      auth_mode: "apikey",
      auth_expires_at: null,
      active: false,
      label: "bob@example.com API_KEY",
      pins: [],
      active_here: true,
      usage: { source: "none", updated_at: null, primary: null, refresh: { status: "not_requested" } },
    });
  });

  test("what has been refreshed", () => {
    const refresh = {
      requested: true,
      method: "api",
      status: "http_error",
      http_status: 503,
      error_code: null,
    } as const;
    const view: UsageView = { ...cachedView(work, refresh, "503") };
    const { accounts } = parseDocument(
      ListDocument,
      renderDocument(listDocument(input({ views: new Map([["u1::w1", view]]) }))),
    );
    expect(accounts[0]?.usage).toMatchObject({ source: "cache", refresh });
  });

  test("no account", () => {
    const empty = renderDocument(listDocument(input({ registry: registryOf([]) })));
    expect(JSON.parse(empty)).toEqual({ schema_version: 1, command: "list", active_account_key: null, accounts: [] });
  });
});

const billed = (account: typeof key | undefined, names: string[]) => ({
  account,
  label: account?.email,
  follows: true,
  overriddenBy: names.map((name) => ({ name, message: name, remedy: "" })),
});

test("current", () => {
  const active = { account: key, source: "pin", pin: "/a", homeId: "x", missing: false } as const;
  const text = renderDocument(currentDocument(input(), { active, billed: billed(key, []), codexHome: "/home/codex" }));
  expect(parseDocument(CurrentDocument, text)).toMatchObject({
    account: { number: 2 },
    source: "pin",
    pin: "/a",
    codex_home: "/home/codex",
    billed: { number: 2 },
    overridden_by: [],
  });
  const none = { account: undefined, source: null, pin: null, homeId: null, missing: false };
  const bare = parseDocument(
    CurrentDocument,
    renderDocument(
      currentDocument(input(), { active: none, billed: billed(undefined, ["CODEX_API_KEY"]), codexHome: "/b" }),
    ),
  );
  expect(bare).toMatchObject({
    account: null,
    source: null,
    pin: null,
    billed: null,
    overridden_by: ["CODEX_API_KEY"],
  });
});

test("switch, remove", () => {
  const one = (document: object, field: string) =>
    v.parse(v.looseObject({ [field]: v.union([Account, v.array(Account)]) }), document);
  one(switchDocument(input(), work), "switched_to");
  one(removeDocument(input(), [work, key], null), "removed");
});

test("pins: an account or none", () => {
  const document = parseDocument(PinsDocument, renderDocument(pinsDocument(input())));
  expect(document.pins.map(({ path, home_id, account }) => [path, home_id, account?.number])).toEqual([
    ["/a", homeIdOf("u1::w1"), 1],
    ["/a/b", "0123456789abcdef", undefined],
    ["/c", homeIdOf("u1::w1"), 1],
    ["/d", null, undefined],
  ]);
});

test("doctor", () => {
  const findings = [{ id: "codex", level: "warn", message: "no codex", remedy: "install it" }] as const;
  expect(JSON.parse(renderDocument({ command: "doctor", findings }))).toEqual({
    schema_version: 1,
    command: "doctor",
    findings,
  });
});

test("a document cannot steer a terminal, and says what the name is", () => {
  const alias = "\u001b[2J\u009b31m\u007f\u2028\u202ework";
  const text = renderDocument(listDocument(input({ registry: registryOf([{ ...work, alias }]) })));
  expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
  expect(parseDocument(ListDocument, text).accounts[0]?.alias).toBe(alias);
});
