import { expect } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isCredential, parseCredential } from "../../src/core/accounts/credential.ts";
import { apiKeyAuth, chatgptAuth, fakeKey, fakeToken } from "../fake/accounts.ts";
import { readJwt, unsignedJwt } from "../fake/jwt.ts";
import { codexTest } from "./find-codex.ts";
import { createWorld, type World } from "./world.ts";

// what the real Codex makes of an auth.json, and that codex-auth makes the same of it

const AUTH = "https://api.openai.com/auth";
const ada = fakeKey("ada");
const key = apiKeyAuth(ada);
const PAT = fakeToken("pat");
const pat = { personal_access_token: PAT.token };
const bob = chatgptAuth({ email: "bob@example.com" });

const tokens = (own: object, rest: object = {}) => ({ ...bob, ...rest, tokens: { ...bob.tokens, ...own } });
const claims = (own: object, auth: object = {}) => {
  const before = readJwt(bob.tokens.id_token) ?? {};
  return tokens({ id_token: unsignedJwt({ ...before, [AUTH]: { ...Object(before[AUTH]), ...auth }, ...own }) });
};
const none = undefined;
/** The login's text with fields in front of what is in it: at the top, or in an object there. */
const before = (fields: string, where = "") => JSON.stringify(bob).replace(`${where}{`, `${where}{${fields},`);
const inTokens = (fields: string) => before(fields, '"tokens":');
/** ... in the claims of its id_token, or in OpenAI's there. */
const inClaims = (fields: string, where = "") => {
  const [head, payload = ""] = bob.tokens.id_token.split(".");
  const text = Buffer.from(payload, "base64url").toString().replace(`${where}{`, `${where}{${fields},`);
  return tokens({ id_token: `${head}.${Buffer.from(text).toString("base64url")}.x` });
};
const inAuth = (fields: string) => inClaims(fields, `"${AUTH}":`);
const idToken = (form: (head: string, payload: string) => string) => {
  const [head = "", payload = ""] = bob.tokens.id_token.split(".");
  return tokens({ id_token: form(head, payload) });
};

type Says = "ChatGPT" | "a key" | "a token" | "nothing";

const KINDS = { chatgpt: "ChatGPT", apikey: "a key", token: "a token" } as const;

/**
 * What lies in auth.json, how Codex says it is logged in, and the fault that ours names; none where it is the same login. Where Codex says that it
 * is logged in and ours names a fault, nobody could be named by it: no account's key can be made of it, or nothing is in it.
 */
