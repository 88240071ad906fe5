import type { Note } from "./core/errors.ts";

/** What the first line of cli.ts, the launcher and the snippets pass to Bun: nothing of the working directory is read or run. */
export const RUNTIME_FLAGS = ["--no-env-file", "--config=/dev/null", "--no-install", "--tsconfig-override=/dev/null"];

/** The oldest Bun that obeys these flags: 1.1 and 1.2 read the working directory's `.env` all the same. */
export const OLDEST_BUN = "1.4.5";

/** Takes the path of the script that runs; returns whether it is part of a binary. */
export const isCompiled = (script: string) => script.startsWith("/$bunfs/");

/** Takes Bun's version, the flags that it got, and the script that it runs; returns why it must not run it, if so. */
export function refusal(version: string, flags: readonly string[], script: string): Note | undefined {
  if (isOlder(version, OLDEST_BUN)) {
    const message = `Bun ${version} is too old: it does not keep to the flags that leave a directory's files unread`;
    return { message, hint: `npm install -g bun, which has to be ${OLDEST_BUN} or later` };
  }
  const obeys = flags.includes("--no-env-file") && !flags.some((flag) => flag.startsWith("--env-file"));
  if (isCompiled(script) || obeys) return undefined;
  const message = "Bun was started without --no-env-file: what is set here may come from a file of this directory";
  return { message, hint: `bun ${RUNTIME_FLAGS.join(" ")} ${script}` };
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  const at = [0, 1, 2].find((i) => a?.[i] !== b?.[i]);
  return at !== undefined && (a?.[at] ?? 0) < (b?.[at] ?? 0);
}
