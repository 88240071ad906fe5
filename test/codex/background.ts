import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

const PidFile = v.object({
  pid: v.number(),
  processStartTime: v.string(),
  processIdentity: v.object({ bootId: v.string(), startTicks: v.number() }),
});

export type BackgroundPid = v.InferOutput<typeof PidFile>;

/** A pid file of Codex's background server (`daemon`) or its updater in a home, or null without one. */
export function readPid(codexHome: string, which: "daemon" | "daemon-updater"): BackgroundPid | null {
  try {
    return v.parse(PidFile, JSON.parse(readFileSync(join(codexHome, "app-server-daemon", `${which}.pid`), "utf8")));
  } catch {
    return null;
  }
}

/** Whether that very process still runs: the same boot, the same start, and not just waiting to be reaped. */
export function runs({ pid, processIdentity }: BackgroundPid): boolean {
  try {
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return bootId === processIdentity.bootId && Number(fields[19]) === processIdentity.startTicks && fields[0] !== "Z";
  } catch {
    return false;
  }
}

/** Ends the background processes of every home below a directory. */
export async function endBackground(directory: string): Promise<void> {
  const homes = new Bun.Glob("**/app-server-daemon/").scanSync({ cwd: directory, dot: true, onlyFiles: false });
  const pids = [...homes]
    .filter((path) => path.endsWith("app-server-daemon") && !path.includes("packages"))
    .flatMap((path) =>
      (["daemon-updater", "daemon"] as const).map((which) => readPid(join(directory, path, ".."), which)),
    )
    .filter((pid) => pid !== null)
    .filter(runs);
  // the first SIGTERM lets a turn that runs come to its end, the second does not
  for (let signals = 0; signals < 2 && pids.some(runs); signals++) {
    for (const { pid } of pids.filter(runs)) process.kill(pid, "SIGTERM");
    for (let waited = 0; pids.some(runs) && waited < 2000; waited += 50) await Bun.sleep(50);
  }
}
