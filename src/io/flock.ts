import { dlopen, FFIType } from "bun:ffi";
import { UserError } from "../core/errors.ts";
import { programs } from "./programs.ts";

/** Takes the lock of an open file without waiting; returns whether it has it. Throws UserError where nothing here can lock. */
export type Flock = (fd: number) => boolean;

const LOCK_EX = 2;
const LOCK_NB = 4;

/** Takes the platform and PATH; returns what locks: the C library, or a program, as where the runtime has no JIT it calls no library. */
export function findFlock(platform: string, path: string | undefined): { tryLock: Flock; pollMs: number } {
  try {
    const { symbols } = dlopen(platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
      flock: { args: [FFIType.i32, FFIType.i32], returns: FFIType.i32 },
    });
    return { tryLock: (fd) => symbols.flock(fd, LOCK_EX | LOCK_NB) === 0, pollMs: 20 };
  } catch (error) {
    return { tryLock: flockByProgram(path, error), pollMs: 200 };
  }
}

/** What locks the file that it gets as 3: a lock is of the open file, and stays when the program is over. */
const PROGRAMS = {
  flock: ["-n", "3"],
  perl: ["-e", `open(my $file, ">&=", 3) or exit 2; exit(flock($file, ${LOCK_EX | LOCK_NB}) ? 0 : 1)`],
};

function flockByProgram(path: string | undefined, error: unknown): Flock {
  for (const [name, words] of Object.entries(PROGRAMS))
    for (const program of programs.named(name, path, undefined))
      return (fd) =>
        Bun.spawnSync([program.path, ...words], { stdio: ["ignore", "ignore", "ignore", fd] }).exitCode === 0;
  const why = error instanceof Error ? error.message : String(error);
  throw new UserError(`files cannot be locked: ${why}, and PATH has neither flock nor perl`, {
    hint: "install util-linux, which has flock",
    code: "failed",
  });
}
