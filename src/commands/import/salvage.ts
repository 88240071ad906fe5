import { join } from "node:path";
import type { Context } from "../../context.ts";
import { underOurLock } from "../../core/state/our-lock.ts";
import { UserError } from "../../core/errors.ts";
import { parseJson } from "../../core/json.ts";
import { isNewer } from "../../core/accounts/migrate.ts";
import { emptyRegistry, parseRegistry, type Registry } from "../../core/accounts/registry.ts";
import { stamp } from "../../core/base/backups.ts";

const BACKUP = "registry.json.bak.";

/**
 * Returns what is known of the accounts: the registry; where it is missing or damaged the newest backup that can be read, else nothing.
 * Throws UserError for a registry of a newer version.
 */
export function salvageRegistry({ files, layout }: Pick<Context, "files" | "layout">): {
  known: Registry;
  isDamaged: boolean;
} {
  const read = (text: string, path: string) =>
    parseRegistry(text, path, (name) => files.read(join(layout.accounts, name)));
  const text = files.read(layout.registry);
  if (text !== undefined) {
    try {
      return { known: read(text, layout.registry), isDamaged: false };
    } catch (error) {
      if (!(error instanceof UserError) || isNewer(parseJson(text))) throw error;
    }
  }
  const backups = files.names(layout.accounts).filter((name) => name.startsWith(BACKUP));
  for (const name of backups.toReversed()) {
    try {
      const path = join(layout.accounts, name);
      return { known: read(files.read(path) ?? "", path), isDamaged: text !== undefined };
    } catch {
      // the one before it may be good
    }
  }
  return { known: emptyRegistry(), isDamaged: text !== undefined };
}

/** Moves a damaged registry to its backups. */
export async function moveRegistryAway(ctx: Context): Promise<void> {
  const { files, layout } = ctx;
  await underOurLock(ctx, async () => {
    const name = BACKUP + stamp(files.names(layout.accounts), BACKUP, ctx.now());
    files.move(layout.registry, join(layout.accounts, name));
  });
}
