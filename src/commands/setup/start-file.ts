import { dirname } from "node:path";
import type { Context } from "../../context.ts";
import { UserError } from "../../core/errors.ts";

/** A start file that can be changed. */
export interface StartFile {
  /** As the shell names it. */
  path: string;
  /** Where it is: a link to somebody's dotfiles is followed. */
  physical: string;
  /** Its bytes, one a character; undefined where there is no file yet. */
  text: string | undefined;
}

/** Takes a start file, and what to do where it cannot be changed. Throws UserError where it is no file of the user's that he may write. */
export function openStartFile(ctx: Context, path: string, otherwise: string): StartFile {
  const { files, uid } = ctx;
  const fail = (what: string) => new UserError(`${shown(ctx, path)} ${what}`, { hint: otherwise });
  const physical = files.physical(path);
  if (physical === undefined) {
    const link = files.linkText(path);
    if (link !== undefined) throw fail(`is a link to ${link}, which is not there`);
    // root with another user's HOME would leave a file that its owner cannot change
    const directory = files.physical(dirname(path));
    if (directory !== undefined && files.entry(directory)?.uid !== uid)
      throw fail("lies in a directory of another user");
    return { path, physical: path, text: undefined };
  }
  const entry = files.entry(physical);
  if (entry?.kind !== "file") throw fail("is not a file");
  if (entry.uid !== uid) throw fail("belongs to another user");
  if (!(entry.mode & 0o200) || !files.isWritable(dirname(physical))) throw fail("is read-only");
  const text = files.bytes(physical);
  if (text === undefined) throw fail("cannot be read");
  return { path, physical, text };
}

/** Returns where the file is kept as it was: beside it, not beside what a link leads to. */
export const backupOf = (path: string) => `${path}.before-codex-auth`;

/** Returns a path as people write it. */
export const shown = ({ home }: Pick<Context, "home">, path: string): string =>
  home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
