import { dirname, join } from "node:path";
import type { Context } from "../../context.ts";
import { fileKeyOf, homeIdOf } from "../accounts/account.ts";
import { UserError } from "../errors.ts";
import { baseLink } from "../homes/homes.ts";
import { backupPath, credentialPath, homePath, type Layout } from "../base/layout.ts";
import { isCredentialOf, keepFile } from "../base/kept.ts";
import type { Disk } from "./disk.ts";
import type { Place, Plan, Step } from "./step.ts";

type ExecuteContext = Pick<Context, "files" | "layout" | "now">;

/** Carries out one step; running it again changes nothing. The directories it needs are made. */
export function runStep(ctx: ExecuteContext, step: Step): void {
  const { files, layout } = ctx;
  switch (step.do) {
    case "store":
      keepOther(ctx, step.account);
      write(ctx, credentialPath(layout, fileKeyOf(step.account)), step.text);
      return backUp(ctx, step.account, step.text);
    case "backup":
      return backUp(ctx, step.account, step.text);
    case "restore":
      keepOther(ctx, step.account);
      write(ctx, restoredPath(layout, step.account), Bun.SHA256.hash(step.text, "hex"));
      return write(ctx, credentialPath(layout, fileKeyOf(step.account)), step.text);
    case "retire":
      return retire(ctx, step.account);
    case "park":
      return write(ctx, join(layout.pending, `${step.keyHash}.auth.json`), step.text);
    case "keep":
      return void keepFile(ctx, step.path);
    case "unpark":
      // one that lost against a later login is nowhere else
      keepFile(ctx, step.path);
      return files.remove(step.path);
    case "link":
      return link(ctx, step.place, step.account);
    case "place":
      return write(ctx, authPath(layout, step.place), step.text);
    case "unlink":
      keepFile(ctx, authPath(layout, step.place));
      return files.remove(authPath(layout, step.place));
  }
}

/** Returns the mark that an account's login came back from its backup: it holds that login's sha256. */
export const restoredPath = (layout: Layout, accountKey: string) =>
  join(layout.backup, `${fileKeyOf(accountKey)}.restored`);

/** Returns the auth.json of a place. */
export const authPath = (layout: Layout, place: Place) => join(homeOf(layout, place), "auth.json");

const homeOf = (layout: Layout, place: Place) => (place === "base" ? layout.base : homePath(layout, place.homeId));

function write({ files }: ExecuteContext, path: string, text: string): void {
  files.makeDirectory(dirname(path));
  files.write(path, text);
}

/** Writes a backup with the time of the credential that it is of: as long as both have it, neither needs to be read. */
function backUp(ctx: ExecuteContext, accountKey: string, text: string): void {
  const { files, layout } = ctx;
  const backup = backupPath(layout, fileKeyOf(accountKey));
  const credential = credentialPath(layout, fileKeyOf(accountKey));
  write(ctx, backup, text);
  const mtimeMs = files.mtimeMs(credential);
  if (mtimeMs !== undefined && files.read(credential) === text) files.touch(backup, mtimeMs);
}

function retire(ctx: ExecuteContext, accountKey: string): void {
  const { files, layout } = ctx;
  const live = credentialPath(layout, fileKeyOf(accountKey));
  const text = files.read(live);
  const backup = backupPath(layout, fileKeyOf(accountKey));
  keepOther(ctx, accountKey);
  // an intruder's credential is never the backup of another account: it has been stored as its own by now
  if (text !== undefined && files.read(backup) === undefined) write(ctx, backup, text);
  files.remove(live);
}

function link(ctx: ExecuteContext, place: Place, accountKey: string): void {
  const { files, layout } = ctx;
  const path = authPath(layout, place);
  const credential = join("accounts", `${fileKeyOf(accountKey)}.auth.json`);
  keepFile(ctx, path);
  files.link(place === "base" ? credential : baseLink(credential), path);
}

/** Keeps what lies in the place of an account's credential and is none of that account: nobody knows where else it is. */
function keepOther(ctx: ExecuteContext, accountKey: string): void {
  const path = credentialPath(ctx.layout, fileKeyOf(accountKey));
  if (!isCredentialOf(ctx.files.readQuietly(path) ?? "", accountKey)) keepFile(ctx, path);
}

/** Runs `work` under Codex's own locks of these homes and credentials, as Codex takes them when it saves a login. */
export async function holdCodexLocks<T>(
  ctx: Pick<Context, "files" | "locks">,
  paths: readonly string[],
  work: () => T | Promise<T>,
): Promise<T> {
  const late = (path: string) =>
    new UserError(`Codex is writing its login: ${path} stays locked`, { hint: "again when it is done" });
  for (const path of paths) ctx.files.makeDirectory(dirname(path));
  return await ctx.locks.hold(paths, CODEX_LOCK_LIMIT_MS, late, work);
}

const CODEX_LOCK_LIMIT_MS = 10_000;

/** Returns the locks that Codex takes for these accounts: `auth.lock` of each home that leads to them, then the credentials' own. */
export function codexLocks(
  layout: Layout,
  disk: Pick<Disk, "homes">,
  accountKeys: Iterable<string>,
  places: Iterable<Place>,
): string[] {
  const keys = new Set(accountKeys);
  const homes = new Set([...places].map((place) => homeOf(layout, place)));
  homes.add(layout.base);
  for (const { account } of disk.homes) {
    if (keys.has(account.account_key)) homes.add(homePath(layout, homeIdOf(account.account_key)));
  }
  return [
    ...[...homes].sort().map((home) => join(home, "auth.lock")),
    ...[...keys].map((key) => `${credentialPath(layout, fileKeyOf(key))}.lock`).sort(),
  ];
}

/** Returns the locks that a plan's steps need; none when it has no steps. */
export function planLocks(layout: Layout, disk: Disk, { early, late }: Plan): string[] {
  const steps = [...early, ...late];
  if (steps.length === 0) return [];
  const keys = steps.flatMap((step) => ("account" in step ? [step.account] : []));
  const places = steps.flatMap((step) => ("place" in step ? [step.place] : []));
  return codexLocks(layout, disk, keys, places);
}
