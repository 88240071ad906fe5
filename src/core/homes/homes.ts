import { join } from "node:path";
import type { Files } from "../../io/files.ts";
import { UserError } from "../errors.ts";
import { isOfSessions, isPrivate, isShared, SESSION_LINKS, SHARED_DIRECTORIES, SHARED_FILES } from "./sharing.ts";
import { homePath, type Layout, layoutOf } from "../base/layout.ts";
import type { Settings } from "../base/settings.ts";
import { successorOf } from "./rotated.ts";

/** Returns the text of a home's link to an entry of the base home. */
export const baseLink = (...path: string[]) => join("..", "..", "..", ...path);

/**
 * Makes an account home, or what it lacks: links to all of the base home that it shares. What lies in the home already is left alone, but for
 * links of ours to what it shares no more. Throws UserError when something is in
 * the way.
 */
export function prepareHome(files: Files, layout: Layout, homeId: string, share: Settings["share"]): void {
  const home = homePath(layout, homeId);
  checkPlace(files, layout, homeId);
  // a key that was replaced, and is an account again
  if (successorOf(files, layout, homeId) !== undefined) files.remove(home);
  files.makeDirectory(home);
  const present = new Set(files.names(home));
  if (files.linkText(join(home, ".env")) === baseLink(".env")) files.remove(join(home, ".env"));
  for (const name of present) {
    const path = join(home, name);
    const isOurs = !isPrivate(name) && files.linkText(path) === baseLink(name);
    if (isOurs && !isShared(name, share)) files.remove(path);
  }
  for (const name of sharedNames(files, layout, share)) {
    if (!present.has(name)) files.link(baseLink(name), join(home, name));
  }
}

function sharedNames(files: Files, layout: Layout, share: Settings["share"]): string[] {
  const isWanted = (name: string) => isShared(name, share);
  const names = new Set(files.names(layout.base).filter(isWanted));
  for (const name of SHARED_DIRECTORIES.filter(isWanted)) {
    if (!names.has(name)) files.makeDirectory(join(layout.base, name));
    names.add(name);
  }
  return [...names, ...SHARED_FILES.filter((name) => isWanted(name) && !names.has(name))];
}

/**
 * Returns what keeps a home from being one, if anything does: its directory, or that of all homes, is a link or no directory. What lies in a
 * home leads back to the base home by its own place, and behind a link somebody else's files would be written over, or removed.
 */
export function obstacleAt(files: Files, layout: Layout, homeId: string): string | undefined {
  const home = homePath(layout, homeId);
  const kind = files.entry(home)?.kind;
  if (kind !== undefined && kind !== "directory" && successorOf(files, layout, homeId) === undefined) return home;
  const base = files.physical(layout.base) ?? layout.base;
  const homes = files.physical(layout.homes);
  return homes === undefined || homes === layoutOf(base).homes ? undefined : layout.homes;
}

/** Whether there is nothing in a directory but links. */
export const isOnlyLinks = (files: Files, directory: string): boolean =>
  files.names(directory).every((name) => files.entry(join(directory, name))?.kind === "link");

/** Whether a home has sessions that are nowhere else: with `share` none. */
export const hasOwnSessions = (files: Files, home: string): boolean =>
  SESSION_LINKS.some(
    (name) => files.entry(join(home, name))?.kind === "directory" && files.names(join(home, name)).length > 0,
  );

/** Throws UserError when a home cannot be where it belongs. */
function checkPlace(files: Files, layout: Layout, homeId: string): void {
  const obstacle = obstacleAt(files, layout, homeId);
  if (obstacle === undefined) return;
  throw new UserError(`${obstacle} is not a directory of the base home itself`, {
    hint: "move it away; a link to another place does not do",
  });
}

/**
 * Removes an account home without following a link. What stays keeps its old sessions resumable: the two links, if it shared any; sessions of
 * its own, with Codex's database of them.
 */
export function removeHome(files: Files, layout: Layout, homeId: string): void {
  const home = homePath(layout, homeId);
  const kind = files.entry(home)?.kind;
  if (kind !== "directory") return files.remove(home);
  const keep = [...SESSION_LINKS.filter((name) => files.linkText(join(home, name)) === baseLink(name))];
  if (hasOwnSessions(files, home)) keep.push(...files.names(home).filter(isOfSessions));
  for (const name of files.names(home)) {
    if (!keep.includes(name)) files.removeTree(join(home, name));
  }
  if (keep.length === 0) files.removeEmpty(home);
}
