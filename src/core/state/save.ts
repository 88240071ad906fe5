import type { Context } from "../../context.ts";
import { deriveFiles, renewGeneration } from "../homes/derive.ts";
import { isSameRegistry, type Registry, renderRegistry } from "../accounts/registry.ts";
import { writeBackup } from "../base/backups.ts";
import { loadRegistry } from "./state.ts";
import type { Store } from "./store.ts";

/** Saves what a change has left, and what follows from it. */
export function saveStore(ctx: Context, store: Store): void {
  const { files, layout } = ctx;
  const saved = loadRegistry(ctx);
  if (!isSameRegistry(saved, store.registry)) saveRegistry(ctx, store.registry);
  const derived = deriveFiles(ctx, store);
  const announced = (files.read(layout.generation) ?? "").includes("\nannounce") === store.settings.announce;
  if (derived || store.shellsLook || !announced || files.entry(layout.generation) === undefined)
    renewGeneration(ctx, store.settings);
}

/** Writes the registry, keeping the one before as a backup: the newest five stay. */
export function saveRegistry({ files, layout, now }: Context, registry: Registry): void {
  files.makeDirectory(layout.accounts);
  const before = files.read(layout.registry);
  if (before !== undefined) writeBackup(files, layout.accounts, "registry.json.bak.", before, now());
  files.write(layout.registry, renderRegistry(registry));
}
