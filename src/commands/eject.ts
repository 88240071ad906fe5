import { join } from "node:path";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { homeIdOf } from "../core/accounts/account.ts";
import { HOME_ID, homePath, type Layout } from "../core/base/layout.ts";
import { UserError } from "../core/errors.ts";
import { isPrivate } from "../core/homes/homes.ts";
import { authPath, codexLocks, holdCodexLocks } from "../core/reconcile/execute.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { underOurLock } from "../core/state/our-lock.ts";

// auth.json becomes a plain file with the default account's login, the account homes and all state of ours go. `accounts/` stays, in the format
// of the older tool. Sessions stay resumable: Codex's database is told their paths in the base home.
export default defineVerb({
  args: {},
  examples: ["codex-auth eject"],
  async run(ctx) {
    const { files, layout, codex, log, terminal } = ctx;
    if (files.entry(layout.ours) === undefined)
      throw new UserError(`${layout.base} has nothing of codex-auth`, { hint: "nothing is left to do" });
    await changeState(ctx, ASKING, async (store) => {
      for (const { account_key: key } of store.registry.accounts)
        await codex.endServers(homePath(layout, homeIdOf(key)));
    });
    await underOurLock(ctx, async () => {
      const rescued = rescueLogins(ctx);
      await holdCodexLocks(ctx, codexLocks(layout, { homes: [] }, [], ["base"]), () => plainLogin(ctx));
      const count = await rewriteSessions(ctx);
      for (const path of [...rescued, ...removeOurs(ctx)]) log.info(`kept, because it is nowhere else: ${path}`);
      const sessions = count === 1 ? "1 session" : `${count} sessions`;
      if (count > 0) log.info(`${sessions} of account homes can be resumed from ${layout.base}`);
    });
    terminal.out(`${layout.base} is as Codex alone would have it; the logins stay in ${layout.accounts}\n`);
    log.info("take the lines with `codex-auth` out of your shell's start file, and open a new shell");
  },
});

function plainLogin({ files, layout }: Context): void {
  const auth = authPath(layout, "base");
  if (files.entry(auth)?.kind !== "link") return;
  const text = files.read(auth);
  const isOurs = files.linkText(auth)?.startsWith("accounts/");
  if (text !== undefined && isOurs) files.write(auth, text);
}

/** Logins that are nowhere else: parked keys, and what was found in homes and left alone. They go to `accounts/`. */
function rescueLogins({ files, layout }: Context): string[] {
  const pending = files.names(layout.pending).map((name) => [join(layout.pending, name), `unknown-${name}`] as const);
  const homes = files
    .names(layout.homes)
    .filter((id) => HOME_ID.test(id))
    .filter((id) => files.entry(homePath(layout, id))?.kind === "directory")
    .map((id) => [join(homePath(layout, id), "auth.json"), `unknown-${id}.json`] as const)
    .filter(([path]) => files.entry(path)?.kind === "file");
  return [...pending, ...homes].map(([path, name]) => {
    const target = join(layout.accounts, name);
    files.makeDirectory(layout.accounts);
    files.move(path, target);
    return target;
  });
}

/** Removes all of ours but the homes that share nothing and so have sessions of their own; returns those. */
function removeOurs({ files, layout }: Context): string[] {
  const isOwn = (home: string) =>
    files.names(home).some((name) => !isPrivate(name) && files.entry(join(home, name))?.kind !== "link");
  const own = files
    .names(layout.homes)
    .map((id) => homePath(layout, id))
    .filter((home) => files.entry(home)?.kind === "directory" && isOwn(home));
  for (const name of files.names(layout.ours).filter((name) => own.length === 0 || name !== "homes"))
    files.removeTree(join(layout.ours, name));
  for (const home of own) files.remove(join(home, "auth.json"));
  for (const id of files.names(layout.homes))
    if (!own.includes(homePath(layout, id))) files.removeTree(homePath(layout, id));
  files.removeEmpty(layout.ours);
  return own;
}

/** Codex's database names sessions by their path in the account home they were made in; the sessions themselves lie in the base home. */
async function rewriteSessions({ files, layout }: Context): Promise<number> {
  const { Database } = await import("bun:sqlite");
  let rewritten = 0;
  for (const name of files.names(layout.base).filter((name) => /^state_\d+\.sqlite$/.test(name))) {
    const database = new Database(join(layout.base, name), { readwrite: true, create: false });
    try {
      database.run("PRAGMA busy_timeout = 5000");
      for (const id of files.names(layout.homes)) rewritten += rewrite(database, layout, id);
    } finally {
      database.close();
    }
  }
  return rewritten;
}

function rewrite(database: import("bun:sqlite").Database, layout: Layout, id: string): number {
  const hasThreads = database.query("SELECT 1 FROM pragma_table_info('threads') WHERE name = 'rollout_path'").get();
  if (!hasThreads) return 0;
  const prefix = `${homePath(layout, id)}/`;
  const update = database.query(
    "UPDATE threads SET rollout_path = $base || substr(rollout_path, $length) WHERE substr(rollout_path, 1, $length - 1) = $prefix",
  );
  // SQLite counts characters, as does the spread
  return update.run({ $base: `${layout.base}/`, $length: [...prefix].length + 1, $prefix: prefix }).changes;
}
