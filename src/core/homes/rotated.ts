import type { Files } from "../../io/files.ts";
import { HOME_ID, homePath, type Layout } from "../base/layout.ts";

// Where a key has been replaced, the home of the old one is a link to that of the new one, by its name. That is what says, for good, which
// account an old home id means: to a Codex that runs there still, to open shells that use it, and to whoever finds the old key again.

/** Returns the home id that a replaced account's home leads to, or undefined where none was replaced. */
export function successorOf(files: Files, layout: Layout, homeId: string): string | undefined {
  const text = files.linkText(homePath(layout, homeId));
  return text !== undefined && HOME_ID.test(text) ? text : undefined;
}

/** Takes the home ids of the accounts that there are; returns each id of a replaced one, with that of its successor. */
export function replacedHomes(files: Files, layout: Layout, ids: { has(id: string): boolean }): [string, string][] {
  return files.names(layout.homes).flatMap((id): [string, string][] => {
    const successor = HOME_ID.test(id) && !ids.has(id) ? successorOf(files, layout, id) : undefined;
    return successor === undefined ? [] : [[id, successor]];
  });
}
