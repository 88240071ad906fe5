import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  emptyRegistry,
  findAccount,
  parseRegistry,
  putAccount,
  type Registry,
  renderRegistry,
  withDefault,
  withoutAccounts,
} from "../../../src/core/accounts/registry.ts";
import { record, registryOf } from "../registries.ts";

const parse = (text: string) => parseRegistry(text, "registry.json", () => undefined);
const A = record({ account_key: "u::a", email: "a@example.com" });
const B = record({ account_key: "u::b", email: "b@example.com" });
const C = record({ account_key: "u::c", email: "c@example.com" });

describe("the file", () => {
  test("fields in the format's order, nulls written, unknown ones behind", () => {
    const text = renderRegistry(
      parse('{"accounts": [{"hue": 7, "account_key": "u::a"}], "theme": "dark", "schema_version": 4}'),
    );
    const document = JSON.parse(text);
    expect(Object.keys(document)).toEqual([
      "schema_version",
      "active_account_key",
      "previous_active_account_key",
      "active_account_activated_at_ms",
      "interval_seconds",
      "accounts",
      "theme",
    ]);
    expect(Object.keys(document.accounts[0])).toEqual([
      "account_key",
      "chatgpt_account_id",
      "chatgpt_user_id",
      "email",
      "alias",
      "account_name",
      "plan",
      "auth_mode",
      "created_at",
      "last_used_at",
      "last_usage",
      "last_usage_at",
      "last_local_rollout",
      "hue",
    ]);
    expect(document.accounts[0]).toMatchObject({
      chatgpt_account_id: "",
      email: "",
      alias: "",
      plan: null,
      last_usage: null,
    });
    expect(text).toStartWith('{\n  "schema_version": 4,\n');
    expect(text).toEndWith("\n}");
  });

  test("what other tools have put between stays between", () => {
    const text = renderRegistry({ ...registryOf([A]), theme: "dark" })
      .replace(
        '"interval_seconds"',
        '"codex_daemon_restart": {\n    "b": null,\n    "a": 1\n  },\n  "interval_seconds"',
      )
      .replace('"created_at"', '"auth_expires_at": null,\n      "provider": "openai",\n      "created_at"');
    expect(renderRegistry(parse(text))).toBe(text);
  });

  test("strings that must not be null are made empty: the older tool refuses the file otherwise", () => {
    const nulls = { account_key: "u::a", chatgpt_account_id: null, chatgpt_user_id: null, email: null, alias: null };
    const { accounts } = parse(JSON.stringify({ schema_version: 4, accounts: [nulls] }));
    expect(accounts[0]).toMatchObject({ chatgpt_account_id: "", chatgpt_user_id: "", email: "", alias: "" });
  });

  test("an empty registry", () => {
    expect(parse(renderRegistry(emptyRegistry()))).toEqual(emptyRegistry());
    expect(emptyRegistry()).toMatchObject({
      schema_version: 4,
      active_account_key: null,
      interval_seconds: 60,
      accounts: [],
    });
  });

  const text = fc.string({ unit: "binary" });
  const time = fc.option(fc.nat());
  const anyRecord = fc
    .record({
      key: fc.string({ minLength: 1 }),
      email: text,
      alias: text,
      name: fc.option(text),
      plan: fc.option(text),
      used: time,
      usage: fc.jsonValue(),
      more: fc.jsonValue(),
    })
    .map(({ key, email, alias, name, plan, used, usage, more }) =>
      record({
        account_key: key,
        email,
        alias,
        account_name: name,
        plan,
        last_used_at: used,
        last_usage: usage,
        unknown_to_us: more,
      }),
    );
  const anyRegistry = fc
    .record({
      accounts: fc.array(anyRecord, { maxLength: 5 }),
      active: fc.option(text),
      at: time,
      more: fc.jsonValue(),
    })
    .map(({ accounts, active, at, more }) => ({
      ...registryOf(accounts, active),
      active_account_activated_at_ms: at,
      unknown_to_us: more,
    }));

  test("whatever is in it comes back, byte by byte the second time", () => {
    fc.assert(
      fc.property(anyRegistry, (registry) => {
        const rendered = renderRegistry(registry);
        expect(JSON.parse(renderRegistry(parse(rendered)))).toEqual(JSON.parse(rendered));
        expect(renderRegistry(parse(renderRegistry(parse(rendered))))).toBe(renderRegistry(parse(rendered)));
      }),
    );
  });
});