const FORMS: [name: string, auth: unknown, says: Says, fault?: string][] = [
  ["as Codex writes it", bob, "ChatGPT"],
  ["no e-mail", claims({ email: none }), "ChatGPT"],
  [
    "an e-mail in the profile",
    claims({ email: none, "https://api.openai.com/profile": { email: "b@x.org" } }),
    "ChatGPT",
  ],
  ["an e-mail in capitals", claims({ email: "Bob@Example.COM" }), "ChatGPT"],
  ["an e-mail that is no text", claims({ email: 3 }), "nothing", "MalformedJson"],
  ["user_id", claims({}, { chatgpt_user_id: none, user_id: "user-bob" }), "ChatGPT"],
  ["no plan", claims({}, { chatgpt_plan_type: none }), "ChatGPT"],
  ["a new plan", claims({}, { chatgpt_plan_type: "k12" }), "ChatGPT"],
  ["no account id", tokens({ account_id: none }), "ChatGPT"],
  ["an account id of null", tokens({ account_id: null }), "ChatGPT"],
  ["no refresh token", tokens({ refresh_token: none }), "nothing", "MissingRefreshToken"],
  ["a refresh token of null", tokens({ refresh_token: null }), "nothing", "MissingRefreshToken"],
  ["an empty refresh token", tokens({ refresh_token: "" }), "ChatGPT"],
  ["no access token", tokens({ access_token: none }), "nothing", "MalformedJson"],
  ["an empty access token", tokens({ access_token: "" }), "ChatGPT"],
  ["an access token that is no JWT", tokens({ access_token: "opaque" }), "ChatGPT"],
  ["no id_token", tokens({ id_token: none }), "nothing", "MalformedJson"],
  ["an id_token of null", tokens({ id_token: null }), "nothing", "MalformedJson"],
  ["an id_token that is none", tokens({ id_token: "x.y.z" }), "nothing", "MalformedJson"],
  ["an id_token without dots", tokens({ id_token: "opaque" }), "nothing", "MalformedJson"],
  ["more in the tokens", tokens({ more: 1 }), "ChatGPT"],
  ["tokens that are a text", { ...bob, tokens: "x" }, "nothing", "MalformedJson"],
  ["no mode", { ...bob, auth_mode: none }, "ChatGPT"],
  ["a mode of null", { ...bob, auth_mode: null }, "ChatGPT"],
  ["an app's tokens", { ...bob, auth_mode: "chatgptAuthTokens" }, "ChatGPT"],
  ["a mode that nobody knows", { ...bob, auth_mode: "weird" }, "nothing", "UnsupportedLogin: auth_mode weird"],
  ["a mode in capitals", { ...bob, auth_mode: "ChatGPT" }, "nothing", "UnsupportedLogin: auth_mode ChatGPT"],
  ["a mode that is a number", { ...bob, auth_mode: 3 }, "nothing", "MalformedJson"],
  ["tokens, and a key's mode", { ...bob, auth_mode: "apikey" }, "nothing", "MalformedJson"],
  ["no last_refresh", { ...bob, last_refresh: none }, "ChatGPT"],
  ["a last_refresh of another zone", { ...bob, last_refresh: "2026-01-01T00:00:00+02:00" }, "ChatGPT"],
  ["a last_refresh that is no time", { ...bob, last_refresh: "yesterday" }, "nothing", "MalformedJson"],
  ["a last_refresh that is a number", { ...bob, last_refresh: 5 }, "nothing", "MalformedJson"],
  ["a key beside the tokens", { ...bob, OPENAI_API_KEY: ada.key }, "ChatGPT"],
  ["a key beside the tokens, no mode", { ...bob, auth_mode: none, OPENAI_API_KEY: ada.key }, "a key"],
  ["a key", key, "a key"],
  ["a key, no mode", { OPENAI_API_KEY: ada.key }, "a key"],
  ["a key and more", { ...key, more: 1 }, "a key"],
  ["a key, tokens of null", { ...key, tokens: null, last_refresh: null }, "a key"],
  ["a key, a mode that nobody knows", { ...key, auth_mode: "weird" }, "nothing", "UnsupportedLogin: auth_mode weird"],
  ["a key, tokens that are none", { OPENAI_API_KEY: ada.key, tokens: {} }, "nothing", "MalformedJson"],
  ["a key that is a number", { OPENAI_API_KEY: 3 }, "nothing", "MalformedJson"],
  ["a list", [], "nothing", "MalformedJson"],
  ["a byte order mark", `\ufeff${JSON.stringify(key)}`, "nothing", "MalformedJson"],
  ["two documents", `${JSON.stringify(key)}\n{}`, "nothing", "MalformedJson"],
  ["a comma too many", `{"OPENAI_API_KEY":"${ada.key}",}`, "nothing", "MalformedJson"],
  ["a comment", `// mine\n${JSON.stringify(key)}`, "nothing", "MalformedJson"],
  ["a field twice", before('"auth_mode":"chatgpt"'), "nothing", "MalformedJson"],
  ["tokens twice", before(`"tokens":${JSON.stringify(bob.tokens)}`), "nothing", "MalformedJson"],
  ["tokens of null, and tokens", before('"tokens":null'), "nothing", "MalformedJson"],
  ["OPENAI_API_KEY twice", before('"OPENAI_API_KEY":null'), "nothing", "MalformedJson"],
  ["last_refresh twice", before('"last_refresh":null'), "nothing", "MalformedJson"],
  [
    "an agent identity of null twice",
    before('"agent_identity":null,"agent_identity":null'),
    "nothing",
    "MalformedJson",
  ],
  ["a Bedrock key of null twice", before('"bedrock_api_key":null,"bedrock_api_key":null'), "nothing", "MalformedJson"],
  ["a name that is escaped once", before('"\\u0074okens":null'), "nothing", "MalformedJson"],
  ["a name in other letters", before('"openai_api_key":null,"openai_api_key":null'), "ChatGPT"],
  ["an unknown field twice", before('"more":1,"more":2'), "ChatGPT"],
  ["a field twice in an unknown one", before('"more":{"a":1,"a":2,"tokens":1,"tokens":2}'), "ChatGPT"],
  ["a field of the tokens twice", inTokens('"access_token":"x"'), "nothing", "MalformedJson"],
  ["an owner of the login twice", inTokens('"login_owner_id":"a","login_owner_id":"a"'), "nothing", "MalformedJson"],
  ["an unknown field of the tokens twice", inTokens('"more":1,"more":2'), "ChatGPT"],
  ["the top's fields in the tokens, twice", inTokens('"tokens":1,"tokens":2'), "ChatGPT"],
  ["a key twice", `{"OPENAI_API_KEY":"a","OPENAI_API_KEY":"${ada.key}"}`, "nothing", "MalformedJson"],
  ["a key, an unknown field twice", `{"OPENAI_API_KEY":"${ada.key}","x":1,"x":2}`, "a key"],
  ["where the tokens are from", inTokens('"oauth_provenance":{"issuer":"a","client_id":"b","x":1,"x":2}'), "ChatGPT"],
  ["half of it", inTokens('"oauth_provenance":{"issuer":"a"}'), "nothing", "MalformedJson"],
  [
    "it with a field twice",
    inTokens('"oauth_provenance":{"issuer":"a","client_id":"b","issuer":"a"}'),
    "nothing",
    "MalformedJson",
  ],
  ["an owner of the login that is no text", tokens({ login_owner_id: 3 }), "nothing", "MalformedJson"],
  ["an e-mail twice", inClaims('"email":"a@x.org"'), "nothing", "MalformedJson"],
  ["OpenAI's claims twice", inClaims(`"${AUTH}":{}`), "nothing", "MalformedJson"],
  ["other claims twice", inClaims('"sub":"x"'), "ChatGPT"],
  ["an account id in the claims twice", inAuth('"chatgpt_account_id":"acct-bob"'), "nothing", "MalformedJson"],
  ["a user in the claims twice", inAuth('"user_id":"user-bob"'), "nothing", "MalformedJson"],
  ["other claims of OpenAI's twice", inAuth('"groups":[],"groups":[]'), "ChatGPT"],
  ["a mark that is none", inAuth('"chatgpt_account_is_fedramp":null'), "nothing", "MalformedJson"],
  ["an id_token without a signature", idToken((head, payload) => `${head}.${payload}.`), "nothing", "MalformedJson"],
  ["an id_token without a head", idToken((_, payload) => `.${payload}.x`), "nothing", "MalformedJson"],
  ["an id_token of two parts", idToken((head, payload) => `${head}.${payload}`), "nothing", "MalformedJson"],
  ["an id_token of four parts", idToken((head, payload) => `${head}.${payload}.x.y`), "ChatGPT"],
  ["an id_token with a blank", idToken((head, payload) => `${head}.${payload} .x`), "nothing", "MalformedJson"],
  ["an id_token with a padded part", idToken((head, payload) => `${head}.${payload}==.x`), "nothing", "MalformedJson"],
  ["an access token", pat, "a token"],
  ["an access token, its mode", { ...pat, auth_mode: "personalAccessToken" }, "a token"],
  ["an access token beside a key", { ...pat, OPENAI_API_KEY: ada.key }, "a token"],
  ["an access token beside tokens", { ...bob, ...pat, auth_mode: none }, "a token"],
  ["an access token beside tokens, a login's mode", { ...bob, ...pat }, "ChatGPT"],
  ["an access token beside a key, a key's mode", { ...key, ...pat }, "a key"],
  ["an e-mail that is empty", claims({ email: "" }), "ChatGPT"],
  ["a plan that is a number", claims({}, { chatgpt_plan_type: 3 }), "nothing", "MalformedJson"],
  ["no user id", claims({}, { chatgpt_user_id: none, user_id: none }), "ChatGPT", "MissingChatgptUserId"],
  ["a user id that is a number", claims({}, { chatgpt_user_id: 3 }), "nothing", "MalformedJson"],
  ["no claims of OpenAI's", claims({ [AUTH]: none }), "ChatGPT", "MissingAccountId"],
  ["an account id that is a number", tokens({ account_id: 3 }), "nothing", "MalformedJson"],
  ["an empty account id", tokens({ account_id: "" }), "ChatGPT", "MissingAccountId"],
  ["another account id than the claims'", tokens({ account_id: "acct-other" }), "ChatGPT", "AccountIdMismatch"],
  ["an access token of null", tokens({ access_token: null }), "nothing", "MalformedJson"],
  ["tokens that are a list", { ...bob, tokens: [] }, "nothing", "MalformedJson"],
  ["a last_refresh of null", { ...bob, last_refresh: null }, "ChatGPT"],
  ["a last_refresh to come", { ...bob, last_refresh: "2099-01-01T00:00:00Z" }, "ChatGPT"],
  ["a last_refresh without a zone", { ...bob, last_refresh: "2026-01-01T00:00:00" }, "nothing", "MalformedJson"],
  [
    "an empty key beside the tokens, no mode",
    { ...bob, auth_mode: none, OPENAI_API_KEY: "" },
    "a key",
    "MalformedJson",
  ],
  ["a key in a list", { OPENAI_API_KEY: [ada.key] }, "nothing", "MalformedJson"],
  ["a key by its name in small letters", { openai_api_key: ada.key }, "ChatGPT", "MalformedJson"],
  ["a key by a name with an escape", `{"OPENAI\\u005fAPI_KEY":"${ada.key}"}`, "a key"],
  ["a key, blanks around the document", `\n  ${JSON.stringify(key)}\n\n`, "a key"],
  ["a key, a NUL behind it", `${JSON.stringify(key)}\0`, "nothing", "MalformedJson"],
  ["a key, an agent identity of null", { ...key, agent_identity: null }, "a key"],
  [
    "a key beside an agent identity",
    { ...key, agent_identity: { a: 1 } },
    "nothing",
    "UnsupportedLogin: agent identity",
  ],
  ["an access token of nothing", { personal_access_token: "" }, "nothing", "MalformedJson"],
  ["an access token of null beside tokens", { ...bob, personal_access_token: null }, "ChatGPT"],
  ["a text", JSON.stringify(ada.key), "nothing", "MalformedJson"],
  ["null", "null", "nothing", "MalformedJson"],
  ["an empty file", "", "nothing", "MalformedJson"],
  ["no UTF-8", new Uint8Array([0xff, 0xfe, 0x7b, 0]), "nothing", "MalformedJson"],
  ["an agent identity", { agent_identity: { a: 1 } }, "nothing", "UnsupportedLogin: agent identity"],
];

