import { readFileSync, readlinkSync } from "node:fs";
import { decodeBytes, mayLackBytes } from "../core/bytes.ts";

// What this process was given. The runtime puts U+FFFD in the place of what is no UTF-8, and whoever is called like that would be taken for it:
// Linux tells the bytes. Other systems let no such name be made.

/** Takes the words of the command line as the runtime tells them; returns them as they were given. */
export function givenWords(words: readonly string[]): readonly string[] {
  if (!words.some(mayLackBytes)) return words;
  const all = entriesOf("/proc/self/cmdline");
  return all.length >= words.length ? all.slice(-words.length) : words;
}

/** Takes the environment as the runtime tells it; returns it as it was given. */
export function givenEnvironment(env: Record<string, string | undefined>): Record<string, string | undefined> {
  const lacking = new Set(Object.keys(env).filter((name) => mayLackBytes(env[name] ?? "")));
  if (lacking.size === 0) return env;
  const given = entriesOf("/proc/self/environ").flatMap((entry): [string, string][] => {
    const [name = ""] = entry.split("=", 1);
    return lacking.has(name) ? [[name, entry.slice(name.length + 1)]] : [];
  });
  return { ...env, ...Object.fromEntries(given) };
}

/** Takes the working directory as the runtime tells it; returns it as it is. */
export function givenDirectory(directory: string): string {
  if (!mayLackBytes(directory)) return directory;
  try {
    return decodeBytes(readlinkSync("/proc/self/cwd", "buffer"));
  } catch {
    return directory;
  }
}

/** Returns the entries of a file that each end in NUL; none where there is no such file. */
function entriesOf(path: string): string[] {
  try {
    return decodeBytes(readFileSync(path)).split("\0").slice(0, -1);
  } catch {
    return [];
  }
}
