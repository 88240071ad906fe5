import { accessSync, constants, lstatSync } from "node:fs";

/** Returns whether this process may make files in a directory. */
export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns what the system knows a directory by, whatever its name: device and inode; undefined where there is none that can be looked at. */
export function place(path: string): string | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return stat?.isDirectory() ? `${stat.dev}-${stat.ino}` : undefined;
  } catch {
    return undefined;
  }
}
