import { join } from "node:path";
import type { Files } from "../../io/files.ts";

/** At the end of summer time an hour comes twice: names of the first one look as if they lay ahead. */
const REPEATED_MS = 2 * 60 * 60 * 1000;

const STAMP = /^(\d{8}-\d{6})(?:\.(\d+))?$/;

/**
 * Takes the names in a directory, the prefix of a kind of backup and now (milliseconds); returns `YYYYMMDD-hhmmss[.N]` in local time that makes
 * a new name, as the older tool names its backups: one that sorts behind all that were made before.
 */
export function stamp(names: readonly string[], prefix: string, now: number): string {
  const text = localTime(now);
  const ahead = localTime(now + REPEATED_MS);
  const stamps = names.filter((name) => name.startsWith(prefix)).map((name) => STAMP.exec(name.slice(prefix.length)));
  const times = stamps.flatMap((match) => match?.[1] ?? []).filter((time) => time <= ahead);
  const latest = times.reduce((a, b) => (a > b ? a : b), text);
  // behind the last one of this second: the names of those that have gone would look older
  const numbers = stamps.flatMap((match) => (match?.[1] === latest ? [Number(match[2] ?? 0)] : []));
  return numbers.length === 0 ? latest : `${latest}.${Math.max(...numbers) + 1}`;
}

function localTime(ms: number): string {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}

/** Takes the names in a directory and a backup's prefix; returns its backups, the newest last. */
export function inOrder(names: readonly string[], prefix: string): string[] {
  const order = (name: string) => {
    const [, time = "", n = "0"] = STAMP.exec(name.slice(prefix.length)) ?? [];
    return `${time}.${n.padStart(6, "0")}`;
  };
  return names.filter((name) => name.startsWith(prefix)).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Takes the names in a directory and a backup's prefix; returns all but the newest five, to be removed. */
export const staleBackups = (names: readonly string[], prefix: string): string[] => inOrder(names, prefix).slice(0, -5);

/** Keeps a text as a backup of its kind in a directory, unless the newest one is the same. Old ones stay: see `dropBackups`. */
export function writeBackup(files: Files, directory: string, prefix: string, text: string, now: number): void {
  const names = files.names(directory);
  const newest = inOrder(names, prefix).at(-1);
  if (newest !== undefined && files.readQuietly(join(directory, newest)) === text) return;
  files.write(join(directory, prefix + stamp(names, prefix, now)), text);
}

/** Removes all backups of a kind but the newest five. */
export function dropBackups(files: Files, directory: string, prefix: string): void {
  for (const name of staleBackups(files.names(directory), prefix)) files.remove(join(directory, name));
}
