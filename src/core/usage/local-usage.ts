import { join } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, homeIdOf } from "../accounts/account.ts";
import type { Active } from "../active/active.ts";
import { hasHome } from "../homes/derive.ts";
import { homePath } from "../base/layout.ts";
import { findPin } from "../active/pins.ts";
import type { Registry } from "../accounts/registry.ts";
import { readLocalUsage, type Session } from "./rollouts.ts";
import type { Settings } from "../base/settings.ts";
import { cachedView, hasUsage, REQUESTED, type UsageView } from "./view.ts";

/** What tells whose a session was. */
export interface LocalInput {
  registry: Registry;
  settings: Pick<Settings, "share">;
  active: Active;
}

type LocalContext = Pick<Context, "files" | "layout">;

/** Returns what Codex's own sessions tell of the usage of these accounts, where it is newer than what is known; nobody is asked. */
export function localViews(ctx: LocalContext, accounts: readonly Account[], input: LocalInput): Map<string, UsageView> {
  const asked = accounts.filter(hasUsage);
  const keys = asked.map((account) => account.account_key);
  const found = readLocalUsage(ctx.files, join(ctx.layout.base, "sessions"), keys, (session, timestampMs) =>
    ownerOf(ctx, input, session, timestampMs),
  );
  if (input.settings.share !== "all") for (const [key, local] of ownSessions(ctx, asked)) found.set(key, local);
  return new Map(
    asked.map((account) => {
      const local = found.get(account.account_key);
      const refresh = { ...REQUESTED, method: "local" } as const;
      if (!local) return [account.account_key, cachedView(account, { ...refresh, status: "no_data" })];
      const isNewer = local.timestampMs / 1000 > (account.last_usage_at ?? 0);
      const view: UsageView = isNewer
        ? {
            usage: local.usage,
            updatedAt: Math.floor(local.timestampMs / 1000),
            source: "local",
            refresh: { ...refresh, status: "ok" },
            failure: null,
            rollout: { path: local.path, event_timestamp_ms: local.timestampMs },
          }
        : cachedView(account, { ...refresh, status: "ok" });
      return [account.account_key, view];
    }),
  );
}

/** Homes that do not share all have sessions of their own. */
function ownSessions({ files, layout }: LocalContext, accounts: readonly Account[]) {
  return accounts.flatMap((account) => {
    const id = homeIdOf(account.account_key);
    if (!hasHome({ files, layout }, id)) return [];
    const sessions = join(homePath(layout, id), "sessions");
    return [...readLocalUsage(files, sessions, [account.account_key], () => account.account_key)];
  });
}

/**
 * Returns the account that a session ran as: the one that began it, where Codex says so. Else the account that is active here, if it is that
 * in the session's directory too, and was so then already; what `use` chose can't be told afterwards.
 */
function ownerOf(
  { files, layout }: LocalContext,
  { registry, active }: LocalInput,
  { cwd, accountKey }: Session,
  timestampMs: number,
): string | undefined {
  if (accountKey !== undefined) return accountKey;
  const { account, source } = active;
  if (!account || source === "use") return undefined;
  const pin = cwd === undefined ? undefined : findPin(files, layout, files.physical(cwd) ?? cwd);
  const pinned = pin && files.mtimeMs(join(layout.pins, pin.path, "%account"));
  const since = source === "default" ? registry.active_account_activated_at_ms : pinned;
  const isHere = source === "default" ? pin === undefined : pin?.homeId === homeIdOf(account.account_key);
  return isHere && timestampMs >= (since ?? 0) ? account.account_key : undefined;
}
