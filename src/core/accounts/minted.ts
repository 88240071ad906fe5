import * as v from "valibot";
import { type Account, hashKey, isForeignProvider, keyHashOf } from "./account.ts";
import type { AuthFile } from "./auth-file.ts";
import { AuthFileSchema } from "./auth-json.ts";
import { type ChatgptCredential, isCredential } from "./credential.ts";
import { parseJson } from "../json.ts";

/** In bytes: no login with its tokens is smaller. The file of an API key alone is, and is not read for nothing. */
const SMALLEST_LOGIN = 400;

/**
 * Returns the ChatGPT login that an API key's account is in truth, by the file of its credential: at login Codex asks for a key beside the tokens,
 * and whoever judged the file by that took it for the key's. Somebody else's login that was put there has another key, or none.
 */
export function mintedLogin(account: Account, file: AuthFile | undefined): ChatgptCredential | undefined {
  if (!file || file.size < SMALLEST_LOGIN || isForeignProvider(account)) return undefined;
  const hash = keyHashOf(account.account_key);
  const { credential } = file;
  if (hash === undefined || !isCredential(credential) || credential.kind !== "chatgpt") return undefined;
  const { OPENAI_API_KEY: key } = v.parse(AuthFileSchema, parseJson(file.text));
  return key && hashKey(key.trim()) === hash ? credential : undefined;
}
