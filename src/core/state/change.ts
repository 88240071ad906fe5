import { isSameRegistry, type Registry } from "../accounts/registry.ts";
import type { Context } from "../../context.ts";
import type { Identity } from "../accounts/credential.ts";
import { makeAwaitedHomes } from "./awaited.ts";
import { changesBetween, record } from "./history.ts";
import { underOurLock } from "./our-lock.ts";
import { planReconcile } from "../reconcile/plan.ts";
import { askUnknownOwners, isIdle, isUnchanged, type Look, lookReconciled, reconcile } from "./reconciling.ts";
import { deriveFiles } from "../homes/derive.ts";
import { isNewest, renewGeneration } from "../homes/generation.ts";
import { loadSettings } from "../base/settings.ts";
import { markingConfig } from "../base/witness.ts";
import { takeUpLogins } from "./scratch.ts";
import { leaveMintedKeys } from "./minted.ts";
import { finishRotation, isRotating } from "./rotation.ts";
import { leaveVersion2 } from "./version2.ts";
import { checkBaseHome, loadDisk, loadRegistry, saveRegistry } from "./state.ts";
import { Store } from "./store.ts";
import { makeWitnesses, markSynced, newestWriteMs } from "./synced.ts";

/** How a changing command may change things. */
export interface ChangeOptions {
  /** Ask OpenAI whose an unknown API key is: once, 3 s at most. */
  ask: boolean;
  /** Make the base home where there is none. */
  create: boolean;
}

/** For what must not wait for the network: exec, use, pin, unpin. */
export const WITHOUT_ASKING: ChangeOptions = { ask: false, create: false };
/** For what may ask once whose an unknown API key is. */
export const ASKING: ChangeOptions = { ask: true, create: false };
/** For what adds accounts. */
export const CREATING: ChangeOptions = { ask: true, create: true };

/**
 * Reconciles, then runs `change` on the store, then saves what it left: registry, homes, env files, generation, `synced`. All under our lock.
 * Returns what `change` returns. Throws UserError when the base home is another user's, the lock stays taken, or the registry can't be read.
 */
export async function changeState<T>(
  ctx: Context,
  options: ChangeOptions,
  change: (store: Store) => T | Promise<T>,
): Promise<T> {
  const { files, layout } = ctx;
  checkBaseHome(ctx);
  if (files.mtimeMs(layout.base) === undefined && !options.create) return await changeNothing(ctx, change);
  loadRegistry(ctx); // a damaged or newer one is refused before anything is made
  const identities = options.ask && !isRotating(ctx) ? await askUnknownOwners(ctx) : new Map<string, Identity>();
  return await underOurLock(ctx, async () => {
    leaveVersion2(ctx);
    const before = loadRegistry(ctx);
    await finishRotation(ctx);
    await leaveMintedKeys(ctx);
    await takeUpLogins(ctx);
    const seen = await reconcile(ctx, identities);
    const store = storeOf(ctx, seen);
    try {
      return await change(store);
    } finally {
      await settle(ctx, store, seen, before);
      record(ctx, changesBetween(ctx, before, loadRegistry(ctx)));
    }
  });
}

/** Brings all in line with what a change has left. Where a rotation has failed, whoever ends it does that: what lies there is half of each key. */
async function settle(ctx: Context, store: Store, seen: Look, before: Registry): Promise<void> {
  if (isRotating(ctx)) return;
  saveRecords(ctx, store);
  await makeAwaitedHomes(ctx, store, before);
  saveStore(ctx, store);
  await catchUp(ctx, store, seen);
}

/** Saves what a change has left, and what follows from it. */
function saveStore(ctx: Context, store: Store): void {
  saveRecords(ctx, store);
  markingConfig(ctx.files, ctx.layout, () => {
    deriveFiles(ctx, store);
    if (!isNewest(ctx, store.settings)) renewGeneration(ctx, store.settings);
  });
}

function saveRecords(ctx: Context, { registry }: Store): void {
  if (!isSameRegistry(loadRegistry(ctx), registry)) saveRegistry(ctx, registry);
}

const storeOf = (ctx: Context, { plan, disk }: Look) =>
  new Store(ctx, { ...plan, settings: loadSettings(ctx.files, ctx.layout) }, disk.homes);

const pathsOf = ({ disk }: Look) => [disk.base.path, ...disk.homes.map(({ path }) => path)];

/**
 * Marks what has been seen: what was reconciled, where nothing has touched it since, else what is there now. What somebody else has written
 * meanwhile is reconciled first; should it never end, his next prompt sees to it.
 */
async function catchUp(ctx: Context, store: Store, seen: Look): Promise<void> {
  const { files, layout } = ctx;
  const isAsSeen =
    !store.hasMoved && isIdle(seen) && isUnchanged(ctx, seen) && isSameRegistry(loadRegistry(ctx), store.registry);
  let found = isAsSeen ? seen : undefined;
  for (let round = 0; round < 3; round++) {
    const registry = files.readable(layout.registry);
    found ??= lookReconciled(ctx);
    if (found) {
      makeWitnesses(ctx, found, registry);
      return markSynced(ctx, newestWriteMs(ctx, pathsOf(found)));
    }
    saveStore(ctx, storeOf(ctx, await reconcile(ctx, new Map())));
  }
  markSynced(ctx, newestWriteMs(ctx, pathsOf(seen)));
}

/** Without a base home there are no accounts: a command says so, and nothing is made. */
async function changeNothing<T>(ctx: Context, change: (store: Store) => T | Promise<T>): Promise<T> {
  const disk = loadDisk(ctx, new Map());
  return await change(new Store(ctx, { ...planReconcile(disk), settings: loadSettings(ctx.files, ctx.layout) }, []));
}