/** What is logged in by its looks, but sends no request that anybody could be billed for: ours says that it is no login, or mends it. */
const BEARERS: [name: string, auth: unknown, as: string | null, ours: string][] = [
  ["no e-mail", claims({ email: none }), "bob@example.com", "same"],
  ["no account id", tokens({ account_id: none }), "bob@example.com", "same"],
  ["an empty access token", tokens({ access_token: "" }), "bob@example.com", "same"],
  ["no last_refresh", { ...bob, last_refresh: none }, "bob@example.com", "same"],
  ["a key and a line feed", { ...key, OPENAI_API_KEY: `${ada.key}\n` }, null, "mended"],
  ["... as we store it", JSON.parse(stored({ ...key, OPENAI_API_KEY: `${ada.key}\n` })), "ada", "same"],
  ["a blank before a key", { ...key, OPENAI_API_KEY: ` ${ada.key}` }, null, "mended"],
  ["a key, a login's mode", { auth_mode: "chatgpt", OPENAI_API_KEY: ada.key }, null, "MalformedJson"],
  ["an empty key", { OPENAI_API_KEY: "" }, null, "MalformedJson"],
  ["a key of null", { OPENAI_API_KEY: null }, null, "MalformedJson"],
  ["nothing", {}, null, "MalformedJson"],
  ["tokens of null", { ...bob, tokens: null }, null, "MalformedJson"],
];

