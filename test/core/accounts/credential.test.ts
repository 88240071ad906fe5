import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { hashKey, maskedLabel } from "../../../src/core/accounts/account.ts";
import { type StoredLogin, takesPlaceOf } from "../../../src/core/accounts/later.ts";
import {
  type ChatgptCredential,
  type Credential,
  isCredential,
  parseCredential,
  renderApiKeyFile,
} from "../../../src/core/accounts/credential.ts";
import { identify, recordOf } from "../../../src/core/accounts/record.ts";
import { chatgptAuth, type ChatgptOptions } from "../../fake/accounts.ts";
import { keyRecord, record } from "../registries.ts";

const ALICE = { email: "Alice@Example.com", plan: "team" };
const AUTH = "https://api.openai.com/auth";
const jwtOf = (claims: string) => `e30.${Buffer.from(claims).toString("base64url")}.x`;
const jwt = (claims: object) => jwtOf(JSON.stringify(claims));
const claims = (own: object = {}, auth: object = {}) =>
  jwt({ email: "a@x.org", [AUTH]: { chatgpt_account_id: "acct", chatgpt_user_id: "user", ...auth }, ...own });
const file = (tokens: object, own: object = {}) =>
  JSON.stringify({
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: { id_token: claims(), access_token: jwt({ exp: 7 }), refresh_token: "r", account_id: "acct", ...tokens },
    ...own,
  });

function parsed(text: string): Credential {
  const credential = parseCredential(text);
  if (!isCredential(credential)) throw new Error(credential);
  return credential;
}
function login(options: ChatgptOptions): ChatgptCredential {
  const credential = parsed(JSON.stringify(chatgptAuth(options)));
  if (credential.kind !== "chatgpt") throw new Error("no login");
  return credential;
}

describe("a login", () => {
  test("is what the claims of its id_token say", () => {
    const text = JSON.stringify(
      chatgptAuth({ ...ALICE, exp: 1_800_000_000, lastRefresh: "2026-01-02T03:04:05.678901234Z" }),
    );
    expect(parsed(text)).toMatchObject({
      kind: "chatgpt",
      text,
      accountKey: "user-Alice::acct-Alice",
      email: "alice@example.com",
      plan: "team",
      expiresAt: 1_800_000_000,
      lastRefresh: Date.parse("2026-01-02T03:04:05.678Z"),
    });
  });

  test.each<[string, string, Partial<ChatgptCredential>]>([
    [
      "user_id stands in",
      file({ id_token: claims({}, { chatgpt_user_id: undefined, user_id: "older" }) }),
      { accountKey: "older::acct" },
    ],
    ["no plan", file({}), { plan: null }],
    ["a plan in capitals", file({ id_token: claims({}, { chatgpt_plan_type: "PLUS" }) }), { plan: "plus" }],
    ["no last_refresh", file({}), { lastRefresh: null }],
    ["an access token that is no JWT", file({ access_token: "opaque" }), { expiresAt: null, accessToken: "opaque" }],
    ["an empty refresh token", file({ refresh_token: "" }), { accountKey: "user::acct" }],
    ["an empty access token: Codex refreshes it first", file({ access_token: "" }), { expiresAt: 0 }],
    ["no account id beside the claims", file({ account_id: undefined }), { accountKey: "user::acct" }],
    ["no e-mail", file({ id_token: claims({ email: undefined }) }), { email: "" }],
    [
      "the e-mail in the profile",
      file({ id_token: claims({ email: undefined, "https://api.openai.com/profile": { email: "A@x.org" } }) }),
      { email: "a@x.org" },
    ],
    ["no OPENAI_API_KEY at all", file({}, { OPENAI_API_KEY: undefined }), { kind: "chatgpt" }],
    ["an empty one", file({}, { OPENAI_API_KEY: "  " }), { kind: "chatgpt" }],
  ])("%s", (_, text, expected) => expect(parsed(text)).toMatchObject(expected));

  test.each([
    ["no JSON", "{", "MalformedJson"],
    ["nothing", "", "MalformedJson"],
    ["null", "null", "MalformedJson"],
    ["a list", "[]", "MalformedJson"],
    ["no tokens", "{}", "MalformedJson"],
    ["tokens that are none", '{"tokens": 1}', "MalformedJson"],
    ["no id_token", file({ id_token: undefined }), "MalformedJson"],
    ["an id_token that is none", file({ id_token: "x.y.z" }), "MalformedJson"],
    ["no access token", file({ access_token: undefined }), "MalformedJson"],
    ["an e-mail that is no text", file({ id_token: claims({ email: 3 }) }), "MalformedJson"],
    ["no refresh token", file({ refresh_token: null }), "MissingRefreshToken"],
    ["a last_refresh that is no time", file({}, { last_refresh: "yesterday" }), "MalformedJson"],
    ["a mode that is no text", JSON.stringify({ auth_mode: 7, OPENAI_API_KEY: "sk-x" }), "MalformedJson"],
    ["a mode that nobody knows", file({}, { auth_mode: "weird" }), "UnsupportedLogin: auth_mode weird"],
    ["a key beside tokens that are none", '{"OPENAI_API_KEY": "sk-x", "tokens": {}}', "MalformedJson"],
    ["a field twice", file({}).replace("{", '{"tokens":null,'), "MalformedJson"],
    ["an e-mail twice", file({ id_token: jwtOf('{"email":"a@x.org","email":"b@x.org"}') }), "MalformedJson"],
    ["an id_token without a signature", file({ id_token: claims().replace(/x$/, "") }), "MalformedJson"],
    ["an empty personal access token", '{"personal_access_token": ""}', "MalformedJson"],
    ["an agent identity", '{"auth_mode": "agentIdentity"}', "UnsupportedLogin: agent identity"],
    ["no claim of OpenAI's", file({ id_token: claims({ [AUTH]: undefined }) }), "MissingAccountId"],
    ["no account id", file({ account_id: "" }), "MissingAccountId"],
    ["no user id", file({ id_token: claims({}, { chatgpt_user_id: "" }) }), "MissingChatgptUserId"],
    ["another account id", file({ account_id: "other" }), "AccountIdMismatch"],
  ])("%s: it is none", (_, text, fault) =>
    expect(parseCredential(text)).toBe(fault as ReturnType<typeof parseCredential>),
  );

  test("no text makes it fail otherwise", () => {
    const values = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.jsonValue().map((tokens) => JSON.stringify({ tokens, OPENAI_API_KEY: null })),
    );
    fc.assert(fc.property(values, (text) => expect(() => parseCredential(text)).not.toThrow()));
  });
});

