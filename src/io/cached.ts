import { type BigIntStats, statSync } from "node:fs";
import { encodeBytes as bytesOf } from "../core/bytes.ts";
import { readText } from "./read.ts";

/** What a file was when it was read. */
interface Kept {
  identity: string;
  text: string;
}

const kept = new Map<string, Kept>();

/** Returns the text of a file, links followed; it is opened again only when it is another one, or was changed since. Throws as the system does, and for what is no file. */
export function readCached(path: string): string {
  const stat = statSync(bytesOf(path), { bigint: true });
  const identity = identityOf(stat);
  const known = kept.get(path);
  if (known?.identity === identity) return known.text;
  const text = readText(path);
  if (stat.isFile()) kept.set(path, { identity, text });
  return text;
}

/** Keeps what has just been written to a path in one step, unless somebody else has put another file than ours there since. */
export function keepWritten(path: string, text: string, ino: bigint): void {
  const stat = statSync(bytesOf(path), { bigint: true, throwIfNoEntry: false });
  if (stat?.ino === ino) kept.set(path, { identity: identityOf(stat), text });
}

/** Gives a file another name by `link`: it is then another time that it was changed, and its text is what it was. */
export function keepLinked(path: string, link: () => void): void {
  const known = kept.get(path);
  const before = statSync(bytesOf(path), { bigint: true });
  link();
  const after = statSync(bytesOf(path), { bigint: true, throwIfNoEntry: false });
  const isSame = before.ino === after?.ino && before.size === after.size && before.mtimeNs === after.mtimeNs;
  if (isSame && known?.identity === identityOf(before)) kept.set(path, { ...known, identity: identityOf(after) });
}

const identityOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) => [dev, ino, size, mtimeNs, ctimeNs].join();