/** Returns what ours stores of a login. */
function stored(auth: object): string {
  const credential = parseCredential(JSON.stringify(auth));
  if (!isCredential(credential)) throw new Error(credential);
  return credential.text;
}

function place(world: World, auth: unknown): string {
  const isWritten = typeof auth === "string" || auth instanceof Uint8Array;
  const text = isWritten ? auth : JSON.stringify(auth, null, 2);
  writeFileSync(join(world.base, "auth.json"), text);
  return typeof text === "string" ? text : new TextDecoder().decode(text);
}

codexTest("how Codex says that it is logged in, and what ours takes", async () => {
  await using world = createWorld({ keys: [ada], tokens: [PAT] });
  const env = { CODEX_AUTHAPI_BASE_URL: `${world.fake.url}/api/accounts` };
  for (const [name, auth, says, fault] of FORMS) {
    const text = place(world, auth);
    const { out, err } = await world.codex(["login", "status"], { env });
    const told: string = /Logged in using ChatGPT/.test(out + err)
      ? "ChatGPT"
      : /personal access token/.test(out + err) && !/Error/.test(out + err)
        ? "a token"
        : /API key(?! auth is missing)/i.test(out + err)
          ? "a key"
          : "nothing";
    const credential = parseCredential(text);
    const ours: string = isCredential(credential) ? KINDS[credential.kind] : credential;
    expect({ name, told, ours }).toEqual({ name, told: says, ours: fault ?? says });
  }
});

for (const [name, auth, as, ours] of BEARERS) {
  codexTest(`${name}: whom Codex bills`, async () => {
    await using world = createWorld({ keys: [ada], behave: { responses: { status: 400 }, socket: { status: 426 } } });
    const text = place(world, auth);
    await world.codex(["exec", "--skip-git-repo-check", "hi"]);
    const [request] = world.fake.requestsTo("responses").filter(({ upgrade }) => !upgrade);
    const credential = parseCredential(text);
    const taken = isCredential(credential) ? (credential.text === text ? "same" : "mended") : credential;
    expect({ as: request?.as ?? null, taken }).toEqual({ as, taken: ours });
  });
}
