import { describe, expect, test } from "bun:test";
import { fileKeyOf } from "../../../src/core/accounts/account.ts";
import { UserError } from "../../../src/core/errors.ts";
import { storedPlan } from "../../../src/core/accounts/plans.ts";
import { parseRegistry, readRegistry, renderRegistry } from "../../../src/core/accounts/registry.ts";
import { chatgptAuth } from "../../fake/accounts.ts";

const PATH = "/home/alice/.codex/accounts/registry.json";
const none = () => undefined;
const read = (document: unknown, files: Record<string, string> = {}) =>
  readRegistry(JSON.stringify(document, null, 2), PATH, (name) => files[name]);

const ALICE = "user-alice::acct-alice";
const usage = (plan: string) => ({
  primary: { used_percent: 12.5, window_minutes: 300, resets_at: 1769010000 },
  secondary: null,
  credits: null,
  plan_type: plan,
});
/** A record as the older tool writes it. */
const record = (plan: string | null = "plus", more: Record<string, unknown> = {}) => ({
  account_key: ALICE,
  chatgpt_account_id: "acct-alice",
  chatgpt_user_id: "user-alice",
  email: "alice@example.com",
  alias: "work",
  account_name: null,
  plan,
  auth_mode: "chatgpt",
  created_at: 1768000000,
  last_used_at: 1769000000,
  last_usage: null,
  last_usage_at: null,
  last_local_rollout: null,
  ...more,
});
const registry = (more: Record<string, unknown> = {}, records: unknown[] = [record()]) => ({
  schema_version: 4,
  active_account_key: ALICE,
  previous_active_account_key: null,
  active_account_activated_at_ms: 1769000000000,
  interval_seconds: 60,
  accounts: records,
  ...more,
});

describe("version 4", () => {
  test.each([
    ["as the older tool writes it", registry()],
    [
      "with usage and a rollout",
      registry({}, [record("plus", { last_usage: usage("plus"), last_usage_at: 1769000500 })]),
    ],
    ["a fork's provider", registry({}, [record("plus", { provider: "openrouter" })])],
    ["unknown fields of a record", registry({}, [record("plus", { zeta: { b: [1, null, "x"], a: 0.5 } })])],
    ["a plan nobody knows", registry({}, [record("k12")])],
    ["plans keep their names", registry({}, [record("business", { last_usage: usage("business") })])],
  ])("%s comes back byte by byte", (_, document) => {
    const text = JSON.stringify(document, null, 2);
    expect(renderRegistry(parseRegistry(text, PATH, none))).toBe(text);
  });

  test("unknown fields of newer builds stay", () => {
    const { registry: read4 } = read(
      registry({ codex_daemon_restart: true, future: { deep: [1] } }, [record("plus", { auth_expires_at: 5 })]),
    );
    expect(read4).toMatchObject({
      codex_daemon_restart: true,
      future: { deep: [1] },
      accounts: [{ auth_expires_at: 5 }],
    });
  });
});

describe("version 3", () => {
  test.each([
    ["schema_version 3", { schema_version: 3 }],
    ["version 3", { schema_version: undefined, version: 3 }],
  ])("%s becomes 4, its blocks stay", (_, version) => {
    const blocks = { auto_switch: { enabled: true }, api: { usage: false } };
    const { registry: migrated, moves } = read(registry({ ...version, ...blocks }));
    expect(JSON.parse(renderRegistry(migrated))).toEqual(registry(blocks));
    expect(moves).toEqual([]);
  });

  test.each([
    ["team", "team"],
    ["business", "business"],
    ["education", "edu"],
    ["plus", "plus"],
  ])("the plan %s is called %s in version 4", (before, after) => {
    const { registry: migrated } = read(
      registry({ schema_version: 3 }, [record(before, { last_usage: usage(before) })]),
    );
    expect(migrated.accounts[0]).toMatchObject({ plan: after, last_usage: usage(after) });
  });

  test("without a plan or usage", () => {
    expect(read(registry({ schema_version: 3 }, [record(null)])).registry.accounts[0]).toMatchObject({
      plan: null,
      last_usage: null,
    });
  });

  test("the interval of its live block is taken over", () => {
    const document = registry({ schema_version: 3, interval_seconds: undefined, live: { interval_seconds: 30 } });
    expect(read(document).registry.interval_seconds).toBe(30);
  });
});

const legacyRecord = (email: string, more: Record<string, unknown> = {}) => ({
  email,
  alias: "",
  plan: "plus",
  auth_mode: "chatgpt",
  created_at: 1768000000,
  last_used_at: null,
  last_usage: null,
  last_usage_at: null,
  ...more,
});
const legacy = (records: unknown[], more: Record<string, unknown> = {}) => ({
  version: 2,
  active_email: "alice@example.com",
  accounts: records,
  ...more,
});
const snapshotName = (email: string) => `${Buffer.from(email).toString("base64url")}.auth.json`;
const snapshot = (email: string, text: string = JSON.stringify(chatgptAuth({ email }))) => ({
  [snapshotName(email)]: text,
});

