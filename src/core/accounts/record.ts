import * as v from "valibot";
import {
  type Account,
  AccountSchema,
  apiKeyAccountKey,
  keyHashOf,
  ownerOf,
  tokenAccountKey,
  withRefused,
} from "./account.ts";
import { type Credential, type Identity, maskedLabelOf } from "./credential.ts";

/** Returns the account key of a credential; of a key or access token undefined when neither a record nor `identities` knows its sha256. */
export function identify(
  credential: Credential,
  accounts: readonly Account[],
  identities: ReadonlyMap<string, Identity>,
): string | undefined {
  if (credential.kind === "chatgpt") return credential.accountKey;
  const record = accounts.find((account) => keyHashOf(account.account_key) === credential.keyHash);
  if (record) return record.account_key;
  const owner = identities.get(credential.keyHash);
  const keyOf = credential.kind === "token" ? tokenAccountKey : apiKeyAccountKey;
  return owner && keyOf(owner.id, credential.keyHash);
}

/**
 * Returns the record of a credential's account: the known one with e-mail and plan taken over, or a new one made at `now` (milliseconds).
 * `identity` is the key's owner when the API has just told it.
 */
export function recordOf(
  credential: Credential,
  key: string,
  known: Account | undefined,
  identity: Identity | undefined,
  now: number,
): Account {
  const base = known ?? v.parse(AccountSchema, { account_key: key, created_at: Math.floor(now / 1000) });
  if (credential.kind === "chatgpt") {
    return {
      ...base,
      chatgpt_account_id: credential.accountId,
      chatgpt_user_id: credential.userId,
      email: credential.email || base.email,
      plan: credential.plan ?? base.plan,
      auth_mode: "chatgpt",
    };
  }
  const [user = "", workspace = ""] = (ownerOf(key) ?? "").split("::");
  const owner =
    credential.kind === "token"
      ? { chatgpt_user_id: user, chatgpt_account_id: workspace }
      : { chatgpt_user_id: identity?.id ?? base.chatgpt_user_id };
  return {
    ...withRefused(base, false),
    ...owner,
    email: identity?.email || base.email,
    account_name: maskedLabelOf(credential),
    plan: null,
    auth_mode: "apikey",
  };
}
