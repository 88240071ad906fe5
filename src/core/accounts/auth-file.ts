import type { Files } from "../../io/files.ts";
import { type Credential, type CredentialFault, isCredential, parseCredential } from "./credential.ts";

/** A file that should hold a credential. It is read when somebody asks what is in it, and only once. */
export interface AuthFile {
  readonly text: string;
  readonly credential: Credential | CredentialFault;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  /** Bytes. */
  readonly size: number;
  /** What the system knows the file by. */
  readonly ino: number;
}

/** Returns the file that a path leads to; undefined when it leads nowhere, or to what is no readable file. */
export function findAuthFile(files: Files, path: string): AuthFile | undefined {
  const status = files.readable(path);
  if (status === undefined) return undefined;
  let text: string | undefined;
  let credential: AuthFile["credential"] | undefined;
  return {
    ...status,
    get text() {
      return (text ??= files.read(path) ?? "");
    },
    get credential() {
      return (credential ??= parseCredential(this.text));
    },
  };
}

/** Returns the credential that a path leads to; undefined when there is none. */
export function readCredential(files: Files, path: string): Credential | undefined {
  const credential = findAuthFile(files, path)?.credential;
  return credential && isCredential(credential) ? credential : undefined;
}

/**
 * Whether a backup was made of just this file: a backup gets the time of what it is of, to the millisecond. With a thousand accounts that
 * saves reading two thousand files for each command.
 */
export const isBackupOf = (backup: AuthFile | undefined, file: AuthFile): boolean =>
  backup !== undefined && backup.size === file.size && Math.abs(backup.mtimeMs - file.mtimeMs) < 1;
