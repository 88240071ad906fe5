import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";

/**
 * Whether a Codex of this user runs whose login is this credential (a physical path), as Linux tells it in `/proc`. Elsewhere nobody can say:
 * false. Costs a look at each process.
 */
export function isCodexAt(credential: string): boolean {
  return processIds().some((pid) => {
    if (!isCodex(pid)) return false;
    const home = codexHomeOf(pid);
    return home !== undefined && physical(join(home, "auth.json")) === credential;
  });
}

function processIds(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
  } catch {
    return [];
  }
}

/** Codex is started by its own name, or by a runtime that runs a script of that name. */
const isCodex = (pid: string) =>
  listOf(pid, "cmdline")
    .slice(0, 2)
    .some((word) => /^codex(?:\.js)?$/.test(basename(word)));

/** Returns the home that the environment of a process names; undefined for a process of another user, or one that is gone. */
function codexHomeOf(pid: string): string | undefined {
  const environment = listOf(pid, "environ");
  const valueOf = (name: string) => environment.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const home = valueOf("HOME");
  return valueOf("CODEX_HOME") || (home && join(home, ".codex"));
}

function listOf(pid: string, what: "cmdline" | "environ"): string[] {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function physical(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
