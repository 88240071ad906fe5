import { join } from "node:path";
import type { Context } from "../../context.ts";
import { fileKeyOf } from "../../core/accounts/account.ts";
import { isCredentialOf, keepFile, keepMcpLogins } from "../../core/base/kept.ts";
import { backupPath, credentialPath, HOME_ID, homePath } from "../../core/base/layout.ts";
import { isPrivate, SHARED_DIRECTORIES } from "../../core/homes/sharing.ts";
import { scratchHomes } from "../../core/state/scratch.ts";
import { loadRegistry } from "../../core/state/state.ts";

/** Keeps the logins that are nowhere else: parked ones, what was found in homes and left alone, backups of logins that are gone, logins to MCP servers. */
export function keepLogins(ctx: Context): void {
  const { files, layout } = ctx;
  const homes = files
    .names(layout.homes)
    .filter((id) => HOME_ID.test(id))
    .map((id) => homePath(layout, id))
    .filter((home) => files.entry(home)?.kind === "directory");
  for (const home of homes) keepMcpLogins(ctx, home);
  const live = new Set(
    loadRegistry(ctx)
      .accounts.map((account) => account.account_key)
      .filter((key) => isCredentialOf(files.readQuietly(credentialPath(layout, fileKeyOf(key))) ?? "", key))
      .map((key) => backupPath(layout, fileKeyOf(key))),
  );
  const backups = files
    .names(layout.backup)
    .filter((name) => name.endsWith(".auth.json"))
    .map((name) => join(layout.backup, name))
    .filter((path) => !live.has(path));
  const own = [...homes, ...scratchHomes(ctx)].map((home) => join(home, "auth.json"));
  const parked = files.names(layout.pending).map((name) => join(layout.pending, name));
  for (const path of [...own, ...backups, ...parked]) keepFile(ctx, path);
}

/**
 * Removes all of ours but what is kept and the homes that share nothing and so have sessions of their own; returns those. What was made in the
 * base home for sharing goes too where nothing has come into it.
 */
export async function removeOurs(ctx: Context): Promise<string[]> {
  const { files, layout } = ctx;
  const isOwn = (home: string) =>
    files.names(home).some((name) => !isPrivate(name) && files.entry(join(home, name))?.kind !== "link");
  const own = files
    .names(layout.homes)
    .map((id) => homePath(layout, id))
    .filter((home) => files.entry(home)?.kind === "directory" && isOwn(home));
  for (const home of own) for (const name of ["auth.json", ".credentials.json"]) files.remove(join(home, name));
  for (const id of files.names(layout.homes))
    if (!own.includes(homePath(layout, id))) files.removeTree(homePath(layout, id));
  files.removeEmpty(layout.homes);
  const staying = ["kept", "homes", "lock"];
  for (const name of files.names(layout.ours).filter((one) => !staying.includes(one)))
    files.removeTree(join(layout.ours, name));
  for (const name of SHARED_DIRECTORIES) files.removeEmpty(join(layout.base, name));
  for (const name of files.names(layout.accounts).filter((one) => one.endsWith(".auth.json.lock")))
    await removeLock(ctx, join(layout.accounts, name));
  files.remove(layout.lock);
  files.removeEmpty(layout.ours);
  return own;
}

/** Removes a lock of Codex's, unless somebody holds it. */
async function removeLock({ files, locks }: Context, path: string): Promise<void> {
  await locks
    .hold(
      [path],
      0,
      () => new Error("held"),
      () => files.remove(path),
    )
    .catch(() => {});
}
