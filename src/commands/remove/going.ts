import type { Context } from "../../context.ts";
import { type Account, homeIdOf } from "../../core/accounts/account.ts";
import { labelOf } from "../../core/accounts/names.ts";
import type { Registry } from "../../core/accounts/registry.ts";
import { listPins } from "../../core/active/pins.ts";
import { mcpLogins } from "../../core/base/kept.ts";
import { homePath } from "../../core/base/layout.ts";
import { hasOwnSessions } from "../../core/homes/homes.ts";

/** What becomes of what belongs to the accounts that are removed. */
export interface How {
  /** Their logins go to `kept/`. */
  keep: boolean;
  /** Their pins go too. */
  withPins: boolean;
}

const SHOWN = 20;

/** Returns the lines that say what goes with these accounts. */
export function tellGoing(ctx: Context, registry: Registry, accounts: readonly Account[], how: How): string[] {
  const lines = accounts.map((account) => lineOf(ctx, registry, account, how));
  const pins = pinsOf(ctx, accounts);
  const fate = how.withPins ? "is pinned to it: the pin goes too" : "stays pinned: codex will not start there";
  return [
    ...cut(lines, "accounts"),
    ...cut(
      pins.map((path) => `  ${path} ${fate}`),
      "pins",
    ),
  ];
}

function lineOf({ files, layout }: Context, registry: Registry, account: Account, { keep }: How): string {
  const home = homePath(layout, homeIdOf(account.account_key));
  const hasMcpLogins = files.entry(mcpLogins(home)) !== undefined;
  const about = [
    keep ? `its login goes to ${layout.kept}` : "its login goes for good",
    ...(hasMcpLogins ? [`so do the logins to MCP servers of its home`] : []),
    ...(account.account_key === registry.active_account_key ? ["it is the default account: there will be none"] : []),
    ...(hasOwnSessions(files, home) ? [`its sessions stay in ${home}`] : []),
  ];
  return `  ${labelOf(registry, account)}: ${about.join(", ")}`;
}

/** Returns the directories that are pinned to these accounts. */
export function pinsOf({ files, layout }: Context, accounts: readonly Account[]): string[] {
  const ids = new Set(accounts.map((account) => homeIdOf(account.account_key)));
  return listPins(files, layout).flatMap(({ path, homeId }) => (homeId !== undefined && ids.has(homeId) ? path : []));
}

const cut = (lines: string[], what: string) =>
  lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `  … and ${lines.length - SHOWN} more ${what}`];
