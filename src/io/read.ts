import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";

import { decodeBytes, encodeBytes as bytesOf } from "../core/bytes.ts";

const CHUNK = 64 * 1024;
const LONGEST_LINE = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Yields the lines of a file, the last one first, reading no more of it than is asked for, and `limit` bytes at most. Lines of more than a
 * megabyte are left out.
 */
export function* linesFromEnd(path: string, limit = Infinity): Generator<string> {
  const fd = openSync(bytesOf(path), "r");
  try {
    const { size } = fstatSync(fd);
    let rest: Buffer[] = [];
    let length = 0;
    for (let end = size; end > 0 && end > size - limit;) {
      const start = Math.max(0, end - CHUNK);
      const chunk = readRange(fd, start, end);
      end = start;
      let cut = chunk.length;
      for (let at = chunk.lastIndexOf(NEWLINE); at !== -1; at = at > 0 ? chunk.lastIndexOf(NEWLINE, at - 1) : -1) {
        const line = [chunk.subarray(at + 1, cut), ...rest];
        if (length + cut - at <= LONGEST_LINE) yield Buffer.concat(line).toString();
        [rest, length, cut] = [[], 0, at];
      }
      length += cut;
      rest = length > LONGEST_LINE ? [] : [chunk.subarray(0, cut), ...rest];
    }
    if (size > 0 && size <= limit && length <= LONGEST_LINE) yield Buffer.concat(rest).toString();
  } finally {
    closeSync(fd);
  }
}

/** Returns the first line of a file, or undefined when it is longer than a megabyte. */
export function firstLine(path: string): string | undefined {
  const fd = openSync(bytesOf(path), "r");
  try {
    const chunks: Buffer[] = [];
    for (let start = 0; start < LONGEST_LINE; start += CHUNK) {
      const chunk = readRange(fd, start, start + CHUNK);
      const at = chunk.indexOf(NEWLINE);
      chunks.push(at === -1 ? chunk : chunk.subarray(0, at));
      if (at !== -1 || chunk.length < CHUNK) return Buffer.concat(chunks).toString();
    }
    return undefined;
  } finally {
    closeSync(fd);
  }
}

function readRange(fd: number, start: number, end: number): Buffer {
  const buffer = Buffer.alloc(end - start);
  return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, start));
}

/**
 * Returns the text of a file, links followed; throws for what is no file. A pipe or a device in a file's place would be waited for, or never
 * end; but what a user names in `/dev` (`import <(…)`) is meant.
 */
export function readText(path: string): string {
  if (path.startsWith("/dev/")) return decodeBytes(readFileSync(bytesOf(path)));
  const fd = openSync(bytesOf(path), constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (fstatSync(fd).isFile()) return decodeBytes(readFileSync(fd));
  } finally {
    closeSync(fd);
  }
  throw Object.assign(new Error(`ENOTSUP: not a file, read '${path}'`), { code: "ENOTSUP", syscall: "read", path });
}