describe("an API key", () => {
  test.each([
    ["as Codex writes it", renderApiKeyFile("sk-x")],
    ["beside tokens, by its mode", file({}, { auth_mode: "apikey", OPENAI_API_KEY: "sk-x" })],
    ["beside tokens, without a mode", file({}, { auth_mode: null, OPENAI_API_KEY: "sk-x" })],
  ])("%s", (_, text) => {
    expect(parseCredential(text)).toEqual({ kind: "apikey", text, apiKey: "sk-x", keyHash: hashKey("sk-x") });
  });

  test("with blanks around it is stored without: Codex would send them too, or nothing", () => {
    const text = renderApiKeyFile("sk-x");
    expect(parsed(JSON.stringify({ OPENAI_API_KEY: " sk-x\n" }))).toMatchObject({ text, apiKey: "sk-x" });
  });

  test("that a ChatGPT login carries beside its tokens is not the login: Codex asks for one, and bills the tokens", () => {
    const text = file({}, { auth_mode: "chatgpt", OPENAI_API_KEY: "sk-minted" });
    expect(parseCredential(text)).toMatchObject({ kind: "chatgpt", text, userId: "user" });
    expect(parseCredential(JSON.stringify({ auth_mode: "chatgpt", OPENAI_API_KEY: "sk-minted" }))).toBe(
      "MalformedJson",
    );
    expect(parseCredential(file({}, { auth_mode: "apikey", OPENAI_API_KEY: null }))).toBe("MalformedJson");
  });

  test("the file is Codex's, to the byte", () => {
    expect(renderApiKeyFile("sk-x")).toBe('{\n  "auth_mode": "apikey",\n  "OPENAI_API_KEY": "sk-x"\n}');
    const word = fc.string({ unit: "binary", minLength: 1 }).filter((key) => !/[\s\p{Cc}]/u.test(key));
    fc.assert(fc.property(word, (key) => expect(parsed(renderApiKeyFile(key))).toMatchObject({ apiKey: key })));
  });
});

describe("whose it is", () => {
  const key = parsed(renderApiKeyFile("sk-x"));
  const known = keyRecord({}, hashKey("sk-x"));
  const owner = new Map([[hashKey("sk-x"), { id: "user-1", email: "" }]]);

  test.each<[string, string | undefined, string | undefined]>([
    ["a login says it itself", identify(login({ email: "a@x.org" }), [], new Map()), "user-a::acct-a"],
    ["a key by the record of its sha256", identify(key, [known], new Map()), known.account_key],
    ["the record comes before what the API says", identify(key, [known], owner), known.account_key],
    ["else by what the API says", identify(key, [], owner), `apikey::user-1::${hashKey("sk-x")}`],
    ["else nobody knows", identify(key, [keyRecord()], new Map()), undefined],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));
});

