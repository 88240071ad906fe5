import { join } from "node:path";
import type { Files } from "../../io/files.ts";
import { fileKeyOf } from "../accounts/account.ts";
import type { Layout } from "./layout.ts";

/**
 * A witness tells which file was looked at, and when that was written; it is made only when what the file says is known. Below
 * `codex-auth/live/` it leads to the file: a login's is a link (Codex refuses to write a credential with hard links), so that an auth.json that
 * leads elsewhere fails the shells' `-ef`; the registry's is a second name of the file. Two empty files beside it tell the times between which
 * the file was written, against what writes in place, or puts another file where it was.
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

/** Returns the mark of when config.toml was written that the env files were made of. */
const configMark = (layout: Layout): string => join(layout.live, "config");

/** Runs `work`, which tells from config.toml what stands in the env files; then every shell sees when that is written again. */
export function markingConfig(files: Files, layout: Layout, work: () => void): void {
  const seenMs = files.mtimeMs(layout.config) ?? 0;
  work();
  const mark = configMark(layout);
  // two milliseconds: a shell compares nanoseconds, which no time of ours can name
  const markMs = seenMs + 2;
  if (files.mtimeMs(mark) === markMs) return;
  files.makeDirectory(layout.live);
  files.touch(mark, markMs);
}

/** Makes the witness of the login that a path leads to, unless it is another than was seen. */
export const makeLoginWitness = (files: Files, witness: Witness, path: string, seen: Seen): void =>
  makeWitness(files, witness, path, seen, "link");

/** Makes the witness of the registry at a path, unless it is another than was seen. */
export const makeRegistryWitness = (files: Files, witness: Witness, path: string, seen: Seen): void =>
  makeWitness(files, witness, path, seen, "alias");

function makeWitness(files: Files, witness: Witness, path: string, seen: Seen, make: "link" | "alias"): void {
  const target = files.physical(path);
  const isMade = () => isSeen(files, witness, seen) && (make === "alias" || files.linkText(witness) === target);
  if (isMade()) return;
  dropWitness(files, witness);
  if (target === undefined) return;
  files.touch(`${witness}.from`, seen.mtimeMs - MARGIN_MS);
  files.touch(`${witness}.to`, seen.mtimeMs + MARGIN_MS);
  files[make](target, witness);
  if (!isMade()) dropWitness(files, witness);
}

/** Whether a witness is that of the file as it was seen. */
function isSeen(files: Files, witness: Witness, seen: Seen): boolean {
  const now = files.readable(witness);
  const isSame = now !== undefined && now.ino === seen.ino && now.mtimeMs === seen.mtimeMs && now.size === seen.size;
  const isAt = (end: string, mtimeMs: number) =>
    Math.abs((files.mtimeMs(witness + end) ?? 0) - mtimeMs) < MARGIN_MS / 2;
  return isSame && isAt(".from", seen.mtimeMs - MARGIN_MS) && isAt(".to", seen.mtimeMs + MARGIN_MS);
}

/** Removes all below `live/` but these witnesses, and the mark of config.toml. */
export function dropOtherWitnesses(files: Files, layout: Layout, witnesses: readonly Witness[]): void {
  const kept = new Set([...witnesses.flatMap((one) => [one, `${one}.from`, `${one}.to`]), configMark(layout)]);
  for (const name of files.names(layout.live))
    if (!kept.has(join(layout.live, name))) files.remove(join(layout.live, name));
}

/** Takes a witness away: every shell has the file looked at again. */
export function dropWitness(files: Files, witness: Witness): void {
  for (const path of [witness, `${witness}.from`, `${witness}.to`]) files.remove(path);
}
