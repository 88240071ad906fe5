import { resolve } from "node:path";
import type { Context } from "../../context.ts";
import { UserError } from "../errors.ts";

/**
 * Takes a path as a user gives it, or nothing for the working directory; returns it absolute. Throws UserError in a directory that is gone, and
 * for an empty path: it comes of a variable that is not set, and would mean the working directory.
 */
export function pathFromHere({ cwd }: Pick<Context, "cwd">, path = "."): string {
  if (path === "") throw new UserError("a path cannot be empty", { hint: "`.` is the working directory", exitCode: 2 });
  if (cwd !== undefined || path.startsWith("/")) return resolve(cwd ?? "/", path);
  throw new UserError("the working directory cannot be told (gone, moved, or out of reach)", {
    hint: "cd to one that exists, or give an absolute path",
  });
}
