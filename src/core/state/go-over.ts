import { join } from "node:path";
import type { Context } from "../../context.ts";
import { fileKeyOf, homeIdOf, keyHashOf } from "../accounts/account.ts";
import { findAuthFile } from "../accounts/auth-file.ts";
import { isCredential, isSameLogin } from "../accounts/credential.ts";
import { takesPlaceOf } from "../accounts/later.ts";
import { listPins, writePin } from "../active/pins.ts";
import { isCredentialOf, keepFile, keepMcpLogins } from "../base/kept.ts";
import { backupPath, credentialPath, homePath } from "../base/layout.ts";
import { hasHome } from "../homes/derive.ts";
import { baseLink, isOnlyLinks } from "../homes/homes.ts";
import { replacedHomes } from "../homes/rotated.ts";
import { isOfSessions, SESSION_LINKS } from "../homes/sharing.ts";
import { readAuth } from "../reconcile/disk.ts";
import { restoredPath, runStep } from "../reconcile/execute.ts";

// What an account has in files goes over to another account key. Each step can be run again.

type GoingContext = Pick<Context, "files" | "layout" | "now">;

/** Where the login of the old key is one of the new key's: it is that's from now on, unless a later one is there. */
export function carryLogin(ctx: GoingContext, from: string, to: string): void {
  const { files, layout, now } = ctx;
  const login = findAuthFile(files, credentialPath(layout, fileKeyOf(from)));
  if (!login || !isCredential(login.credential) || !isCredentialOf(login.text, to)) return;
  const path = credentialPath(layout, fileKeyOf(to));
  const present = findAuthFile(files, path);
  if (present && (isSameLogin(present.credential, login.credential) || !takesPlaceOf(login, present, now()))) return;
  keepFile(ctx, path);
  runStep(ctx, { do: "store", account: to, text: login.credential.text });
}

/** Takes all else over: the base home, account home, pins; and the old login away. */
export function goOver(ctx: GoingContext, from: string, to: string): void {
  const { files, layout } = ctx;
  // Codex may have refreshed it meanwhile
  carryLogin(ctx, from, to);
  const base = readAuth(ctx, layout.auth);
  if (base.is === "linked" && base.fileKey === fileKeyOf(from))
    runStep(ctx, { do: "link", place: "base", account: to });
  moveHome(ctx, from, to);
  for (const { path, homeId } of listPins(files, layout))
    if (homeId === homeIdOf(from)) writePin(files, layout, path, homeIdOf(to));
  const credential = credentialPath(layout, fileKeyOf(from));
  runStep(ctx, { do: "retire", account: from });
  for (const path of [`${credential}.lock`, restoredPath(layout, from)]) files.remove(path);
  dropBackup(ctx, from, to);
}

/** A key that was replaced stays in its backup; the same login under another name needs none under the old one. */
function dropBackup(ctx: GoingContext, from: string, to: string): void {
  const path = backupPath(ctx.layout, fileKeyOf(from));
  if (keyHashOf(to) !== undefined && keyHashOf(from) !== keyHashOf(to)) return;
  if (!isCredentialOf(ctx.files.readQuietly(path) ?? "", to)) keepFile(ctx, path);
  ctx.files.remove(path);
}

/** The home goes over with all that is in it; where it was is a link: what knows it by its old name is led on. */
function moveHome(ctx: GoingContext, from: string, to: string): void {
  const { files, layout } = ctx;
  const [before, after] = [homeIdOf(from), homeIdOf(to)];
  const [old, home] = [homePath(layout, before), homePath(layout, after)];
  if (files.entry(home)?.kind === "link") files.remove(home);
  if (files.entry(old)?.kind === "directory") {
    if (isLedOn(ctx, from, to)) files.link(baseLink("accounts", `${fileKeyOf(to)}.auth.json`), join(old, "auth.json"));
    if (isOnlyLinks(files, home)) files.removeTree(home);
    if (files.entry(home) === undefined) files.move(old, home);
    else mergeHome(ctx, old, home);
  }
  files.makeDirectory(layout.homes);
  for (const [id, successor] of replacedHomes(files, layout, new Set([after])))
    if (successor === before) files.link(after, homePath(layout, id));
  files.link(after, old);
}

/** Whether the login of the old home is the new key's from now on: it was the old one's, or is to be there again. */
function isLedOn(ctx: GoingContext, from: string, to: string): boolean {
  if (!hasHome(ctx, homeIdOf(from))) return false;
  const auth = readAuth(ctx, join(homePath(ctx.layout, homeIdOf(from)), "auth.json"));
  return auth.is === "linked" ? auth.fileKey === fileKeyOf(from) : auth.is === "nothing" && keyHashOf(to) !== undefined;
}

/** The new key has a home of its own: it gets what it lacks. Sessions that cannot be put together stay beside it, logins are kept. */
function mergeHome(ctx: GoingContext, old: string, home: string): void {
  const { files } = ctx;
  moveMissing(files, old, home);
  for (const name of SESSION_LINKS) moveMissing(files, join(old, name), join(home, name));
  keepFile(ctx, join(old, "auth.json"));
  keepMcpLogins(ctx, old);
  const isLeft = files.names(old).some((name) => isOfSessions(name) && files.entry(join(old, name))?.kind !== "link");
  if (isLeft) files.move(old, `${old}.old`);
  else files.removeTree(old);
}

/** Moves what lies in one directory and not in the other, and what is in directories of both. */
function moveMissing(files: Context["files"], from: string, to: string): void {
  for (const name of files.names(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const kinds = [source, target].map((path) => files.entry(path)?.kind);
    if (kinds[1] === undefined) files.move(source, target);
    else if (kinds.every((kind) => kind === "directory")) moveMissing(files, source, target);
  }
  files.removeEmpty(from);
}
