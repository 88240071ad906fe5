import { accessSync, closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { decodeBytes, encodeBytes as bytesOf } from "../core/bytes.ts";
import { parseShim, type Shim, SHIM_START } from "../core/shim.ts";

/** The programs that PATH leads to, and which of them are shims of ours. */
export type Programs = typeof programs;

/** A program on PATH. */
export interface Program {
  path: string;
  /** The directory as PATH has it. */
  directory: string;
  /** What it says of itself if it is a shim; looked up when it is asked for. */
  readonly shim: Shim | undefined;
}

/** No path that a shim names is longer. */
const LONGEST_LINE = 16_384;

export const programs = {
  /**
   * Yields the programs of this name in the order of PATH, as a shell would find them. What lies in a relative directory, which is the working
   * directory's, is not looked into.
   */
  *named(name: string, path: string | undefined, cwd: string | undefined): Generator<Program> {
    for (const directory of (path ?? "").split(":")) {
      if (!isAbsolute(directory) && cwd === undefined) continue;
      const file = isAbsolute(directory) ? join(directory, name) : resolve(cwd ?? "/", directory, name);
      if (!isProgram(file)) continue;
      yield {
        path: file,
        directory,
        get shim() {
          return isAbsolute(directory) ? shimAt(file) : undefined;
        },
      };
    }
  },

  shimAt,
  isProgram,
};

/** Returns what a shim of ours says of itself, or undefined for any other file, and for none. */
function shimAt(path: string): Shim | undefined {
  const said = lineOf(path);
  return said === undefined ? undefined : parseShim(said);
}

/** Whether a path leads to a file that may be run. */
function isProgram(path: string): boolean {
  try {
    if (!statSync(bytesOf(path), { throwIfNoEntry: false })?.isFile()) return false;
    accessSync(bytesOf(path), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns what a shim says behind its mark. Of any other file no more is read than shows that it is none. */
function lineOf(path: string): string | undefined {
  let fd: number | undefined;
  try {
    // a pipe in its place is not waited for
    fd = openSync(bytesOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
    if (!fstatSync(fd).isFile()) return undefined;
    const start = Buffer.alloc(SHIM_START.length);
    if (readSync(fd, start) < start.length || start.toString() !== SHIM_START) return undefined;
    const rest = Buffer.alloc(LONGEST_LINE);
    return decodeBytes(rest.subarray(0, readSync(fd, rest))).split("\n")[0];
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
