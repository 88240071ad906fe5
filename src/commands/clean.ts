import { basename, join } from "node:path";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { fileKeyOf, homeIdOf } from "../core/accounts/account.ts";
import { readCredential } from "../core/accounts/auth-file.ts";
import { identify } from "../core/accounts/record.ts";
import { staleBackups } from "../core/base/backups.ts";
import { isCredentialOf, keepFile, keepMcpLogins } from "../core/base/kept.ts";
import { credentialPath, HOME_ID, homePath } from "../core/base/layout.ts";
import { hasOwnSessions, removeHome } from "../core/homes/homes.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { scratchHomes } from "../core/state/scratch.ts";
import { loadRegistry } from "../core/state/state.ts";

/** A younger scratch home may be that of a login that is under way in another terminal. */
const LONGEST_LOGIN_MS = 24 * 60 * 60 * 1000;

// Drops what nothing needs any more: homes of accounts that are no longer registered (what keeps old sessions resumable stays), broken-off
// logins, temporary files, backups beyond the newest five. Never the last copy of a login: that goes to `kept/`.
export default defineVerb({
  args: {},
  examples: ["codex-auth clean"],
  async run(ctx) {
    const removed = await changeState(ctx, ASKING, async (store) => {
      const keys = store.registry.accounts.map((account) => account.account_key);
      const homes = await removeUnregistered(ctx, new Set(keys.map(homeIdOf)));
      const stale = [...staleLogins(ctx), ...temporaryFiles(ctx), ...oldBackups(ctx), ...staleLocks(ctx, keys)];
      for (const path of stale) remove(ctx, path);
      return [...homes, ...stale];
    });
    for (const path of removed) ctx.terminal.out(`removed ${path}\n`);
    if (removed.length === 0) ctx.log.info("nothing to clean");
  },
});

/** Removes what is stale; a login in it that is nowhere else is kept. */
function remove(ctx: Context, path: string): void {
  keepFile(ctx, join(path, "auth.json"));
  if (isLoginBackup(path)) keepUnknown(ctx, path);
  ctx.files.removeTree(path);
}

const isLoginBackup = (path: string) => basename(path).startsWith("auth.json.bak.");

/** Keeps a backup of the base home's login unless it is of an account that has its login. */
function keepUnknown(ctx: Context, path: string): void {
  const { files, layout } = ctx;
  const credential = readCredential(files, path);
  const key = credential && identify(credential, loadRegistry(ctx).accounts, new Map());
  const live = key === undefined ? undefined : files.readQuietly(credentialPath(layout, fileKeyOf(key)));
  if (key === undefined || !isCredentialOf(live ?? "", key)) keepFile(ctx, path);
}

/** Removes the homes of other accounts than those with these home ids; returns their paths. */
async function removeUnregistered(ctx: Context, ids: ReadonlySet<string>): Promise<string[]> {
  const { files, layout, codex } = ctx;
  const removed: string[] = [];
  for (const id of files.names(layout.homes)) {
    const home = homePath(layout, id);
    if (!HOME_ID.test(id) || ids.has(id) || !holdsMore(ctx, home)) continue;
    await codex.endServers(home);
    keepMcpLogins(ctx, home);
    removeHome(files, layout, id);
    removed.push(home);
  }
  return removed;
}

/** Whether a home, which is no link, has more than the links that keep sessions resumable, and no login of its own: that would be lost. */
function holdsMore({ files }: Context, home: string): boolean {
  if (files.entry(home)?.kind !== "directory") return false;
  if (hasOwnSessions(files, home)) return false;
  const names = files.names(home).filter((name) => name !== "sessions" && name !== "archived_sessions");
  return names.length > 0 && files.entry(join(home, "auth.json"))?.kind !== "file";
}

/** Returns the scratch homes of logins that were broken off. */
function staleLogins(ctx: Context): string[] {
  const { files, now } = ctx;
  return scratchHomes(ctx).filter((path) => (files.entry(path)?.mtimeMs ?? 0) < now() - LONGEST_LOGIN_MS);
}

/** Returns what writes that were broken off have left. */
const temporaryFiles = ({ files, layout }: Context): string[] =>
  [layout.accounts, layout.backup, layout.ours, layout.env].flatMap((directory) =>
    pathsIn(files, directory, (name) => /^\..*\.[0-9a-f]{12}\.tmp$/.test(name)),
  );

/** Returns the backups of the registry and of the base home's login beyond the newest five of each. */
const oldBackups = ({ files, layout }: Context): string[] =>
  ["registry.json.bak.", "auth.json.bak."].flatMap((prefix) =>
    staleBackups(files.names(layout.accounts), prefix).map((name) => join(layout.accounts, name)),
  );

/** Returns the lock files of credentials that are gone. */
function staleLocks({ files, layout }: Context, accountKeys: readonly string[]): string[] {
  const known = new Set(accountKeys.map((key) => `${fileKeyOf(key)}.auth.json.lock`));
  const names = new Set(files.names(layout.accounts));
  return pathsIn(
    files,
    layout.accounts,
    (name) => name.endsWith(".auth.json.lock") && !known.has(name) && !names.has(name.slice(0, -".lock".length)),
  );
}

const pathsIn = (files: Context["files"], directory: string, isWanted: (name: string) => boolean): string[] =>
  files
    .names(directory)
    .filter(isWanted)
    .map((name) => join(directory, name));
