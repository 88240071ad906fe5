import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";
import { findFlock } from "./flock.ts";

/** `flock` on files, as Codex takes it: locks end with the process, whatever becomes of it. */
export type Locks = ReturnType<typeof makeLocks>;

/** Takes the platform (`process.platform`) and PATH; returns the locks. What locks is looked for at the first one. */
export function makeLocks(platform: string, path: string | undefined) {
  let flock: ReturnType<typeof findFlock> | undefined;
  /** Waits for the lock of what the name leads to; returns the descriptor that holds it, or undefined when it stays taken. */
  const take = async (file: string, flags: number, limitMs: number): Promise<number | undefined> => {
    const { tryLock, pollMs } = (flock ??= findFlock(platform, path));
    for (const end = performance.now() + limitMs; ;) {
      // without waiting: a pipe in its place is an error, not a wait for its reader
      const fd = openSync(file, flags | constants.O_NONBLOCK, 0o600);
      const isTaken = tryLock(fd);
      // one that was removed while somebody waited for it keeps nobody out
      if (isTaken && isAt(fd, file)) return fd;
      closeSync(fd);
      if (!isTaken && performance.now() > end) return undefined;
      if (!isTaken) await Bun.sleep(pollMs);
    }
  };
  const hold = async <T>(
    paths: readonly string[],
    flags: number,
    limitMs: number,
    late: (path: string) => Error,
    work: () => T | Promise<T>,
  ): Promise<T> => {
    const held: number[] = [];
    try {
      for (const path of paths) {
        const fd = await take(path, flags, limitMs);
        if (fd === undefined) throw late(path);
        held.push(fd);
      }
      return await work();
    } finally {
      for (const fd of held.reverse()) closeSync(fd);
    }
  };
  return {
    /** Throws UserError where nothing here can lock. */
    check: (): void => void (flock ??= findFlock(platform, path)),

    /**
     * Locks these files in their order (they are made, 0600, where missing), runs `work`, and unlocks them.
     * Waits at most `limitMs` for each; returns `work`'s value, or throws what `late(path)` makes when one stays taken.
     */
    hold: async <T>(
      paths: readonly string[],
      limitMs: number,
      late: (path: string) => Error,
      work: () => T | Promise<T>,
    ): Promise<T> => await hold(paths, MAKING, limitMs, late, work),

    /** Does the same with one file that is there already and is never made. Throws what the system says when it is gone. */
    holdFile: async <T>(
      path: string,
      limitMs: number,
      late: (path: string) => Error,
      work: () => T | Promise<T>,
    ): Promise<T> => await hold([path], constants.O_RDONLY, limitMs, late, work),
  };
}

/** Whether a path still names the file that is open. */
function isAt(fd: number, path: string): boolean {
  const [open, named] = [fstatSync(fd), statSync(path, { throwIfNoEntry: false })];
  return open.ino === named?.ino && open.dev === named.dev;
}

const MAKING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT;
