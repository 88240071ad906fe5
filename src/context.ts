import { findBaseHome, type Layout, layoutOf } from "./core/base/layout.ts";
import { UserError } from "./core/errors.ts";
import type { Codex } from "./io/codex.ts";
import { type Files, files } from "./io/files.ts";
import { givenDirectory, givenEnvironment } from "./io/given.ts";
import { enterable, handedOn } from "./io/handed-on.ts";
import type { Locks } from "./io/lock.ts";
import type { OpenAI } from "./io/openai.ts";
import type { Log } from "./io/log.ts";
import type { Programs } from "./io/programs.ts";
import { codeOf } from "./io/system-error.ts";
import type { Terminal } from "./io/terminal.ts";
import { isCompiled, RUNTIME_FLAGS } from "./runtime.ts";

/** Everything from outside, made once and passed down. */
export interface Context {
  /** The name of the command that runs. */
  command: string;
  env: Record<string, string | undefined>;
  /** The physical working directory; undefined where it cannot be told: deleted, moved under the shell, out of reach. */
  cwd: string | undefined;
  /** The user's HOME. */
  home: string | undefined;
  platform: string;
  /** The user's id; undefined where the system has none. */
  uid: number | undefined;
  /** The process that started this one. */
  parent: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
  /** The words that start this program again: absolute runtime, flags, absolute script; or the one binary. */
  program: string[];
  /** Where everything lies; `chosen` when the user named the base home himself, so that it has to exist. */
  layout: Layout;
  chosen: boolean;
  files: Files;
  locks: Locks;
  openai: OpenAI;
  codex: Codex;
  programs: Programs;
  terminal: Terminal;
  /** What is said beside results. */
  log: Log;
  /** From now on Ctrl-Z does not stop this process: a shell waits for it that would take it for a job, and not look at what it has done. */
  ignoreSuspend(): void;
  /** Becomes another program in this process's place, in a directory if one is given; returns only by throwing. */
  become(file: string, argv: string[], env: Record<string, string>, directory?: string): never;
}

/** Takes the absolute path of cli.ts, the terminal and the name of the command that runs; returns the context of this process. Throws UserError when no base home can be told. */
export function makeContext(script: string, terminal: Terminal, command: string): Context {
  const { platform } = process;
  const env = givenEnvironment(process.env);
  const { base, chosen } = findBaseHome(env);
  let locks: Locks | undefined;
  let openai: OpenAI | undefined;
  let codex: Codex | undefined;
  return {
    command,
    env,
    cwd: workingDirectory(env),
    home: env.HOME,
    platform,
    uid: process.getuid?.(),
    parent: process.ppid,
    now: Date.now,
    sleep: Bun.sleep,
    program: isCompiled(script) ? [process.execPath] : [process.execPath, ...RUNTIME_FLAGS, script],
    layout: layoutOf(base),
    chosen,
    files,
    get locks() {
      return (locks ??= loadLock().makeLocks(platform, env.PATH));
    },
    get openai() {
      return (openai ??= loadOpenAI().connectOpenAI(env, async () => (await import("ofetch")).ofetch));
    },
    get codex() {
      return (codex ??= loadCodex().connectCodex(env, { end, leaveInterrupt }));
    },
    get programs() {
      return loadPrograms().programs;
    },
    terminal,
    get log() {
      return terminal.log;
    },
    ignoreSuspend,
    become,
  };
}

// loaded when first used: most commands need none of them, and each start waits for what is loaded
const loadLock = (): typeof import("./io/lock.ts") => require("./io/lock.ts");
const loadOpenAI = (): typeof import("./io/openai.ts") => require("./io/openai.ts");
const loadPrograms = (): typeof import("./io/programs.ts") => require("./io/programs.ts");
const loadCodex = (): typeof import("./io/codex.ts") => require("./io/codex.ts");

function end(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // it ended by itself
  }
}

const leaveInterrupt = () => leave("SIGINT");
const ignoreSuspend = () => void leave("SIGTSTP");

/** Does nothing at a signal from now on; returns what ends that. */
function leave(signal: NodeJS.Signals): () => void {
  const ignore = () => {};
  process.on(signal, ignore);
  return () => void process.off(signal, ignore);
}

function become(file: string, argv: string[], env: Record<string, string>, directory?: string): never {
  if (directory !== undefined) process.chdir(enterable(directory));
  // where it fails, Bun would warn of a call that it may change one day
  process.removeAllListeners("warning");
  try {
    process.execve?.(...handedOn(file, argv, env));
  } catch (error) {
    // a script without a first line that says what runs it: as execvp(3) does, and with it env and every shell
    if (codeOf(error) === "ENOEXEC") process.execve?.(...handedOn("/bin/sh", ["sh", file, ...argv.slice(1)], env));
    if (codeOf(error) !== "ENOENT") throw error;
    // who has found the program, and its directory, was right
    const hint = "its first line names a program that is not there";
    throw new UserError(`"${file}" cannot be run`, { hint, exitCode: 126 });
  }
  throw new Error("this system cannot replace a process");
}

/**
 * Returns the physical working directory. Where the calling shell stands in one that has been moved away under it, it cannot be told: the
 * shell's hook still goes by the old name.
 */
function workingDirectory({
  PWD,
  _CODEX_AUTH_APPLIED: applied,
}: Record<string, string | undefined>): string | undefined {
  if (applied && PWD?.startsWith("/") && !files.exists(PWD)) return undefined;
  try {
    return files.physical(givenDirectory(process.cwd()));
  } catch {
    return undefined;
  }
}
