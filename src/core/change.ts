import { dirname } from "node:path";
import type { Context } from "../context.ts";
import { homeIdOf } from "./account.ts";
import type { Identity } from "./credential.ts";
import { deriveFiles, renewGeneration } from "./derive.ts";
import { UserError } from "./errors.ts";
import { homePath } from "./layout.ts";
import { tell } from "./notes.ts";
import { unknownKeys } from "./reconcile/credentials.ts";
import type { Disk } from "./reconcile/disk.ts";
import { holdCodexLocks, planLocks, runStep } from "./reconcile/execute.ts";
import { type Plan, planReconcile } from "./reconcile/plan.ts";
import { type Registry, renderRegistry } from "./registry.ts";
import { loadSettings } from "./settings.ts";
import { writeBackup } from "./stamp.ts";
import { copySnapshots, removeSnapshots } from "./snapshots.ts";
import { checkBaseHome, loadDisk, loadMigrated, loadRegistry } from "./state.ts";
import { Store } from "./store.ts";

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

const LOCK_LIMIT_MS = 60_000;
const ASK = { timeoutMs: 3000, retries: 0 };

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
  const identities = options.ask ? await askOwners(ctx) : new Map<string, Identity>();
  return await underOurLock(ctx, async () => {
    leaveVersion2(ctx);
    const { plan, disk } = await reconcile(ctx, identities);
    tell(ctx, plan);
    const store = new Store(ctx, { ...plan, settings: loadSettings(files, layout) }, disk.homes);
    try {
      return await change(store);
    } finally {
      settle(ctx, store);
    }
  });
}

/** Throws UserError when nothing can be changed here: for what would ask the user for something first, or make something before it has our lock. */
export function checkChangeable(ctx: Context): void {
  checkBaseHome(ctx);
  checkOwner(ctx);
  loadRegistry(ctx);
}

/** Runs `work` alone: no other codex-auth changes this base home meanwhile. Throws UserError when it is another user's, or stays locked. */
export async function underOurLock<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  const { files, layout } = ctx;
  checkOwner(ctx);
  files.makeDirectory(layout.ours);
  const late = () =>
    new UserError(`another codex-auth holds ${layout.lock}`, {
      hint: "wait for it, or end it, then try again",
      code: "state_uncertain",
    });
  return await ctx.locks.hold([layout.lock], LOCK_LIMIT_MS, late, work);
}

/** Without a base home there are no accounts: a command says so, and nothing is made. */
async function changeNothing<T>(ctx: Context, change: (store: Store) => T | Promise<T>): Promise<T> {
  const disk = loadDisk(ctx, new Map());
  return await change(new Store(ctx, { ...planReconcile(disk), settings: loadSettings(ctx.files, ctx.layout) }, []));
}

function checkOwner({ files, layout, uid }: Context): void {
  if (uid === 0 && files.entry(layout.base) === undefined) checkRootsOwn(files, layout.base);
  for (const path of [layout.base, layout.ours]) {
    const owner = files.physical(path);
    const entry = owner === undefined ? undefined : files.entry(owner);
    if (!entry || uid === undefined || entry.uid === uid) continue;
    throw new UserError(`${path} belongs to another user`, {
      hint: "run codex-auth as that user, or set CODEX_HOME to a directory of yours",
    });
  }
}

/** Root in somebody's HOME makes no base home there: its owner could not use it. */
function checkRootsOwn(files: Context["files"], base: string): void {
  let parent = dirname(base);
  while (files.physical(parent) === undefined) parent = dirname(parent);
  if (files.entry(files.physical(parent) ?? parent)?.uid === 0) return;
  throw new UserError(`${parent} belongs to another user`, {
    hint: "run codex-auth as that user, or set HOME to your own",
  });
}

/** Asks for the owners of keys that no record knows; who can't be asked now is left out. */
async function askOwners(ctx: Context): Promise<Map<string, Identity>> {
  const disk = loadDisk(ctx, new Map());
  const answers = await Promise.all(
    unknownKeys(disk).map(async ({ keyHash, apiKey }) => {
      const identity = await ctx.openai.me(apiKey, ASK).catch(() => undefined);
      return identity ? ([[keyHash, identity]] as const) : [];
    }),
  );
  return new Map(answers.flat());
}

/** Plans and carries out, under Codex's locks of what the plan touches: what it saw before it had them is looked at again. */
async function reconcile(ctx: Context, identities: ReadonlyMap<string, Identity>): Promise<{ plan: Plan; disk: Disk }> {
  const look = () => {
    const disk = loadDisk(ctx, identities);
    const plan = planReconcile(disk);
    return { disk, plan, locks: planLocks(ctx.layout, disk, plan) };
  };
  for (let seen = look(); ;) {
    const { locks } = seen;
    const done = await holdCodexLocks(ctx, locks, () => {
      seen = look();
      if (seen.locks.some((path) => !locks.includes(path))) return false;
      execute(ctx, seen.disk.registry, seen.plan);
      return true;
    });
    if (done) return seen;
  }
}

/** Renames what version 2 of the registry names otherwise; until the registry is saved the old names are there too. */
function leaveVersion2(ctx: Context): void {
  const { registry, moves } = loadMigrated(ctx);
  if (moves.length === 0) return;
  copySnapshots(ctx, moves);
  saveRegistry(ctx, registry);
  removeSnapshots(ctx, moves);
}

function execute(ctx: Context, before: Registry, { registry, early, late }: Plan): void {
  for (const step of early) runStep(ctx, step);
  if (renderRegistry(before) !== renderRegistry(registry)) saveRegistry(ctx, registry);
  for (const step of late) runStep(ctx, step);
}

/** Saves what a change has left, and what follows from it. */
function settle(ctx: Context, store: Store): void {
  const { files, layout } = ctx;
  const saved = loadRegistry(ctx);
  if (renderRegistry(saved) !== renderRegistry(store.registry)) saveRegistry(ctx, store.registry);
  const derived = deriveFiles(ctx, store);
  const announced = (files.read(layout.generation) ?? "").includes("\nannounce") === store.settings.announce;
  if (derived || store.shellsLook || !announced || files.entry(layout.generation) === undefined)
    renewGeneration(ctx, store.settings);
  markSynced(ctx, store.registry);
}

/** Writes the registry, keeping the one before as a backup: the newest five stay. */
function saveRegistry({ files, layout, now }: Context, registry: Registry): void {
  files.makeDirectory(layout.accounts);
  const before = files.read(layout.registry);
  if (before !== undefined) writeBackup(files, layout.accounts, "registry.json.bak.", before, now());
  files.write(layout.registry, renderRegistry(registry));
}

/** Everything written up to now has been seen: sets `synced` just behind the newest login and registry. */
function markSynced({ files, layout }: Context, registry: Registry): void {
  const homes = registry.accounts.map(({ account_key: key }) => `${homePath(layout, homeIdOf(key))}/auth.json`);
  const times = [layout.auth, layout.registry, ...homes].map((path) => files.mtimeMs(path) ?? 0);
  // two milliseconds: a shell compares nanoseconds, which no time of ours can name
  files.touch(layout.synced, Math.max(...times) + 2);
}
