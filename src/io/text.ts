import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/**
 * Returns the text of a file, links followed; throws for what is no file. A pipe or a device in a file's place would be waited for, or never
 * end; but what a user names in `/dev` (`import <(…)`) is meant.
 */
export function readText(path: string): string {
  if (path.startsWith("/dev/")) return readFileSync(path, "utf8");
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (fstatSync(fd).isFile()) return readFileSync(fd, "utf8");
  } finally {
    closeSync(fd);
  }
  throw Object.assign(new Error(`ENOTSUP: not a file, read '${path}'`), { code: "ENOTSUP", syscall: "read", path });
}
