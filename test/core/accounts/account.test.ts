import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type Account,
  apiKeyAccountKey,
  fileKeyOf,
  hashKey,
  homeIdOf,
  isApiKey,
  keyHashOf,
  maskedLabel,
  planName,
} from "../../../src/core/accounts/account.ts";
import { keyRecord, record } from "../registries.ts";

const HASH = "eaa99998c5621c4c21cb316e5112d01d150f02fc38c1e770d38650bd2d78092f";

describe("file keys", () => {
  test.each([
    ["user-abc_1.2", "user-abc_1.2"],
    ["user-abc123::67fe2bbb", "dXNlci1hYmMxMjM6OjY3ZmUyYmJi"],
    ["a/../b", "YS8uLi9i"],
    ["a b", "YSBi"],
    ["ü", "w7w"],
    ["???", "Pz8_"],
  ])("%s: %s", (key, fileKey) => expect(fileKeyOf(key)).toBe(fileKey));

  test("are plain names, and tell the key where it is not one itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (key) => {
        const fileKey = fileKeyOf(key);
        expect(fileKey).toMatch(/^[A-Za-z0-9._-]+$/);
        if (fileKey !== key) expect(Buffer.from(fileKey, "base64url").toString()).toBe(Buffer.from(key).toString());
      }),
    );
  });
});

describe("API keys", () => {
  test("the account key names the owner and the key's sha256", () => {
    expect(apiKeyAccountKey("user-OrgOwner1", HASH)).toBe(`apikey::user-OrgOwner1::${HASH}`);
  });

  test.each([
    [`apikey::user-1::${HASH}`, HASH],
    [`apikey::a::b::${HASH}`, HASH],
    [`apikey::::${HASH}`, HASH],
    [`apikey::user-1::${HASH.toUpperCase()}`, undefined],
    [`apikey::user-1::${HASH}0`, undefined],
    ["apikey::user-1::", undefined],
    [`user-1::${HASH}`, undefined],
  ])("the sha256 in %s", (key, hash) => expect(keyHashOf(key)).toBe(hash));

  test("the masked label", () => expect(maskedLabel(HASH)).toBe("sk-eaa99***092f"));

  test("the masked label shows nothing but 9 digits of the sha256", () => {
    fc.assert(
      fc.property(fc.string(), (apiKey) => {
        const hash = hashKey(apiKey);
        expect(maskedLabel(hash)).toMatch(/^sk-[0-9a-f]{5}\*\*\*[0-9a-f]{4}$/);
        expect(hash).toStartWith(maskedLabel(hash).slice(3, 8));
        expect(hash).toEndWith(maskedLabel(hash).slice(-4));
      }),
    );
  });
});

test("the home id is the beginning of the account key's sha256", () => {
  expect(homeIdOf("user-abc123::67fe2bbb-0de6-49a4-b2b3-d1df366d1faf")).toBe("5d09cc7057eb8c2e");
  fc.assert(fc.property(fc.string({ unit: "binary" }), (key) => expect(homeIdOf(key)).toMatch(/^[0-9a-f]{16}$/)));
});

describe("plans as shown", () => {
  test.each([
    ["free", "Free"],
    ["go", "Go"],
    ["plus", "Plus"],
    ["prolite", "Pro Lite"],
    ["pro", "Pro"],
    ["team", "Business"],
    ["business", "Business"],
    ["enterprise", "Enterprise"],
    ["edu", "Edu"],
    ["unknown", "Unknown"],
    ["k12", "k12"],
    ["a plan", "Unknown"],
    ["toString", "toString"],
    [null, "Unknown"],
  ])("%s: %s", (plan, shown) => expect(planName(record({ account_key: "u::a", plan }))).toBe(shown));

  test.each<[string, Partial<Account>, boolean, string]>([
    ["an API key", {}, true, "API_KEY"],
    ["one with a plan all the same", { plan: "plus" }, true, "API_KEY"],
    ["one without its mode", { auth_mode: null }, true, "API_KEY"],
    ["another provider's", { provider: "openrouter" }, true, "API"],
    ["another provider's by its mode", { auth_mode: "provider" }, true, "API"],
    ["OpenAI's by name", { provider: "openai" }, true, "API_KEY"],
  ])("%s", (_, own, isKey, shown) => {
    expect(isApiKey(keyRecord(own))).toBe(isKey);
    expect(planName(keyRecord(own))).toBe(shown);
  });
});
