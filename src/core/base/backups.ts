import { join } from "node:path";
import type { Files } from "../../io/files.ts";

/**
 * Takes the names in a directory, the prefix of a kind of backup and now (milliseconds); returns `YYYYMMDD-hhmmss[.N]` in local time that makes
 * a new name, as the older tool names its backups.
 */
export function stamp(names: readonly string[], prefix: string, now: number): string {
  const at = new Date(now);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const text = `${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  // behind the last one of this second: the names of those that have gone would look older
  const numbers = names.flatMap((name) => {
    const [, time, n = "0"] = name.startsWith(prefix) ? (STAMP.exec(name.slice(prefix.length)) ?? []) : [];
    return time === text ? [Number(n)] : [];
  });
  return numbers.length === 0 ? text : `${text}.${Math.max(...numbers) + 1}`;
}

const STAMP = /^([0-9-]+)(?:\.(\d+))?$/;

/** Takes the names in a directory and a backup's prefix; returns all but the newest five, to be removed. */
export function staleBackups(names: readonly string[], prefix: string): string[] {
  const order = (name: string) => {
    const [, time = "", n = "0"] = STAMP.exec(name.slice(prefix.length)) ?? [];
    return `${time}.${n.padStart(6, "0")}`;
  };
  const backups = names.filter((name) => name.startsWith(prefix));
  return backups.sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, -5);
}

/** Keeps a text as a backup of its kind in a directory; the newest five stay. */
export function writeBackup(files: Files, directory: string, prefix: string, text: string, now: number): void {
  files.write(join(directory, prefix + stamp(files.names(directory), prefix, now)), text);
  for (const name of staleBackups(files.names(directory), prefix)) files.remove(join(directory, name));
}
