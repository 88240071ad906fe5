import { join } from "node:path";
import type { Context } from "../../context.ts";
import { fail, type Finding, orOk, warn } from "./finding.ts";

/** Whether the base home, and what lies in it, can be used, by nobody else. */
export const baseHome = ({ files, layout, uid }: Context): Finding[] => {
  const id = "base_home";
  const physical = files.physical(layout.base);
  const entry = physical === undefined ? undefined : files.entry(physical);
  if (!entry) return [warn(id, `${layout.base} does not exist yet`, "codex-auth login")];
  if (entry.kind !== "directory")
    return [fail(id, `${layout.base} is not a directory`, "set CODEX_HOME, or CODEX_AUTH_BASE, to a directory")];
  const found = [layout.base, layout.accounts, layout.ours].flatMap((path) => directoryFinding(files, path, uid) ?? []);
  return orOk(found, id, `the base home is ${layout.base}`);
};

/** Returns what keeps a directory from being used, or lets others use it. */
function directoryFinding(files: Context["files"], path: string, uid: number | undefined): Finding | undefined {
  const physical = files.physical(path);
  const entry = physical === undefined ? undefined : files.entry(physical);
  if (!entry) return undefined;
  const id = "base_home";
  if (entry.kind !== "directory")
    return fail(id, `${path} is not a directory`, `see what it is, then: mv ${path} ${path}.old`);
  if (entry.uid !== uid)
    return fail(id, `${path} belongs to another user`, "run codex-auth as that user, or chown it to you");
  if (!files.isWritable(path))
    return fail(
      id,
      `${path} cannot be written: no account can be changed, no login kept`,
      `chmod u+rwx ${path}, or mount the disk for writing`,
    );
  if (entry.mode & 0o022)
    return fail(id, `${path} can be written by others: they could put their login there`, `chmod go-w ${path}`);
  return undefined;
}

/** Whether logins can be read by others. */
export const permissions = ({ files, layout, uid }: Context): Finding[] => {
  const directories = [layout.ours, layout.accounts];
  const paths = [
    ...directories,
    layout.log,
    ...[layout.accounts, layout.backup, layout.env, layout.pending, layout.kept].flatMap((directory) =>
      files.names(directory).map((name) => join(directory, name)),
    ),
  ];
  const found = paths.flatMap((path) => {
    const entry = files.entry(path);
    if (!entry || entry.kind === "link" || (directories.includes(path) && entry.kind !== "directory")) return [];
    if (entry.uid !== uid) return [fail("permission", `${path} belongs to another user`, `chown it to you`)];
    return entry.mode & 0o077 ? [fail("permission", `${path} can be read by others`, `chmod go= ${path}`)] : [];
  });
  return orOk(found, "permission", "logins are for you alone");
};
