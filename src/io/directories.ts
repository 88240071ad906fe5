import { accessSync, constants, lstatSync, readdirSync, realpathSync } from "node:fs";
import { decodeBytes, encodeBytes as bytesOf, mayLackBytes } from "../core/bytes.ts";
import { unlessAbsent } from "./system-error.ts";

/** Returns whether this process may make files in a directory. */
export function isWritable(path: string): boolean {
  try {
    accessSync(bytesOf(path), constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns what the system knows a directory by, whatever its name: device and inode; undefined where there is none that can be looked at. */
export function place(path: string): string | undefined {
  try {
    const stat = lstatSync(bytesOf(path), { throwIfNoEntry: false });
    return stat?.isDirectory() ? `${stat.dev}-${stat.ino}` : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the physical path, or undefined when it leads nowhere; `..` behind a link is the parent of what that leads to. */
export function physical(path: string): string | undefined {
  return unlessAbsent(() => {
    const found = realpathSync.native(bytesOf(path));
    return mayLackBytes(found) ? decodeBytes(realpathSync.native(bytesOf(path), "buffer")) : found;
  });
}

/** Returns the names in a directory in byte order; none where there is no directory. */
export function names(path: string): string[] {
  const found = unlessAbsent(() => readdirSync(bytesOf(path))) ?? [];
  const whole = found.some(mayLackBytes) ? readdirSync(bytesOf(path), "buffer").map(decodeBytes) : found;
  return whole.sort((a, b) => Buffer.compare(Buffer.from(bytesOf(a)), Buffer.from(bytesOf(b))));
}
