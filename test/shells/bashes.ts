import { type AnyShell, findShell } from "./shells.ts";

/** Returns the version of the bash under test as a number: 3.2, 5.1. */
export function bashVersion(): number {
  const script = 'echo "${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}"';
  return Number(Bun.spawnSync([findShell("bash") ?? "bash", "-c", script]).stdout.toString());
}

/** Whether a shell compares the times of files in whole seconds: what replaces a file within its second is then told by being another file only. */
export const comparesSeconds = (shell: AnyShell): boolean => shell === "bash" && bashVersion() < 5;
