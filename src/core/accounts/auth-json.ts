import * as v from "valibot";

const optionalText = v.optional(v.nullable(v.string()));
/** An auth.json as Codex writes it; other fields are there too. */
export const AuthFileSchema = v.looseObject({
  auth_mode: v.fallback(optionalText, null),
  OPENAI_API_KEY: optionalText,
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
  last_refresh: optionalText,
});
/** The claim of an id_token that tells whose it is. */
export const AUTH_CLAIM = "https://api.openai.com/auth";
/** The claims of an id_token. */
export const IdClaimsSchema = v.looseObject({
  email: optionalText,
  [AUTH_CLAIM]: v.optional(
    v.looseObject({
      chatgpt_account_id: optionalText,
      chatgpt_user_id: optionalText,
      user_id: optionalText,
      chatgpt_plan_type: optionalText,
    }),
  ),
});
/** The claims of an access token: its end in seconds since 1970. */
export const ExpirySchema = v.looseObject({ exp: v.number() });
