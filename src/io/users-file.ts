import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { encodeBytes as bytesOf } from "../core/bytes.ts";
import { replace, writeSynced } from "./replace.ts";

// Files of the user's own, such as his shell's start file: any encoding, any mode, and he has to find them as they were.

/** Returns the bytes of a file, one a character; undefined where there is none that can be read. */
export function bytes(path: string): string | undefined {
  try {
    return readFileSync(bytesOf(path), "latin1");
  } catch {
    return undefined;
  }
}

/**
 * Writes the bytes of a file, one a character, in one step, with the mode and group that it had; what has a second name is written in place, to
 * keep that. A new one is 0600. The path has to be the physical one: a link is replaced.
 */
export function writeBytes(path: string, text: string): void {
  const buffer = Buffer.from(text, "latin1");
  const stat = statSync(bytesOf(path), { throwIfNoEntry: false });
  if (stat && stat.nlink > 1) return writeFileSync(bytesOf(path), buffer);
  mkdirSync(bytesOf(dirname(path)), { recursive: true, mode: 0o700 });
  replace(path, (temporary) => {
    writeSynced(temporary, buffer);
    if (!stat) return;
    try {
      chownSync(bytesOf(temporary), stat.uid, stat.gid);
    } catch {
      // a group that one is not in cannot be given
    }
    chmodSync(bytesOf(temporary), stat.mode & 0o7777);
  });
}
