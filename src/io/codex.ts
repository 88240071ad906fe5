import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type AppServerOptions, readRateLimits } from "./app-server.ts";
import { isCodexAt } from "./codex-processes.ts";
import { programs } from "./programs.ts";

/** The Codex program as it is found on PATH, and the background processes of its homes. */
export type Codex = ReturnType<typeof connectCodex>;

/** Which login's limits to read: `sqliteHome` is where Codex keeps its state, if not in the home. */
export interface LimitsRequest extends Pick<AppServerOptions, "program" | "limitMs" | "signal"> {
  codexHome: string;
  sqliteHome: string | undefined;
}

/** Variables that would make Codex log in, or act, as somebody else than the home's auth.json says. */
const STRAY =
  /^(CODEX_API_KEY|CODEX_ACCESS_TOKEN|CODEX_AUTHAPI_BASE_URL|OPENAI_FEDERATION_RULE_ID|OPENAI_IDENTITY_TOKEN_FILE|OPENAI_ORGANIZATION|OPENAI_PROJECT|CODEX_SQLITE_HOME)$/;

const PidSchema = v.looseObject({
  pid: v.pipe(v.number(), v.integer(), v.minValue(2)),
  processIdentity: v.looseObject({ bootId: v.string(), startTicks: v.number() }),
});
const PID_FILES = ["daemon-updater.pid", "daemon.pid"];
/** The first SIGTERM lets a running turn end, a second one ends the server at once. */
const END_LIMITS_MS = [3000, 3000];
/** The server lets a running turn end for a minute before it goes. */
const RESTART_LIMIT_MS = 90_000;
const VERSION_LIMIT_MS = 10_000;

/** What of other processes Codex needs. */
export interface Processes {
  /** Sends SIGTERM, whether or not the process is there still. */
  end(pid: number): void;
  /** Leaves Ctrl-C to the program that runs on our terminal; returns what ends that. */
  leaveInterrupt(): () => void;
}

/** Takes the environment and the processes; returns what we have Codex do. */
export function connectCodex(env: Record<string, string | undefined>, processes: Processes) {
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !STRAY.test(name)));
  const find = (): string | undefined => {
    // a shim of ours would become it as another account than it is asked to be; what the working directory holds is not run
    for (const { path, shim } of programs.named("codex", env.PATH, undefined)) if (!shim) return path;
    return undefined;
  };
  return {
    /** Returns the absolute path of the first `codex` on PATH that is no shim of ours, or undefined. */
    find,

    /** Returns the environment for a Codex that shall be who this home's auth.json says. */
    environment: (codexHome: string): Record<string, string | undefined> => ({ ...clean, CODEX_HOME: codexHome }),

    /**
     * Runs `codex ARGS` on this terminal in the given home; its results go to standard error, as ours alone go to standard output.
     * Returns its exit code. `input` goes to its standard input in place of the terminal.
     */
    async run(program: string, args: string[], codexHome: string, input?: string): Promise<number> {
      const child = Bun.spawn([program, ...args], {
        env: { ...clean, CODEX_HOME: codexHome },
        stdin: input === undefined ? "inherit" : new Blob([input]),
        stdout: 2,
        stderr: "inherit",
      });
      const again = processes.leaveInterrupt();
      return await child.exited.finally(again);
    },

    /** Whether a Codex runs whose login is the credential at this physical path, as far as the system tells. */
    isRunningAt: isCodexAt,

    /** Returns the version that a Codex says it is, or undefined. `codexHome` need not exist: nothing is made. */
    version(program: string, codexHome: string): string | undefined {
      const { stdout } = Bun.spawnSync([program, "--version"], {
        env: { ...clean, CODEX_HOME: codexHome },
        cwd: "/",
        stdio: ["ignore", "pipe", "ignore"],
        timeout: VERSION_LIMIT_MS,
      });
      return /^codex-cli (\S+)$/m.exec(stdout.toString())?.[1];
    },

    /** Has Codex refresh an expired token of this home's login, and tell its limits. See readRateLimits. */
    readRateLimits: ({ codexHome, sqliteHome, ...options }: LimitsRequest) =>
      readRateLimits({
        ...options,
        env: { ...clean, CODEX_HOME: codexHome, ...(sqliteHome !== undefined && { CODEX_SQLITE_HOME: sqliteHome }) },
        directory: codexHome,
      }),

    /** Restarts the background server of a home if one runs: it keeps the login it started with. Returns whether one ran and it came up again. */
    async restartServer(home: string): Promise<"none" | "restarted" | "failed"> {
      if (!(await answers(join(home, "app-server-control", "app-server-control.sock")))) return "none";
      const program = find();
      if (program === undefined) return "failed";
      const child = Bun.spawn([program, "app-server", "daemon", "restart"], {
        env: { ...clean, CODEX_HOME: home },
        stdio: ["ignore", "ignore", "ignore"],
        timeout: RESTART_LIMIT_MS,
      });
      return (await child.exited) === 0 ? "restarted" : "failed";
    },

    /** Ends the background processes of a home: those that its pid files name and that are still the same processes. */
    async endServers(home: string): Promise<void> {
      for (const name of PID_FILES) {
        const file = join(home, "app-server-daemon", name);
        const pid = runningPid(file);
        if (pid === undefined) continue;
        for (const limit of END_LIMITS_MS) {
          processes.end(pid);
          for (let waited = 0; waited < limit && runningPid(file) === pid; waited += 50) await Bun.sleep(50);
          if (runningPid(file) !== pid) break;
        }
        rmSync(file, { force: true });
      }
    },
  };
}

/** Whether a server listens on this socket. */
async function answers(path: string): Promise<boolean> {
  // loaded here: it takes as long as all else that a command loads
  const { connect } = await import("node:net");
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });
}

/** Takes a pid file of Codex's daemon; returns the process if it runs and is the very one: the same boot, the same start. */
function runningPid(file: string): number | undefined {
  try {
    const { pid, processIdentity } = v.parse(PidSchema, JSON.parse(readFileSync(file, "utf8")));
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    // the fields behind the name in parentheses, which may hold spaces; state is the 3rd field, starttime the 22nd (proc(5))
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    const same =
      bootId === processIdentity.bootId && Number(fields[19]) === processIdentity.startTicks && fields[0] !== "Z";
    return same ? pid : undefined;
  } catch {
    return undefined;
  }
}
