import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { decodeBytes, encodeBytes as bytesOf } from "../core/bytes.ts";
import { append } from "./append.ts";
import { isWritable, names, physical, place } from "./directories.ts";
import { codeOf, saysAbsent, unlessAbsent } from "./system-error.ts";
import { keepLinked, keepWritten, readCached } from "./cached.ts";
import { replace, writeProgram, writeSynced } from "./replace.ts";
import { firstLine, linesFromEnd } from "./read.ts";
import { bytes, writeBytes } from "./users-file.ts";

/** The files of the user, as the core sees them. Everything made is private: 0600 in 0700 directories, from the moment it exists. */
export type Files = typeof files;

/** What lies at a path, links not followed. `mtimeMs` in milliseconds since 1970. */
export interface Entry {
  kind: "file" | "directory" | "link" | "other";
  mtimeMs: number;
  /** Bytes. */
  size: number;
  uid: number;
  mode: number;
  /** How many names it has. */
  names: number;
}

export const files = {
  /** Returns the text of a file, links followed, or undefined when there is none. Throws what the system says otherwise, and for what is no file. */
  read(path: string): string | undefined {
    return unlessAbsent(() => readCached(path));
  },

  /** Returns the text of a file, links followed, or undefined when there is none that can be read. */
  readQuietly(path: string): string | undefined {
    try {
      return readCached(path);
    } catch {
      return undefined;
    }
  },

  append,
  firstLine,
  linesFromEnd,
  bytes,
  writeBytes,
  isWritable,
  names,
  physical,
  place,
  writeProgram,

  /** Returns what lies at the path itself, or undefined. */
  entry(path: string): Entry | undefined {
    const stat = unlessAbsent(() => lstatSync(bytesOf(path), QUIET));
    if (!stat) return undefined;
    const kind = stat.isSymbolicLink() ? "link" : stat.isDirectory() ? "directory" : stat.isFile() ? "file" : "other";
    return { kind, mtimeMs: stat.mtimeMs, size: stat.size, uid: stat.uid, mode: stat.mode & 0o7777, names: stat.nlink };
  },

  /** Returns whether the path leads to anything that can be looked at. */
  exists: (path: string): boolean => existsSync(bytesOf(path)),

  /** Returns when what the path leads to was written, in milliseconds, or undefined when it leads nowhere. */
  mtimeMs(path: string): number | undefined {
    return unlessAbsent(() => statSync(bytesOf(path), QUIET)?.mtimeMs);
  },

  /** Returns what the file is that a path leads to, or undefined when it leads to none that can be read. */
  readable(path: string): { ino: number; mtimeMs: number; size: number } | undefined {
    try {
      const stat = statSync(bytesOf(path), QUIET);
      if (!stat?.isFile()) return undefined;
      accessSync(bytesOf(path), constants.R_OK);
      return { ino: stat.ino, mtimeMs: stat.mtimeMs, size: stat.size };
    } catch {
      return undefined;
    }
  },

  /** Returns the text of a link, or undefined when there is none, or something else. */
  linkText(path: string): string | undefined {
    try {
      return decodeBytes(readlinkSync(bytesOf(path), "buffer"));
    } catch (error) {
      if (codeOf(error) === "EINVAL" || saysAbsent(error)) return undefined;
      throw error;
    }
  },

  /** Makes a directory and its parents; those that it makes are 0700. */
  makeDirectory(path: string): void {
    mkdirSync(bytesOf(path), { recursive: true, mode: 0o700 });
  },

  /** Writes a file in one step: a temporary file beside it, synced, then renamed over it; 0600. A link at the path is replaced. */
  write(path: string, text: string): void {
    const ino = replace(path, (temporary) => writeSynced(temporary, text));
    keepWritten(path, text, ino);
  },

  /** Writes a new file, 0600; returns false and leaves it alone when there is something already. */
  create(path: string, text: string): boolean {
    try {
      writeFileSync(bytesOf(path), bytesOf(text), { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  },

  /** Puts a link with this text at the path in one step, over a file or link there. */
  link(target: string, path: string): void {
    replace(path, (temporary) => symlinkSync(bytesOf(target), bytesOf(temporary)));
  },

  /** Gives a file another name, over a file there; a link to it where the file system has no hard links. */
  alias(target: string, path: string): void {
    files.remove(path);
    try {
      keepLinked(target, () => linkSync(bytesOf(target), bytesOf(path)));
    } catch {
      symlinkSync(bytesOf(target), bytesOf(path));
    }
  },

  /** Renames. */
  move(from: string, to: string): void {
    renameSync(bytesOf(from), bytesOf(to));
  },

  /** Removes a file or link; what is not there is no error. */
  remove(path: string): void {
    unlessAbsent(() => unlinkSync(bytesOf(path)));
  },

  /** Removes a directory with all in it; never follows a link. */
  removeTree(path: string): void {
    rmSync(bytesOf(path), { recursive: true, force: true });
  },

  /** Removes a directory if it is empty; returns whether it is gone. */
  removeEmpty(path: string): boolean {
    try {
      rmdirSync(bytesOf(path));
      return true;
    } catch (error) {
      return codeOf(error) === "ENOENT";
    }
  },

  /** Sets when a file was written, in milliseconds since 1970; makes it if it is not there. */
  touch(path: string, mtimeMs: number): void {
    files.create(path, "");
    utimesSync(bytesOf(path), mtimeMs / 1000, mtimeMs / 1000);
  },
};

// with a thousand accounts most of what is looked for is not there, and an error costs three times the look
const QUIET = { throwIfNoEntry: false } as const;
