import { type Credential, type CredentialFault, isCredential } from "./credential.ts";

/** What lies where a login should be, and when its file was written, in milliseconds since 1970. */
export interface StoredLogin {
  credential: Credential | CredentialFault;
  mtimeMs: number;
}

/**
 * Whether a login takes the place of what is there for the same account: the one rule for import, purge, reconciling and migrating. The later
 * one wins: by the last refresh, else by the end of the access token, else by the files' times, which a copy has anew; of equals the new one.
 */
export function takesPlaceOf(login: StoredLogin, present: StoredLogin | undefined): boolean {
  if (!present || !isCredential(present.credential)) return true;
  if (!isCredential(login.credential)) return false;
  const [times, others] = [timesOf(login.credential), timesOf(present.credential)];
  const telling = times.findIndex((time, at) => time !== null && (others[at] ?? time) !== time);
  return telling === -1 ? login.mtimeMs >= present.mtimeMs : (times[telling] ?? 0) > (others[telling] ?? 0);
}

const timesOf = (credential: Credential) =>
  credential.kind === "chatgpt" ? [credential.lastRefresh, credential.expiresAt] : [];
