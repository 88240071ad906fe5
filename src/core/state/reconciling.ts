import type { Context } from "../../context.ts";
import type { Identity } from "../accounts/credential.ts";
import { mintedLogin } from "../accounts/minted.ts";
import { askWhose } from "../accounts/whose.ts";
import { record, tellSteps } from "./history.ts";
import { tell } from "./notes.ts";
import { isSameRegistry, type Registry } from "../accounts/registry.ts";
import { loadDisk, saveRegistry } from "./state.ts";
import { unknownKeys } from "../reconcile/credentials.ts";
import { type AuthEntry, type Disk, readAuth, type Slot } from "../reconcile/disk.ts";
import { holdCodexLocks, planLocks, runStep } from "../reconcile/execute.ts";
import { planReconcile } from "../reconcile/plan.ts";
import type { Plan } from "../reconcile/step.ts";

const ASK = { timeoutMs: 3000, retries: 0 };

/** Asks for the owners of keys that no record knows; who can't be asked now is left out. */
export async function askUnknownOwners(ctx: Context): Promise<Map<string, Identity>> {
  const disk = loadDisk(ctx, new Map());
  const answers = await Promise.all(
    unknownKeys(disk).map(async (credential) => {
      const identity = await askWhose(ctx.openai, credential, ASK).catch(() => undefined);
      return identity ? ([[credential.keyHash, identity]] as const) : [];
    }),
  );
  return new Map(answers.flat());
}

/** What is on disk, and what to do about it. */
export interface Look {
  disk: Disk;
  plan: Plan;
}

function look(ctx: Context, identities: ReadonlyMap<string, Identity>): Look {
  const disk = loadDisk(ctx, identities);
  return { disk, plan: planReconcile(disk) };
}

/** Returns what is on disk when there is nothing to do: when it is what reconciling would leave. */
export function lookReconciled(ctx: Context): Look | undefined {
  const seen = look(ctx, new Map());
  const { registry, live } = seen.disk;
  if (registry.accounts.some((account) => mintedLogin(account, live.get(account.account_key)))) return undefined;
  return isIdle(seen) && isSameRegistry(registry, seen.plan.registry) ? seen : undefined;
}

/** Whether there is no step to take. */
export const isIdle = ({ plan: { early, late } }: Look) => early.length + late.length === 0;

/** Whether the logins that were looked at are still the same files in the same places. */
export function isUnchanged(ctx: Context, { disk }: Look): boolean {
  const places: readonly Slot[] = [disk.base, ...disk.homes];
  return places.every((slot) => Bun.deepEquals(identityOf(slot.auth), identityOf(readAuth(ctx, slot.path))));
}

/** Returns what an entry is, without what is in it. */
function identityOf(auth: AuthEntry) {
  const { is } = auth;
  const file = "file" in auth ? auth.file : undefined;
  return [is, "fileKey" in auth && auth.fileKey, file?.ino, file?.mtimeMs, file?.size];
}

/** Plans, carries out and tells, under Codex's locks of what the plan touches: what it saw before it had them is looked at again. */
export async function reconcile(ctx: Context, identities: ReadonlyMap<string, Identity>): Promise<Look> {
  for (let seen = look(ctx, identities); ;) {
    const locks = planLocks(ctx.layout, seen.disk, seen.plan);
    const done = await holdCodexLocks(ctx, locks, () => {
      if (!isIdle(seen)) seen = look(ctx, identities);
      if (planLocks(ctx.layout, seen.disk, seen.plan).some((path) => !locks.includes(path))) return false;
      execute(ctx, seen.disk.registry, seen.plan);
      return true;
    });
    if (!done) continue;
    tell(ctx, seen.plan);
    record(ctx, tellSteps(seen.plan));
    return seen;
  }
}

function execute(ctx: Context, before: Registry, { registry, early, late }: Plan): void {
  for (const step of early) runStep(ctx, step);
  if (!isSameRegistry(before, registry)) saveRegistry(ctx, registry);
  for (const step of late) runStep(ctx, step);
}
