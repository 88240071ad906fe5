import { join } from "node:path";
import * as v from "valibot";
import type { Context } from "../../context.ts";
import {
  type Account,
  AccountSchema,
  apiKeyAccountKey,
  fileKeyOf,
  homeIdOf,
  keyHashOf,
  maskedLabel,
} from "../accounts/account.ts";
import { readCredential } from "../accounts/auth-file.ts";
import type { ApiKeyCredential, Identity } from "../accounts/credential.ts";
import { recordOf } from "../accounts/record.ts";
import { labelOf } from "../accounts/names.ts";
import { findAccount, isSameRegistry, replaceAccount } from "../accounts/registry.ts";
import { listPins, writePin } from "../active/pins.ts";
import { backupPath, credentialPath, homePath } from "../base/layout.ts";
import { UserError } from "../errors.ts";
import { endGeneration } from "../homes/generation.ts";
import { baseLink, isOnlyLinks } from "../homes/homes.ts";
import { replacedHomes } from "../homes/rotated.ts";
import { hasHome } from "../homes/derive.ts";
import { parseJson } from "../json.ts";
import { readAuth } from "../reconcile/disk.ts";
import { codexLocks, holdCodexLocks, restoredPath, runStep } from "../reconcile/execute.ts";
import { record } from "./history.ts";
import { loadRegistry, saveRegistry } from "./state.ts";
import type { Store } from "./store.ts";

type RotationContext = Pick<Context, "files" | "layout" | "locks" | "now" | "codex" | "command">;

/** A key that takes the place of another: the old account key, and the record of the new one. */
const RotationSchema = v.object({ from: v.string(), account: AccountSchema });
type Rotation = v.InferOutput<typeof RotationSchema>;

/**
 * Makes a key the one of an account, in place of the one that it has: alias, pins, home, default and previous account, and the shells that use
 * it go over. Returns the record of the new key. Broken off anywhere nothing has changed, or the next changing command ends it.
 */
export async function rotateKey(
  ctx: RotationContext,
  store: Store,
  old: Account,
  credential: ApiKeyCredential,
  owner: Identity,
): Promise<Account> {
  const key = apiKeyAccountKey(owner.id, credential.keyHash);
  const account = recordOf(credential, key, { ...old, account_key: key }, owner, ctx.now());
  checkFree(ctx, key);
  if (!isSameRegistry(loadRegistry(ctx), store.registry)) saveRegistry(ctx, store.registry);
  store.hasMoved = true;
  ctx.files.write(ctx.layout.rotating, JSON.stringify({ from: old.account_key, account }));
  // decided with the new key on disk: from here on it goes forward, whoever ends it
  runStep(ctx, { do: "store", account: key, text: credential.text });
  await finishRotation(ctx);
  store.registry = loadRegistry(ctx);
  return account;
}

/** Ends a rotation that is under way, whoever began it. To be called under our lock, before anything is reconciled: the old key is no account any more. */
export async function finishRotation(ctx: RotationContext): Promise<void> {
  const { files, layout, codex } = ctx;
  if (!isRotating(ctx)) return;
  const rotation = readRotation(ctx);
  if (!rotation) return files.remove(layout.rotating);
  const { from, account } = rotation;
  const isDecided = readCredential(files, credentialPath(layout, fileKeyOf(account.account_key))) !== undefined;
  const registry = loadRegistry(ctx);
  endGeneration(ctx);
  if (isDecided && findAccount(registry, from)) saveRegistry(ctx, replaceAccount(registry, from, account));
  if (findAccount(loadRegistry(ctx), account.account_key)) {
    const home = homePath(layout, homeIdOf(from));
    await codex.endServers(home);
    const places = files.entry(home)?.kind === "directory" ? [{ homeId: homeIdOf(from) }] : [];
    const locks = codexLocks(layout, { homes: [] }, [from, account.account_key], ["base", ...places]);
    await holdCodexLocks(ctx, locks, () => goOver(ctx, from, account.account_key));
    record(ctx, [tellReplaced(ctx, from, account)]);
  }
  files.remove(layout.rotating);
}

function tellReplaced(ctx: RotationContext, from: string, account: Account): string {
  const label = labelOf(loadRegistry(ctx), account);
  const [before, after] = [from, account.account_key].map((key) => maskedLabel(keyHashOf(key) ?? ""));
  return before === after
    ? `${label} is known by its owner now`
    : `${label} has the key ${after} in place of ${before}`;
}

/** Whether a rotation has been broken off: what lies in the base home is between the old key and the new one. */
export const isRotating = ({ files, layout }: Pick<Context, "files" | "layout">): boolean =>
  files.entry(layout.rotating) !== undefined;

function readRotation({ files, layout }: RotationContext): Rotation | undefined {
  const rotation = v.safeParse(RotationSchema, parseJson(files.read(layout.rotating) ?? ""));
  return rotation.success ? rotation.output : undefined;
}

/** Each step can be run again. */
function goOver(ctx: RotationContext, from: string, to: string): void {
  const { files, layout } = ctx;
  const base = readAuth(ctx, layout.auth);
  if (base.is === "linked" && base.fileKey === fileKeyOf(from))
    runStep(ctx, { do: "link", place: "base", account: to });
  moveHome(ctx, from, to);
  for (const { path, homeId } of listPins(files, layout))
    if (homeId === homeIdOf(from)) writePin(files, layout, path, homeIdOf(to));
  const credential = credentialPath(layout, fileKeyOf(from));
  runStep(ctx, { do: "retire", account: from });
  for (const path of [`${credential}.lock`, restoredPath(layout, from)]) files.remove(path);
  // the same key under another name needs no backup under the old one
  if (keyHashOf(from) === keyHashOf(to)) files.remove(backupPath(layout, fileKeyOf(from)));
}

/** The home goes over with all that is in it; where it was is a link: what knows it by its old name is led on. */
function moveHome(ctx: RotationContext, from: string, to: string): void {
  const { files, layout } = ctx;
  const [before, after] = [homeIdOf(from), homeIdOf(to)];
  const [old, home] = [homePath(layout, before), homePath(layout, after)];
  if (files.entry(home)?.kind === "link") files.remove(home);
  if (files.entry(old)?.kind === "directory") {
    if (hasHome(ctx, before)) files.link(baseLink("accounts", `${fileKeyOf(to)}.auth.json`), join(old, "auth.json"));
    if (isOnlyLinks(files, home)) files.removeTree(home);
    files.move(old, home);
  }
  files.makeDirectory(layout.homes);
  for (const [id, successor] of replacedHomes(files, layout, new Set([after])))
    if (successor === before) files.link(after, homePath(layout, id));
  files.link(after, old);
}

/** Throws UserError when the new home's place is taken: the key was an account before, and left sessions of its own. */
function checkFree({ files, layout }: RotationContext, key: string): void {
  const home = homePath(layout, homeIdOf(key));
  if (files.entry(home)?.kind !== "directory" || isOnlyLinks(files, home)) return;
  throw new UserError(`${home} holds what an account with this key has left`, { hint: "move it away, then again" });
}
