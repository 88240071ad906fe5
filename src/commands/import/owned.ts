import type { Context } from "../../context.ts";
import { type Account, isUnverified, keyHashOf, ownerOf, UNVERIFIED } from "../../core/accounts/account.ts";
import {
  type Credential,
  type Identity,
  type KeyedCredential,
  maskedLabelOf,
  secretOf,
} from "../../core/accounts/credential.ts";
import { identify } from "../../core/accounts/record.ts";
import { askOwners, type Owner } from "./owners.ts";
import { type Candidate, type Found, isFound } from "./sources.ts";

/** A credential whose account is known; `identity` is the owner of a key that no record knew. */
export interface Owned extends Found {
  identity: Identity | undefined;
}

/**
 * Finds out whose the API keys are; a key whose owner a record knows needs no network. What is no credential stays what it is. With `unverified` a
 * key is taken whose owner OpenAI does not tell.
 */
export async function findOwners(
  ctx: Context,
  candidates: readonly Candidate[],
  accounts: readonly Account[],
  unverified: boolean,
): Promise<(Candidate | Owned)[]> {
  const recordOf = (credential: Credential) => findAccountOf(credential, accounts);
  const isKnown = (credential: Credential) => {
    const record = recordOf(credential);
    return record !== undefined && !isUnverified(record);
  };
  const unknown = candidates
    .filter(isFound)
    .flatMap(({ found }) => (found.kind !== "chatgpt" && !isKnown(found) ? found : []));
  const owners = await askOwners(ctx, unknown);
  return candidates.map((candidate) => {
    if (!isFound(candidate)) return candidate;
    const { found } = candidate;
    const named = { ...candidate, name: found.kind !== "chatgpt" ? withoutKey(candidate.name, found) : candidate.name };
    const owner = found.kind !== "chatgpt" ? owners.get(found.keyHash) : undefined;
    const isTaken =
      recordOf(found) !== undefined ||
      (unverified && owner !== undefined && "isRestricted" in owner && owner.isRestricted);
    return isTaken && owner && "reason" in owner && owner.reason === "IdentityUnavailable"
      ? { ...named, identity: { id: UNVERIFIED, email: "" } }
      : withOwner(named, owner);
  });
}

const findAccountOf = (credential: Credential, accounts: readonly Account[]): Account | undefined =>
  accounts.find((account) => account.account_key === identify(credential, accounts, new Map()));

function withOwner(candidate: Found, owner: Owner | undefined): Candidate | Owned {
  return owner && "reason" in owner
    ? { ...candidate, found: owner.reason, why: owner.why }
    : { ...candidate, identity: owner };
}

const withoutKey = (name: string, credential: KeyedCredential) =>
  name.replaceAll(secretOf(credential), maskedLabelOf(credential));

/** Whether a candidate can be taken up. */
export const isOwned = (candidate: Candidate | Owned): candidate is Owned => "identity" in candidate;

/** Returns the account key of a credential whose owner is known. */
export function keyOf({ found, identity }: Owned, accounts: readonly Account[]): string | undefined {
  const identities = new Map(found.kind !== "chatgpt" && identity ? [[found.keyHash, identity]] : []);
  return identify(found, accounts, identities);
}

/** Takes a file's name as it lies in `accounts/`; returns the owner that it tells for an API key or access token of this sha256, if it does. */
export function ownerInName(fileName: string, keyHash: string): Identity | undefined {
  const fileKey = fileName.replace(/\.auth\.json$/, "");
  const key = Buffer.from(fileKey, "base64url").toString();
  if (keyHashOf(key) !== keyHash) return undefined;
  return { id: ownerOf(key) ?? "", email: "" };
}
