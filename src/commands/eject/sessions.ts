import { join } from "node:path";
import type { Context } from "../../context.ts";
import { homePath, type Layout } from "../../core/base/layout.ts";

/**
 * Codex's database names sessions by their path in the account home they were made in; the sessions themselves lie in the base home. Tells it
 * so; returns how many those were.
 */
export async function rewriteSessions({ files, layout }: Context): Promise<number> {
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
