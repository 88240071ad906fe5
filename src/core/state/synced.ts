import { join } from "node:path";
import type { Context } from "../../context.ts";
import { homeIdOf } from "../accounts/account.ts";
import { homePath } from "../base/layout.ts";
import type { Registry } from "../accounts/registry.ts";

type SyncedContext = Pick<Context, "files" | "layout">;

/** Returns when the newest of the logins and the registry was written, in milliseconds since 1970. */
export function newestWriteMs({ files, layout }: SyncedContext, registry: Registry): number {
  const homes = registry.accounts.map(({ account_key: key }) => join(homePath(layout, homeIdOf(key)), "auth.json"));
  return Math.max(...[layout.auth, layout.registry, ...homes].map((path) => files.mtimeMs(path) ?? 0));
}

/** Marks everything that was written up to then as seen: no shell runs sync for it. */
export function markSynced({ files, layout }: SyncedContext, newestMs: number): void {
  // two milliseconds: a shell compares nanoseconds, which no time of ours can name
  files.touch(layout.synced, newestMs + 2);
}

/** Whether everything has been seen. */
export const isSynced = (ctx: SyncedContext, registry: Registry): boolean =>
  newestWriteMs(ctx, registry) <= (ctx.files.mtimeMs(ctx.layout.synced) ?? 0);
