import { join } from "node:path";
import { type Account, fileKeyOf, homeIdOf } from "../accounts/account.ts";
import { withoutAccounts } from "../accounts/registry.ts";
import { keepFile, keepMcpLogins } from "../base/kept.ts";
import { backupPath, credentialPath, envPath, homePath } from "../base/layout.ts";
import { endGeneration } from "../homes/generation.ts";
import { removeHome } from "../homes/homes.ts";
import { restoredPath } from "../reconcile/execute.ts";
import type { Store, StoreContext } from "./store.ts";

/**
 * Removes accounts: record, credential, backup, home with its background processes. Pins and sessions that are nowhere else stay; with `keep`
 * the logins go to `kept/`.
 */
export async function removeAccounts(
  ctx: StoreContext,
  store: Store,
  accounts: readonly Account[],
  { keep = false } = {},
): Promise<void> {
  const { layout, codex } = ctx;
  const keys = accounts.map((account) => account.account_key);
  if (keys.includes(store.registry.active_account_key ?? "")) await store.setDefault(undefined);
  store.hasMoved = true;
  store.registry = withoutAccounts(store.registry, keys);
  for (const key of keys) await codex.endServers(homePath(layout, homeIdOf(key)));
  // a Codex that refreshes would write the login anew behind us
  await store.whileNobodyWrites(keys, () => {
    for (const key of keys) removeFiles(ctx, key, keep);
  });
}

function removeFiles(ctx: StoreContext, key: string, keep: boolean): void {
  const { files, layout } = ctx;
  const id = homeIdOf(key);
  if (files.entry(envPath(layout, id))) endGeneration(ctx);
  files.remove(envPath(layout, id));
  if (keep) keepLogins(ctx, key);
  keepFile(ctx, join(homePath(layout, id), "auth.json"));
  removeHome(files, layout, id);
  const credential = credentialPath(layout, fileKeyOf(key));
  for (const path of [credential, `${credential}.lock`, backupPath(layout, fileKeyOf(key)), restoredPath(layout, key)])
    files.remove(path);
}

/** Keeps what an account may log in with. */
function keepLogins(ctx: StoreContext, key: string): void {
  const { layout, files } = ctx;
  const credential = credentialPath(layout, fileKeyOf(key));
  keepFile(ctx, files.entry(credential) ? credential : backupPath(layout, fileKeyOf(key)));
  keepMcpLogins(ctx, homePath(layout, homeIdOf(key)));
}
