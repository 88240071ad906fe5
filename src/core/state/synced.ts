import { join } from "node:path";
import type { Context } from "../../context.ts";
import { fileKeyOf, homeIdOf } from "../accounts/account.ts";
import { findAccount, type Registry } from "../accounts/registry.ts";
import { credentialPath, homePath, type Layout } from "../base/layout.ts";
import {
  accountWitness,
  dropOtherWitnesses,
  makeLoginWitness,
  makeRegistryWitness,
  placeWitness,
  registryWitness,
  type Seen,
  type Witness,
} from "../base/witness.ts";
import type { Disk } from "../reconcile/disk.ts";
import type { Plan } from "../reconcile/step.ts";

type SyncedContext = Pick<Context, "files" | "layout" | "now">;

/** Takes the paths of the homes' auth.json; returns when the newest of them and of the registry was written, in milliseconds since 1970. */
export function newestWriteMs({ files, layout }: SyncedContext, paths: readonly string[]): number {
  return Math.max(...[layout.registry, ...paths].map((path) => files.mtimeMs(path) ?? 0));
}

/** Marks what was written up to then as seen, never what lies ahead: a file from the future is looked at when its time has come. */
export function markSynced({ files, layout, now }: SyncedContext, newestMs: number): void {
  // two milliseconds: a shell compares nanoseconds, which no time of ours can name
  files.touch(layout.synced, Math.min(newestMs + 2, now() + 1));
}

/** Returns the paths of the base home's auth.json and of those of all account homes that there may be. */
export const authPaths = (layout: Layout, { accounts }: Pick<Registry, "accounts">): string[] => [
  layout.auth,
  ...accounts.map(({ account_key: key }) => join(homePath(layout, homeIdOf(key)), "auth.json")),
];

/** Takes the same; returns whether all of them have been seen as they are now. */
export const isSynced = (ctx: SyncedContext, paths: readonly string[]): boolean =>
  newestWriteMs(ctx, paths) <= (ctx.files.mtimeMs(ctx.layout.synced) ?? 0);

/**
 * Makes the witnesses of all that shells judge: of each login that an env file tells of, as it was when there was nothing left to reconcile,
 * and of the registry. Witnesses of what is no longer so go.
 */
export function makeWitnesses(
  { files, layout }: SyncedContext,
  { disk, plan }: Found,
  registry: Seen | undefined,
): void {
  const logins = [...loginWitnesses(disk, plan)];
  const wanted = [...logins.map(([witness]) => witness), ...(registry ? [registryWitness(layout)] : [])];
  if (wanted.length > 0) files.makeDirectory(layout.live);
  dropOtherWitnesses(files, layout, wanted);
  for (const [witness, path, seen] of logins) makeLoginWitness(files, witness, path, seen);
  if (registry) makeRegistryWitness(files, registryWitness(layout), layout.registry, registry);
}

interface Found {
  disk: Disk;
  plan: Pick<Plan, "registry" | "strange" | "isBaseForeign">;
}

/** Yields each witness, the path that it is of, and what was seen there. */
function* loginWitnesses(
  disk: Disk,
  { registry, strange, isBaseForeign }: Found["plan"],
): Generator<[Witness, string, Seen]> {
  const { layout, base, homes, live } = disk;
  if (isBaseForeign && "file" in base.auth && base.auth.file)
    yield [placeWitness(layout, "default"), layout.auth, base.auth.file];
  const active = findAccount(registry, registry.active_account_key);
  for (const account of new Set([...(active ? [active] : []), ...homes.map((home) => home.account)])) {
    const seen = live.get(account.account_key);
    const path = credentialPath(layout, fileKeyOf(account.account_key));
    if (seen) yield [accountWitness(layout, account.account_key), path, seen];
  }
  for (const { account, auth } of homes) {
    const id = homeIdOf(account.account_key);
    const seen = strange.has(account.account_key) && "file" in auth ? auth.file : undefined;
    if (seen) yield [placeWitness(layout, id), join(homePath(layout, id), "auth.json"), seen];
  }
}