describe("version 2", () => {
  test("accounts get the keys that their credentials tell, and their files are to be renamed", () => {
    const records = [legacyRecord("alice@example.com", { alias: "work", hue: 7 }), legacyRecord("bob@example.com")];
    const files = { ...snapshot("alice@example.com"), ...snapshot("bob@example.com") };
    const { registry: migrated, moves } = read(legacy(records, { theme: "dark" }), files);
    expect(migrated).toMatchObject({
      schema_version: 4,
      active_account_key: ALICE,
      theme: "dark",
      interval_seconds: 60,
    });
    expect(migrated.accounts).toMatchObject([
      { ...record("plus"), last_used_at: null, hue: 7 },
      { account_key: "user-bob::acct-bob", email: "bob@example.com", alias: "" },
    ]);
    expect(moves.map(({ from, to }) => [`${from}.auth.json`, to])).toEqual([
      [snapshotName("alice@example.com"), ALICE],
      [snapshotName("bob@example.com"), "user-bob::acct-bob"],
    ]);
    const text = renderRegistry(migrated);
    expect(text).not.toContain("active_email");
    expect(renderRegistry(parseRegistry(text, PATH, none))).toBe(text);
  });

  test.each([
    ["no credential", {}],
    ["a broken credential", snapshot("alice@example.com", "{")],
    [
      "somebody else's credential",
      snapshot("alice@example.com", JSON.stringify(chatgptAuth({ email: "eve@example.com" }))),
    ],
    ["an API key", snapshot("alice@example.com", JSON.stringify({ OPENAI_API_KEY: "sk-x" }))],
  ])("with %s the account stays under its e-mail, where its file is", (_, files) => {
    const { registry: migrated, moves } = read(legacy([legacyRecord("alice@example.com", { alias: "work" })]), files);
    expect(migrated.active_account_key).toBe("alice@example.com");
    expect(migrated.accounts).toMatchObject([
      { account_key: "alice@example.com", email: "alice@example.com", alias: "work" },
    ]);
    expect(`${fileKeyOf("alice@example.com")}.auth.json`).toBe(snapshotName("alice@example.com"));
    expect(moves).toEqual([]);
  });

  test.each([
    [
      "e-mails are compared in lower case",
      legacy([legacyRecord("Alice@Example.com")], { active_email: "ALICE@example.com" }),
      ALICE,
    ],
    ["nobody active", legacy([legacyRecord("alice@example.com")], { active_email: undefined }), null],
    [
      "an active e-mail that is not there",
      legacy([legacyRecord("alice@example.com")], { active_email: "gone@x.org" }),
      null,
    ],
    ["no accounts", legacy([]), null],
    ["half migrated", legacy([record()], { active_email: undefined, active_account_key: ALICE }), ALICE],
    ["no version, but an active e-mail", { ...legacy([legacyRecord("alice@example.com")]), version: undefined }, ALICE],
  ])("%s", (_, document, active) => {
    const { registry: migrated } = read(document, snapshot("alice@example.com"));
    expect(migrated.active_account_key).toBe(active);
    expect(migrated.accounts.every(({ account_key: key }) => key === ALICE)).toBe(true);
  });

  test("the plan of the credential is as the registry names it, and is mapped once", () => {
    const files = snapshot(
      "alice@example.com",
      JSON.stringify(chatgptAuth({ email: "alice@example.com", plan: "edu" })),
    );
    expect(read(legacy([legacyRecord("alice@example.com", { plan: "team" })]), files).registry.accounts[0]?.plan).toBe(
      "edu",
    );
    expect(read(legacy([legacyRecord("alice@example.com", { plan: "team" })])).registry.accounts[0]?.plan).toBe("team");
  });
});

describe("what is refused", () => {
  test.each([
    ["a newer version", registry({ schema_version: 5 }), "has version 5, and this codex-auth knows 2 to 4"],
    ["a much newer one", { schema_version: 99 }, "has version 99"],
    ["a newer one under the old name", { version: 7 }, "has version 7"],
    ["version 1", { version: 1, accounts: [] }, "has version 1"],
    ["a version that is no number", registry({ schema_version: "4" }), "is damaged: schema_version"],
    ["a list", [], "is damaged"],
    ["accounts that are no list", registry({ accounts: {} }), "is damaged: accounts"],
    ["a record without a key and an e-mail", registry({}, [{ alias: "x" }]), "is damaged: accounts.0.account_key"],
    ["an interval that is no number", registry({ interval_seconds: "60" }), "is damaged: interval_seconds"],
  ])("%s", (_, document, message) => {
    expect(() => read(document)).toThrow(UserError);
    expect(() => read(document)).toThrow(message);
  });

  test("what is not JSON", () =>
    expect(() => parseRegistry('{"schema_version": 4,', PATH, none)).toThrow("it is not JSON"));

  test("the message says what to do", () => {
    const thrown = (document: unknown) => {
      try {
        read(document);
      } catch (error) {
        return error instanceof UserError ? error.hint : undefined;
      }
    };
    expect(thrown({ schema_version: 5 })).toContain("update codex-auth");
    expect(thrown({ version: 1 })).toContain("import --purge");
    expect(thrown([])).toContain("registry.json.bak");
  });
});

test.each([
  ["Team", "team"],
  ["self_serve_business_usage_based", "business"],
  ["enterprise_cbp_usage_based", "enterprise"],
  ["hc", "enterprise"],
  ["education", "edu"],
  ["prolite", "prolite"],
  ["toString", "tostring"],
])("OpenAI's plan %s is stored as %s", (plan, stored) => expect(storedPlan(plan)).toBe(stored));
