import { dlopen, FFIType } from "bun:ffi";
import { closeSync, constants, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** `flock` on files, as Codex takes it: locks end with the process, whatever becomes of it. */
export type Locks = ReturnType<typeof makeLocks>;

const LOCK_EX = 2;
const LOCK_NB = 4;
const POLL_MS = 20;

/** Takes the platform (`process.platform`); returns the locks. The C library is loaded at the first one. */
export function makeLocks(platform: string) {
  let flock: ((fd: number, operation: number) => number) | undefined;
  const tryLock = (fd: number): boolean => {
    flock ??= dlopen(platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
      flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
    }).symbols.flock;
    return flock(fd, LOCK_EX | LOCK_NB) === 0;
  };
  const take = async (path: string, limitMs: number, held: number[]): Promise<boolean> => {
    // without waiting: a pipe in its place is an error, not a wait for its reader
    const fd = openSync(
      path,
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK,
      0o600,
    );
    held.push(fd);
    const end = performance.now() + limitMs;
    while (!tryLock(fd)) {
      if (performance.now() > end) return false;
      await sleep(POLL_MS);
    }
    return true;
  };
  return {
    /**
     * Locks these files in their order (they are made, 0600, where missing), runs `work`, and unlocks them.
     * Waits at most `limitMs` for each; returns `work`'s value, or throws what `late(path)` makes when one stays taken.
     */
    async hold<T>(
      paths: readonly string[],
      limitMs: number,
      late: (path: string) => Error,
      work: () => T | Promise<T>,
    ): Promise<T> {
      const held: number[] = [];
      try {
        for (const path of paths) {
          if (!(await take(path, limitMs, held))) throw late(path);
        }
        return await work();
      } finally {
        for (const fd of held.reverse()) closeSync(fd);
      }
    },
  };
}
