/** The versions of Codex that the tests run against, the oldest first. The first is the one that `.ci/run` installs. */
export const TESTED_CODEX = ["0.169.0", "0.171.0"] as const;

/** Takes a version of Codex; returns whether it lies between those that were tested. */
export function isTestedCodex(version: string): boolean {
  return Bun.semver.satisfies(version, `>=${TESTED_CODEX[0]} <=${TESTED_CODEX[TESTED_CODEX.length - 1]}`);
}
