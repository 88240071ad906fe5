import { join } from "node:path";
import type { Context } from "../../context.ts";
import { pinFile, listPins } from "../../core/active/pins.ts";
import type { Layout } from "../../core/base/layout.ts";
import { asWord } from "../../core/printable.ts";
import { fail, type Finding, findingsOf, orOk, warn } from "./finding.ts";

/** Whether the base home, and what lies in it, can be used, by nobody else. */
export const baseHome = ({ files, layout, uid }: Context): Finding[] => {
  const id = "base_home";
  const physical = files.physical(layout.base);
  const entry = physical === undefined ? undefined : files.entry(physical);
  if (!entry) return [warn(id, `${layout.base} does not exist yet`, "codex-auth login")];
  if (entry.kind !== "directory")
    return [fail(id, `${layout.base} is not a directory`, "set CODEX_HOME, or CODEX_AUTH_BASE, to a directory")];
  const found = [
    ...[layout.base, layout.accounts, layout.ours, ...directoriesOf(layout)].flatMap(
      (path) => directoryFinding(files, path, uid) ?? [],
    ),
    ...findingsOf(id, () => filesOf(files, layout).flatMap((path) => fileFinding(files, path) ?? [])),
  ];
  return orOk(found, id, `the base home is ${layout.base}`);
};

const directoriesOf = ({ pins, homes, env, backup, live, now, pending, kept, places }: Layout): string[] => [
  ...[pins, homes, env, backup, live, now, pending, kept, places],
];

/** Returns the paths of what has to be a file, if it is there. */
const filesOf = (files: Context["files"], layout: Layout): string[] => [
  ...[layout.registry, layout.settings, layout.generation, layout.synced, layout.lock, layout.log, layout.rotating],
  ...files.names(layout.env).map((name) => join(layout.env, name)),
  ...files
    .names(layout.accounts)
    .filter((name) => name.endsWith(".auth.json"))
    .map((name) => join(layout.accounts, name)),
  ...listPins(files, layout).map(({ path }) => pinFile(layout, path)),
];

/** Returns what keeps a file from being one: a directory, a pipe or a device in its place. */
function fileFinding(files: Context["files"], path: string): Finding | undefined {
  const physical = files.physical(path);
  const kind = physical === undefined ? "file" : files.entry(physical)?.kind;
  return kind === "file" ? undefined : fail("base_home", `${path} is not a file`, putAside(path));
}

const putAside = (path: string) =>
  `see what it is, then: mv ${asWord(path)} ${asWord(`${path}.old`)} && codex-auth sync`;

/** Returns what keeps a directory from being used, or lets others use it. */
function directoryFinding(files: Context["files"], path: string, uid: number | undefined): Finding | undefined {
  const physical = files.physical(path);
  const entry = physical === undefined ? undefined : files.entry(physical);
  if (!entry) return undefined;
  const id = "base_home";
  if (entry.kind !== "directory") return fail(id, `${path} is not a directory`, putAside(path));
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
    if (entry?.kind !== (directories.includes(path) ? "directory" : "file")) return [];
    if (entry.uid !== uid) return [fail("permission", `${path} belongs to another user`, `chown it to you`)];
    return entry.mode & 0o077 ? [fail("permission", `${path} can be read by others`, `chmod go= ${path}`)] : [];
  });
  return orOk(found, "permission", "logins are for you alone");
};
