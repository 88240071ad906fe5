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
import { credentialPath, homePath } from "../base/layout.ts";
import { UserError } from "../errors.ts";
import { endGeneration } from "../homes/generation.ts";
import { isOnlyLinks } from "../homes/homes.ts";
import { parseJson } from "../json.ts";
import { codexLocks, holdCodexLocks, runStep } from "../reconcile/execute.ts";
import { carryLogin, goOver } from "./go-over.ts";
import { record } from "./history.ts";
import { loadRegistry, saveRegistry } from "./state.ts";
import type { Store } from "./store.ts";

type RotationContext = Pick<Context, "files" | "layout" | "locks" | "now" | "codex" | "command">;

/** An account key that takes the place of another: the old one, and the record with the new one. */
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
  // decided with the new key on disk: from there on it goes forward, whoever ends it
  const decide = () => runStep(ctx, { do: "store", account: key, text: credential.text });
  await replaceKey(ctx, old.account_key, account, decide);
  store.registry = loadRegistry(ctx);
  return account;
}

/**
 * Makes the account with the key `from` this one, which may be there already; its login is there, or is the one of `from`, or `decide` puts it
 * there. Broken off it is ended by `finishRotation`.
 */
export async function replaceKey(
  ctx: RotationContext,
  from: string,
  account: Account,
  decide = () => {},
): Promise<void> {
  ctx.files.write(ctx.layout.rotating, JSON.stringify({ from, account }));
  decide();
  await finishRotation(ctx);
}

/** Ends a rotation that is under way, whoever began it. To be called under our lock, before anything is reconciled: the old key is no account any more. */
export async function finishRotation(ctx: RotationContext): Promise<void> {
  const { files, layout } = ctx;
  if (!isRotating(ctx)) return;
  const rotation = readRotation(ctx);
  if (!rotation) return files.remove(layout.rotating);
  const { from, account } = rotation;
  const to = account.account_key;
  const homes = [from, to].map(homeIdOf).filter((id) => files.entry(homePath(layout, id))?.kind === "directory");
  const places = homes.map((homeId) => ({ homeId }));
  const locks = codexLocks(layout, { homes: [] }, [from, to], ["base", ...places]);
  await holdCodexLocks(ctx, locks, () => carryLogin(ctx, from, to));
  const isDecided = readCredential(files, credentialPath(layout, fileKeyOf(to))) !== undefined;
  const registry = loadRegistry(ctx);
  endGeneration(ctx);
  if (isDecided && findAccount(registry, from)) saveRegistry(ctx, replaceAccount(registry, from, account));
  if (findAccount(loadRegistry(ctx), to)) {
    await ctx.codex.endServers(homePath(layout, homeIdOf(from)));
    await holdCodexLocks(ctx, locks, () => goOver(ctx, from, to));
    record(ctx, [tellReplaced(ctx, from, account)]);
  }
  files.remove(layout.rotating);
}

function tellReplaced(ctx: RotationContext, from: string, account: Account): string {
  const label = labelOf(loadRegistry(ctx), account);
  if (keyHashOf(account.account_key) === undefined) return `${label} is a ChatGPT login, and was taken for an API key`;
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

/** Throws UserError when the new home's place is taken: the key was an account before, and left sessions of its own. */
function checkFree({ files, layout }: RotationContext, key: string): void {
  const home = homePath(layout, homeIdOf(key));
  if (files.entry(home)?.kind !== "directory" || isOnlyLinks(files, home)) return;
  throw new UserError(`${home} holds what an account with this key has left`, { hint: "move it away, then again" });
}
