import * as v from "valibot";
import { fieldsOf } from "../repeated.ts";

const optionalText = v.optional(v.nullable(v.string()));
/** A time as Codex reads it: RFC 3339. */
const Time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);

/** Which issuer, and which of its clients, a login's tokens are from. */
const PROVENANCE = { issuer: v.string(), client_id: v.string() };
const TOKENS = {
  id_token: optionalText,
  access_token: optionalText,
  refresh_token: optionalText,
  account_id: optionalText,
  login_owner_id: optionalText,
  oauth_provenance: v.optional(v.nullable(v.looseObject(PROVENANCE))),
};
const FILE = {
  auth_mode: optionalText,
  OPENAI_API_KEY: optionalText,
  personal_access_token: optionalText,
  agent_identity: v.optional(v.unknown()),
  bedrock_api_key: v.optional(v.unknown()),
  tokens: v.optional(v.nullable(v.looseObject(TOKENS))),
  last_refresh: v.optional(v.nullable(Time)),
};

/** An auth.json as Codex reads it: what is of another type there, Codex does not read at all. Other fields are there too. */
export const AuthFileSchema = v.looseObject(FILE);
/** The fields that Codex reads: with one of them twice it does not read the file either. */
export const FILE_FIELDS = fieldsOf(FILE, { tokens: fieldsOf(TOKENS, { oauth_provenance: fieldsOf(PROVENANCE) }) });
/** Fields of the kinds of login that codex-auth does not manage, and what people call them. */
export const OTHER_KINDS = {
  agent_identity: "agent identity",
  bedrock_api_key: "Bedrock key",
} as const;
/** The `auth_mode` of those kinds. */
export const OTHER_MODES: Readonly<Record<string, string>> = {
  agentIdentity: "agent identity",
  bedrockApiKey: "Bedrock key",
};
/** The claim of an id_token that tells whose it is. */
export const AUTH_CLAIM = "https://api.openai.com/auth";
/** The claim of an id_token that may tell the e-mail instead. */
export const PROFILE_CLAIM = "https://api.openai.com/profile";
const PROFILE = { email: optionalText };
const AUTH = {
  chatgpt_account_id: optionalText,
  chatgpt_user_id: optionalText,
  user_id: optionalText,
  chatgpt_plan_type: optionalText,
  chatgpt_account_is_fedramp: v.optional(v.boolean()),
};
const CLAIMS = {
  email: optionalText,
  [PROFILE_CLAIM]: v.optional(v.nullable(v.looseObject(PROFILE))),
  [AUTH_CLAIM]: v.optional(v.nullable(v.looseObject(AUTH))),
};
/** The claims of an id_token. */
export const IdClaimsSchema = v.looseObject(CLAIMS);
/** Those that Codex reads: with one of them twice it does not read the file. */
export const CLAIM_FIELDS = fieldsOf(CLAIMS, { [PROFILE_CLAIM]: fieldsOf(PROFILE), [AUTH_CLAIM]: fieldsOf(AUTH) });
/** The claims of an access token: its end in seconds since 1970. */
export const ExpirySchema = v.looseObject({ exp: v.number() });
