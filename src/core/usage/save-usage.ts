import * as v from "valibot";
import type { Context } from "../../context.ts";
import { type Account, isRefused, withRefused } from "../accounts/account.ts";
import { nameAccounts } from "../accounts/names.ts";
import { underOurLock } from "../state/our-lock.ts";
import type { Refreshed } from "./refresh.ts";
import { type Registry, REGISTRY_VERSION, renderRegistry } from "../accounts/registry.ts";
import { loadRegistry } from "../state/state.ts";
import { makeRegistryWitness, registryWitness } from "../base/witness.ts";
import { authPaths, isSynced, markSynced, newestWriteMs } from "../state/synced.ts";
import { isSameUsage, parseUsage } from "../accounts/usage.ts";
import { hasUsage } from "./view.ts";

/** What is saved of asking: `refused` tells, by account key, whether OpenAI refuses it. */
type Saved = Pick<Refreshed, "views" | "names"> & { refused?: ReadonlyMap<string, boolean> };

/** Returns the registry with what has been refreshed; an account whose usage is as it was stays as it is. */
export function withRefreshed(registry: Registry, { views, names, refused }: Saved): Registry {
  const withUsage = (account: Account): Account => {
    const view = views.get(account.account_key);
    if (!view?.usage || view.source === "cache") return account;
    const before = parseUsage(account.last_usage);
    if (before && isSameUsage(before, view.usage)) return account;
    const last_usage = { ...before, ...view.usage };
    const rollout = view.rollout && { last_local_rollout: view.rollout };
    return { ...account, last_usage, last_usage_at: view.updatedAt, ...rollout };
  };
  const withName = (account: Account): Account => {
    const name = names.get(account.account_key);
    return name === undefined || name === account.account_name ? account : { ...account, account_name: name };
  };
  const withAnswer = (account: Account): Account => {
    const isRefusedNow = hasUsage(account) ? undefined : refused?.get(account.account_key);
    return isRefusedNow === undefined || isRefusedNow === isRefused(account)
      ? account
      : withRefused(account, isRefusedNow);
  };
  return { ...registry, accounts: registry.accounts.map((account) => withAnswer(withName(withUsage(account)))) };
}

const CurrentSchema = v.looseObject({ schema_version: v.literal(REGISTRY_VERSION) });

/**
 * Saves what has been refreshed of the accounts that are in the file. Nothing is reconciled, and no backup made: five runs of `list` would
 * leave none that is worth having. A registry of an older version waits for a command that changes accounts. Throws UserError when it can't,
 * with `limitMs` also when our lock stays taken so many milliseconds.
 */
export async function saveRefreshed(ctx: Context, refreshed: Saved, limitMs?: number): Promise<void> {
  const { files, layout } = ctx;
  if (!changesAnything(ctx, refreshed)) return;
  const save = async () => {
    const registry = loadRegistry(ctx);
    // when nobody else has written anything since the last sync, our own writing is no reason for another
    const paths = authPaths(layout, registry);
    const wasSynced = isSynced(ctx, paths);
    const saved = withRefreshed(registry, refreshed);
    files.write(layout.registry, renderRegistry(saved));
    // a name that has changed is not in the env files yet: each shell has them written again
    if (!wasSynced || !hasSameLabels(registry, saved)) return;
    const written = files.readable(layout.registry);
    if (written && files.entry(registryWitness(layout)))
      makeRegistryWitness(files, registryWitness(layout), layout.registry, written);
    markSynced(ctx, newestWriteMs(ctx, paths));
  };
  await underOurLock(ctx, save, limitMs);
}

function hasSameLabels(before: Registry, after: Registry): boolean {
  const labels = nameAccounts(before).map(({ label }) => label);
  return nameAccounts(after).every(({ label }, at) => label === labels[at]);
}

function changesAnything(ctx: Context, refreshed: Saved): boolean {
  const text = ctx.files.read(ctx.layout.registry);
  if (text === undefined || !v.is(CurrentSchema, JSON.parse(text))) return false;
  const registry = loadRegistry(ctx);
  return renderRegistry(registry) !== renderRegistry(withRefreshed(registry, refreshed));
}
