import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { encodeBytes as bytesOf } from "../core/bytes.ts";

const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Adds text to the end of a file, in one write; makes it, 0600, where there is none. Returns how many bytes it has then. */
export function append(path: string, text: string): number {
  const fd = openSync(bytesOf(path), FLAGS, 0o600);
  try {
    writeSync(fd, text);
    return fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
}
