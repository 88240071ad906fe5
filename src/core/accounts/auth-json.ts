import * as v from "valibot";

const optionalText = v.optional(v.nullable(v.string()));
/** A time as Codex reads it: RFC 3339. */
const Time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);

/** An auth.json as Codex reads it: what is of another type there, Codex does not read at all. Other fields are there too. */
export const AuthFileSchema = v.looseObject({
  auth_mode: optionalText,
  OPENAI_API_KEY: optionalText,
  personal_access_token: optionalText,
  tokens: v.optional(
    v.nullable(
      v.looseObject({
        id_token: optionalText,
        access_token: optionalText,
        refresh_token: optionalText,
        account_id: optionalText,
      }),
    ),
  ),
  last_refresh: v.optional(v.nullable(Time)),
});
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
/** The claims of an id_token. */
export const IdClaimsSchema = v.looseObject({
  email: optionalText,
  [PROFILE_CLAIM]: v.optional(v.nullable(v.looseObject({ email: optionalText }))),
  [AUTH_CLAIM]: v.optional(
    v.nullable(
      v.looseObject({
        chatgpt_account_id: optionalText,
        chatgpt_user_id: optionalText,
        user_id: optionalText,
        chatgpt_plan_type: optionalText,
      }),
    ),
  ),
});
/** The claims of an access token: its end in seconds since 1970. */
export const ExpirySchema = v.looseObject({ exp: v.number() });
