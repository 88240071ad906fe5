import { type Credential, type CredentialFault, isCredential } from "./credential.ts";

/** What lies where a login should be, and when its file was written, in milliseconds since 1970. */
export interface StoredLogin {
  credential: Credential | CredentialFault;
  mtimeMs: number;
  /** Somebody has logged in with it just now: then no date is asked. */
  isInteractive?: boolean;
}

/**
 * Whether a login takes the place of what is there for the same account: the one rule for import, purge, reconciling and migrating. An
 * interactive one always does. Else the later one wins: by the last refresh, else by the end of the access token, else by the files' times,
 * which a copy has anew; of equals the new one. A date after `nowMs` (milliseconds since 1970) tells nothing.
 */
export function takesPlaceOf(login: StoredLogin, present: StoredLogin | undefined, nowMs: number): boolean {
  if (!present || !isCredential(present.credential)) return true;
  if (!isCredential(login.credential)) return false;
  if (login.isInteractive) return true;
  const [times, others] = [timesOf(login.credential, nowMs), timesOf(present.credential, nowMs)];
  const telling = times.findIndex((time, at) => time !== null && (others[at] ?? time) !== time);
  return telling === -1 ? login.mtimeMs >= present.mtimeMs : (times[telling] ?? 0) > (others[telling] ?? 0);
}

function timesOf(credential: Credential, nowMs: number): (number | null)[] {
  if (credential.kind !== "chatgpt") return [];
  const endMs = credential.expiresAt === null ? null : credential.expiresAt * 1000;
  return [credential.lastRefresh, endMs].map((time) => (time !== null && time > nowMs ? null : time));
}