describe("its account's record", () => {
  test("a new login", () => {
    const credential = login({ email: "a@x.org", plan: "pro" });
    expect(recordOf(credential, credential.accountKey, undefined, undefined, 5_999)).toMatchObject({
      account_key: "user-a::acct-a",
      chatgpt_account_id: "acct-a",
      chatgpt_user_id: "user-a",
      email: "a@x.org",
      alias: "",
      plan: "pro",
      auth_mode: "chatgpt",
      created_at: 5,
    });
  });

  test("a known login: e-mail and plan are taken over, the rest stays", () => {
    const known = record({
      account_key: "user-a::acct-a",
      email: "old@x.org",
      alias: "work",
      plan: "plus",
      created_at: 1,
      hue: 7,
    });
    const after = recordOf(login({ email: "a@x.org", plan: "pro" }), known.account_key, known, undefined, 9_000);
    expect(after).toMatchObject({ email: "a@x.org", alias: "work", plan: "pro", created_at: 1, hue: 7 });
  });

  test("an API key: its name is the masked label, and it has no plan", () => {
    const hash = hashKey("sk-x");
    const after = recordOf(
      parsed(renderApiKeyFile("sk-x")),
      `apikey::user-1::${hash}`,
      undefined,
      { id: "user-1", email: "b@x.org" },
      0,
    );
    expect(after).toMatchObject({
      chatgpt_user_id: "user-1",
      chatgpt_account_id: "",
      email: "b@x.org",
      account_name: maskedLabel(hash),
      plan: null,
      auth_mode: "apikey",
    });
    expect(JSON.stringify(after)).not.toContain("sk-x");
    expect(recordOf(parsed(renderApiKeyFile("sk-x")), after.account_key, after, undefined, 0)).toEqual(after);
  });
});

describe("the later of two", () => {
  const stored = (mtimeMs: number, lastRefresh: string | undefined, exp: number | null) => {
    const { last_refresh: _, ...auth } = chatgptAuth({ email: "a@x.org", ...(exp !== null && { exp }) });
    const access = exp === null ? { tokens: { ...auth.tokens, access_token: "opaque" } } : {};
    return {
      mtimeMs,
      credential: parsed(JSON.stringify({ ...auth, ...access, ...(lastRefresh && { last_refresh: lastRefresh }) })),
    };
  };
  const [early, late, future] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2027-01-01T00:00:00Z"];

  test.each([
    ["by last refresh", stored(1, late, 10), stored(2, early, 20), true],
    ["by last refresh, the other way round", stored(2, early, 20), stored(1, late, 10), false],
    ["by the token's end where one does not tell", stored(1, undefined, 20), stored(2, late, 10), true],
    ["by the token's end where they are the same", stored(1, late, 20), stored(2, late, 10), true],
    ["by the files where nothing tells", stored(1, undefined, null), stored(2, late, 10), false],
    ["by the files, the same time", stored(2, undefined, null), stored(2, undefined, null), true],
    ["one from the future: by the files", stored(2, early, 10), stored(1, future, 10), true],
    ["one from the future that is new: by the files", stored(1, future, 10), stored(2, early, 10), false],
    ["tokens that have not ended tell nothing", stored(2, undefined, 4e9), stored(1, undefined, 5e9), true],
    [
      "an interactive one, whatever the dates say",
      { ...stored(1, early, 10), isInteractive: true },
      stored(2, late, 20),
      true,
    ],
    ["over nothing", stored(1, early, 10), undefined, true],
    ["over what is no login", stored(1, early, 10), { mtimeMs: 2, credential: "MalformedJson" }, true],
    ["what is no login never", { mtimeMs: 2, credential: "MalformedJson" }, stored(1, early, 10), false],
  ] satisfies [string, StoredLogin, StoredLogin | undefined, boolean][])("%s", (_, a, b, expected) =>
    expect(takesPlaceOf(a, b, Date.parse("2026-06-01T00:00:00Z"))).toBe(expected),
  );

  test("API keys by their files", () => {
    const key = parsed(renderApiKeyFile("sk-x"));
    expect(takesPlaceOf({ credential: key, mtimeMs: 1 }, { credential: key, mtimeMs: 2 }, 3)).toBe(false);
  });
});
