import { join } from "node:path";
import type { Context } from "../../context.ts";
import { fileKeyOf, homeIdOf } from "../accounts/account.ts";
import { ASKING, changeState } from "../state/change.ts";
import { removeHome } from "../homes/homes.ts";
import { HOME_ID, homePath } from "../state/layout.ts";
import { staleBackups } from "../state/stamp.ts";

/** A younger scratch home may be that of a login that is under way in another terminal. */
const LONGEST_LOGIN_MS = 24 * 60 * 60 * 1000;

/**
 * Drops what nothing needs any more: homes of accounts that are no longer registered (what keeps old sessions resumable stays), broken-off
 * logins, temporary files, backups beyond the newest five. Never a credential, known or not, in `accounts/`. Returns the paths.
 */
export async function cleanUp(ctx: Context): Promise<string[]> {
  const { files, layout, codex } = ctx;
  return await changeState(ctx, ASKING, async (store) => {
    const keys = store.registry.accounts.map((account) => account.account_key);
    const ids = new Set(keys.map(homeIdOf));
    const removed: string[] = [];
    for (const id of files.names(layout.homes)) {
      const home = homePath(layout, id);
      if (!HOME_ID.test(id) || ids.has(id) || !holdsMore(ctx, home)) continue;
      await codex.endServers(home);
      removeHome(files, layout, id);
      removed.push(home);
    }
    const stale = [
      ...files
        .names(layout.ours)
        .filter((name) => /^login-[0-9a-f]{12}$/.test(name))
        .map((name) => join(layout.ours, name))
        .filter((path) => (files.entry(path)?.mtimeMs ?? 0) < ctx.now() - LONGEST_LOGIN_MS),
      ...[layout.accounts, layout.backup, layout.ours, layout.env].flatMap((directory) =>
        files
          .names(directory)
          .filter((name) => /^\..*\.[0-9a-f]{12}\.tmp$/.test(name))
          .map((name) => join(directory, name)),
      ),
      ...["registry.json.bak.", "auth.json.bak."].flatMap((prefix) =>
        staleBackups(files.names(layout.accounts), prefix).map((name) => join(layout.accounts, name)),
      ),
      ...staleLocks(ctx, keys),
    ];
    for (const path of stale) files.removeTree(path);
    return [...removed, ...stale];
  });
}

/** Whether a home, which is no link, has more than the links that keep sessions resumable, and no login of its own: that would be lost. */
function holdsMore({ files }: Context, home: string): boolean {
  if (files.entry(home)?.kind !== "directory") return false;
  const names = files.names(home).filter((name) => name !== "sessions" && name !== "archived_sessions");
  return names.length > 0 && files.entry(join(home, "auth.json"))?.kind !== "file";
}

/** Returns the lock files of credentials that are gone. */
function staleLocks({ files, layout }: Context, accountKeys: readonly string[]): string[] {
  const known = new Set(accountKeys.map((key) => `${fileKeyOf(key)}.auth.json.lock`));
  const names = new Set(files.names(layout.accounts));
  return [...names]
    .filter(
      (name) => name.endsWith(".auth.json.lock") && !known.has(name) && !names.has(name.slice(0, -".lock".length)),
    )
    .map((name) => join(layout.accounts, name));
}
