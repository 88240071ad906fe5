import {
  chmodSync,
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { encodeBytes as bytesOf } from "../core/bytes.ts";

/**
 * Puts something in the place of a path in one step: `make` makes it under a temporary name beside it, which is then renamed over it. Whoever
 * looks sees the old or the new, never a part. Returns what `make` returns. When it fails nothing is left, and the error names the path.
 */
export function replace<T>(path: string, make: (temporary: string) => T): T {
  const random = crypto.getRandomValues(new Uint8Array(6)).toHex();
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${random}.tmp`);
  try {
    const made = make(temporary);
    renameSync(bytesOf(temporary), bytesOf(path));
    return made;
  } catch (error) {
    rmSync(bytesOf(temporary), { force: true });
    // the system names no file when a write fails
    throw error instanceof Error && !("path" in error) ? Object.assign(error, { path }) : error;
  }
}

/** Writes a new file, 0600 from the moment it exists, and waits until the disk has it; returns what the system knows it by. */
export function writeSynced(path: string, text: string | Uint8Array): bigint {
  const fd = openSync(bytesOf(path), "wx", 0o600);
  try {
    fchmodSync(fd, 0o600);
    writeFileSync(fd, typeof text === "string" ? bytesOf(text) : text);
    fsyncSync(fd);
    return fstatSync(fd, { bigint: true }).ino;
  } finally {
    closeSync(fd);
  }
}

/** Writes a program in one step: 0700. */
export function writeProgram(path: string, text: string): void {
  replace(path, (temporary) => {
    writeSynced(temporary, text);
    chmodSync(bytesOf(temporary), 0o700);
  });
}
