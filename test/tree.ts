import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Returns every path below a directory with its mode, what it holds, and since when: the same only when nothing was written. */
export function treeOf(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true }).map(String);
  // Bun keeps a cache of its own in HOME
  const ours = paths.filter((path) => !path.split("/").includes(".bun"));
  return Object.fromEntries(ours.map((path) => [path, describe(join(root, path))]));
}

/** The same without the times, and without lock files, which come and go with those who only look. */
export function contentsOf(root: string): Record<string, string> {
  const entries = Object.entries(treeOf(root)).filter(([path]) => !path.endsWith("lock"));
  return Object.fromEntries(entries.map(([path, what]) => [path, what.replace(/(?<= \w{64}) .*/, "")]));
}

function describe(path: string): string {
  const stat = lstatSync(path);
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (stat.isDirectory()) return `${mode} directory`;
  return `${mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")} ${stat.mtimeMs}`;
}
