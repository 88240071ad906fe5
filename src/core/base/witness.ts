import { join } from "node:path";
import type { Files } from "../../io/files.ts";
import { fileKeyOf } from "../accounts/account.ts";
import type { Layout } from "./layout.ts";

/**
 * A witness is a second name for a file that has been looked at: a hard link below `codex-auth/live/`, made only when what the file says is known.
 * Whoever replaces the file, by whatever means and with whatever time, leaves the witness behind: then the shells' `-ef` fails and they have it
 * looked at again. Against what writes in place (`cp -p` through a link) two empty files beside it tell the times between which the file was
 * written. Where the file system has no hard links the witness is a link.
 */
export type Witness = string;

/** What a file was when it was looked at. */
export interface Seen {
  ino: number;
  mtimeMs: number;
  size: number;
}

/** Returns the witness of an account's live credential. */
export const accountWitness = (layout: Layout, accountKey: string): Witness =>
  join(layout.live, `${fileKeyOf(accountKey)}.auth.json`);

/** Returns the witness of an auth.json that is no link of ours: that of the base home (`default`), or that of the account home with this id. */
export const placeWitness = (layout: Layout, place: string): Witness => join(layout.live, `@${place}.auth.json`);

/** Returns the witness of the registry. */
export const registryWitness = (layout: Layout): Witness => join(layout.live, "registry.json");

// a millisecond: the system's times are finer than ours
const MARGIN_MS = 1;

/** Makes the witness of the file that a path leads to, unless it is another than was seen. */
export function makeWitness(files: Files, witness: Witness, path: string, seen: Seen): void {
  if (isSeen(files, witness, seen)) return;
  dropWitness(files, witness);
  const target = files.physical(path);
  if (target === undefined) return;
  files.touch(`${witness}.from`, seen.mtimeMs - MARGIN_MS);
  files.touch(`${witness}.to`, seen.mtimeMs + MARGIN_MS);
  files.alias(target, witness);
  if (!isSeen(files, witness, seen)) dropWitness(files, witness);
}

/** Whether a witness is that of the file as it was seen. */
function isSeen(files: Files, witness: Witness, seen: Seen): boolean {
  const now = files.readable(witness);
  const isSame = now !== undefined && now.ino === seen.ino && now.mtimeMs === seen.mtimeMs && now.size === seen.size;
  const isAt = (end: string, mtimeMs: number) =>
    Math.abs((files.mtimeMs(witness + end) ?? 0) - mtimeMs) < MARGIN_MS / 2;
  return isSame && isAt(".from", seen.mtimeMs - MARGIN_MS) && isAt(".to", seen.mtimeMs + MARGIN_MS);
}

/** Takes a witness away: every shell has the file looked at again. */
export function dropWitness(files: Files, witness: Witness): void {
  for (const path of [witness, `${witness}.from`, `${witness}.to`]) files.remove(path);
}
