import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Returns every path below a directory with its mode and what it holds; a text that is the same only when nothing has changed. */
export function hashTree(root: string): string {
  const lines = readdirSync(root, { recursive: true })
    .map(String)
    .filter((path) => !path.split("/").includes(".bun"))
    .sort()
    .map((path) => `${path} ${describe(join(root, path))}`);
  return lines.join("\n");
}

function describe(path: string): string {
  const stat = lstatSync(path);
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isSymbolicLink()) return `-> ${readlinkSync(path)}`;
  if (stat.isDirectory()) return `${mode} directory`;
  return `${mode} ${createHash("sha256").update(readFileSync(path)).digest("hex")} ${stat.mtimeMs}`;
}
