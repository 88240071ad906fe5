import * as v from "valibot";
import type { ChatgptCredential, CredentialFault } from "./credential.ts";

const text = v.fallback(v.optional(v.string(), ""), "");
const CpaSchema = v.looseObject({
  id_token: text,
  access_token: text,
  refresh_token: text,
  account_id: text,
  last_refresh: text,
});

/**
 * Takes a parsed token file of CLIProxyAPI, flat as it keeps them; returns the auth.json that Codex would write for it, or why there is none.
 * Source of the format: CLIProxyAPI's files in ~/.cli-proxy-api, as Loongphy's codex-auth reads them.
 */
export function authOfCpa(document: unknown): { text: string } | { fault: CredentialFault } {
  const parsed = v.safeParse(CpaSchema, document);
  if (!parsed.success || Array.isArray(document)) return { fault: "MalformedJson" };
  const { id_token, access_token, refresh_token, account_id, last_refresh } = parsed.output;
  if (refresh_token === "") return { fault: "MissingRefreshToken" };
  if (account_id === "") return { fault: "MissingAccountId" };
  const tokens = { id_token, access_token, refresh_token, account_id };
  return {
    text: render({ auth_mode: "chatgpt", OPENAI_API_KEY: null, tokens, ...(last_refresh && { last_refresh }) }),
  };
}

const AuthSchema = v.looseObject({
  tokens: v.looseObject({ id_token: text, access_token: text, refresh_token: text, account_id: text }),
  last_refresh: text,
});

/** Returns the token file that CLIProxyAPI would keep for a ChatGPT login. */
export function cpaOf(credential: ChatgptCredential): string {
  const { tokens, last_refresh } = v.parse(AuthSchema, JSON.parse(credential.text));
  const { id_token, access_token, refresh_token, account_id } = tokens;
  const expired = credential.expiresAt === null ? "" : new Date(credential.expiresAt * 1000).toISOString();
  const about = { last_refresh, email: credential.email, type: "codex", expired };
  return render({ id_token, access_token, refresh_token, account_id, ...about });
}

const render = (document: object) => JSON.stringify(document, null, 2);
