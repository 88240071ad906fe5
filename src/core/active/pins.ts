import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { Files } from "../../io/files.ts";
import { byteLength } from "../bytes.ts";
import { UserError } from "../errors.ts";
import { HOME_ID, type Layout } from "../base/layout.ts";

/** A pin: the directory, and the home id; undefined where the file does not hold one (it fails closed). */
export interface Pin {
  path: string;
  homeId: string | undefined;
}

const FILE = "%account";
const LONGEST_PATH = 4096;
const LONGEST_NAME = 255;

/** Returns the file that pins a directory. */
export const pinFile = (layout: Layout, directory: string) => join(layout.pins, directory, FILE);

/** Takes a physical directory; throws UserError when it can't be mirrored below `pins/`. */
export function checkPinnable(layout: Layout, directory: string): void {
  if (directory.split("/").includes(FILE)) {
    throw new UserError(`a directory named ${FILE} cannot be pinned: ${directory}`, {
      hint: "rename it, or pin its parent",
    });
  }
  const tooLong = directory.split("/").some((name) => byteLength(name) > LONGEST_NAME);
  if (tooLong || byteLength(pinFile(layout, directory)) >= LONGEST_PATH) {
    throw new UserError(`the path is too long to be pinned: ${directory.slice(0, 80)}…`, {
      hint: "pin one of its parents",
    });
  }
}

/** Writes a pin; returns whether anything changed. */
export function writePin(files: Files, layout: Layout, directory: string, homeId: string): boolean {
  checkPinnable(layout, directory);
  if (readPin(files, layout, directory)?.homeId === homeId) return false;
  const file = pinFile(layout, directory);
  files.makeDirectory(dirname(file));
  files.write(file, `${homeId}\n`);
  return true;
}

/** Removes the pin of exactly this directory and the empty directories it leaves; returns whether there was one. */
export function removePin(files: Files, layout: Layout, directory: string): boolean {
  const file = pinFile(layout, directory);
  if (!files.entry(file)) return false;
  files.remove(file);
  for (let empty = dirname(file); empty !== layout.pins && files.removeEmpty(empty);) empty = dirname(empty);
  return true;
}

/** Returns the pin of exactly this directory, if there is one. */
export function readPin(files: Files, layout: Layout, directory: string): Pin | undefined {
  const file = pinFile(layout, directory);
  if (isAbsent(files, file)) return undefined;
  const text = files.readQuietly(file);
  const homeId = text?.endsWith("\n") ? text.slice(0, -1) : text;
  return { path: directory, homeId: homeId !== undefined && HOME_ID.test(homeId) ? homeId : undefined };
}

function isAbsent(files: Files, path: string): boolean {
  try {
    return files.entry(path) === undefined;
  } catch {
    return false; // cannot be told: fails closed
  }
}

/** Returns the deepest pin at or above a physical directory; a linked git worktree without one counts as its repository. */
export function findPin(files: Files, layout: Layout, directory: string): Pin | undefined {
  const pin = walk(files, layout, directory);
  if (pin) return pin;
  const repository = repositoryOfWorktree(files, directory);
  return repository === undefined ? undefined : walk(files, layout, repository);
}

function walk(files: Files, layout: Layout, directory: string): Pin | undefined {
  for (const path of upwards(directory)) {
    const pin = readPin(files, layout, path);
    if (pin) return pin;
  }
  return undefined;
}

/** Yields a directory and its parents up to `/`. */
function* upwards(directory: string): Generator<string> {
  for (let path = directory; ; path = dirname(path)) {
    yield path;
    if (path === "/") return;
  }
}

/**
 * Takes a physical directory; returns the one whose pins count for it when it lies in a linked git worktree. The worktree is believed only
 * when the repository names it too: else a stranger's `.git` file could pick an account.
 * Source of the format: git's gitrepository-layout, `gitdir: …/worktrees/NAME` and its file `gitdir`.
 */
function repositoryOfWorktree(files: Files, directory: string): string | undefined {
  for (const path of upwards(directory)) {
    const dotGit = join(path, ".git");
    if (!isPlainFile(files, dotGit)) continue;
    const named = /^gitdir: ([^\n]+)/.exec(files.readQuietly(dotGit) ?? "")?.[1];
    const gitDir = named && resolve(path, named);
    if (!gitDir || basename(dirname(gitDir)) !== "worktrees") continue;
    const back = files.readQuietly(join(gitDir, "gitdir"))?.split("\n")[0];
    if (!back || files.physical(isAbsolute(back) ? back : resolve(gitDir, back)) !== files.physical(dotGit)) continue;
    const repository = files.physical(dirname(dirname(gitDir)));
    if (!repository) continue;
    return basename(repository) === ".git" ? dirname(repository) : repository;
  }
  return undefined;
}

/** No link, and not large: as git writes it. */
function isPlainFile(files: Files, path: string): boolean {
  const entry = files.entry(path);
  return entry?.kind === "file" && entry.size < 8192;
}

/** Returns all pins, sorted by path. */
export function listPins(files: Files, layout: Layout): Pin[] {
  const found: Pin[] = [];
  const visit = (directory: string) => {
    for (const name of files.names(join(layout.pins, directory))) {
      const path = join(directory, name);
      if (name === FILE) {
        const pin = readPin(files, layout, directory);
        if (pin) found.push(pin);
      } else if (files.entry(join(layout.pins, path))?.kind === "directory") visit(path);
    }
  };
  visit("/");
  return found;
}
