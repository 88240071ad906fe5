import { type BigIntStats, statSync } from "node:fs";
import { readText } from "./read.ts";

/** What a file was when it was read. */
interface Kept {
  identity: string;
  text: string;
}

const kept = new Map<string, Kept>();

/** Returns the text of a file, links followed; it is opened again only when it is another one, or was changed since. Throws as the system does, and for what is no file. */
export function readCached(path: string): string {
  const stat = statSync(path, { bigint: true });
  const identity = identityOf(stat);
  const known = kept.get(path);
  if (known?.identity === identity) return known.text;
  const text = readText(path);
  if (stat.isFile()) kept.set(path, { identity, text });
  return text;
}

/** Keeps what has just been written to a path in one step. */
export function keepWritten(path: string, text: string): void {
  kept.set(path, { identity: identityOf(statSync(path, { bigint: true })), text });
}

const identityOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) => [dev, ino, size, mtimeNs, ctimeNs].join();