describe("changes make a new registry", () => {
  const registry: Registry = { ...registryOf([A, B], "u::a"), previous_active_account_key: "u::b", theme: "dark" };
  const keys = ({ accounts }: Registry) => accounts.map((account) => account.account_key);

  test("putAccount: in its place, or at the end", () => {
    const renamed = putAccount(registry, { ...A, alias: "x" });
    expect(renamed.accounts).toEqual([{ ...A, alias: "x" }, B]);
    expect(keys(putAccount(registry, C))).toEqual(["u::a", "u::b", "u::c"]);
    expect(registry.accounts).toEqual([A, B]);
    expect(renamed).toMatchObject({ theme: "dark" });
  });

  test("findAccount", () => {
    expect(findAccount(registry, "u::b")).toBe(B);
    for (const key of ["u::c", "", null, undefined]) expect(findAccount(registry, key)).toBeUndefined();
  });

  test.each<[string, string[], string[], string | null, string | null]>([
    ["the default", ["u::a"], ["u::b"], null, "u::b"],
    ["the previous", ["u::b"], ["u::a"], "u::a", null],
    ["both", ["u::a", "u::b"], [], null, null],
    ["none of them", ["u::c"], ["u::a", "u::b"], "u::a", "u::b"],
  ])("withoutAccounts: %s", (_, removed, left, active, previous) => {
    const after = withoutAccounts(registry, removed);
    expect(keys(after)).toEqual(left);
    expect(after).toMatchObject({ active_account_key: active, previous_active_account_key: previous, theme: "dark" });
  });

  test.each<[string, string | null, string | null, number | null]>([
    ["another", "u::b", "u::a", 5_000],
    ["none", null, "u::a", null],
    ["the same", "u::a", "u::b", null],
  ])("withDefault: %s", (_, key, previous, activated) => {
    const after = withDefault(registry, key, 5_000);
    expect(after).toMatchObject({
      active_account_key: key,
      previous_active_account_key: previous,
      active_account_activated_at_ms: activated,
    });
    expect(findAccount(after, "u::b")?.last_used_at).toBe(key === "u::b" ? 5 : null);
  });

  test("the previous default is remembered over a logout", () => {
    const after = withDefault(withDefault(registry, null, 1), "u::b", 2);
    expect(after.previous_active_account_key).toBe("u::a");
  });
});

test.each(["__proto__", "constructor", "prototype"])(
  "a field named %s survives, in a record and beside them",
  (name) => {
    const account = `{"account_key": "user-a::acct-a", "email": "a@example.com", "${name}": {"x": 1}}`;
    const text = `{"schema_version": 4, "accounts": [${account}], "${name}": 7}`;
    const registry = parseRegistry(text, "registry.json", () => undefined);
    const [first] = registry.accounts;
    const saved = renderRegistry(first ? putAccount(registry, { ...first, alias: "work" }) : registry);
    expect(saved).toContain(`"${name}": 7`);
    expect(JSON.stringify(JSON.parse(saved).accounts[0])).toContain(`"${name}":{"x":1}`);
    expect(saved).toContain('"alias": "work"');
  },
);

test("integers above 2^53 survive in fields that are not ours", () => {
  const account = `{"account_key": "user-a::acct-a", "big": 12345678901234567890, "text": "12345678901234567890"}`;
  const text = `{"schema_version": 4, "accounts": [${account}], "id": -98765432109876543210}`;
  const saved = renderRegistry(parseRegistry(text, "registry.json", () => undefined));
  expect(saved).toContain('"big": 12345678901234567890');
  expect(saved).toContain('"text": "12345678901234567890"');
  expect(saved).toContain('"id": -98765432109876543210');
});
