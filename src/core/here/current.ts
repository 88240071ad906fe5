import type { Context } from "../../context.ts";
import { type Active, activeHere } from "../active/active.ts";
import { environmentOf, environmentOfDefault } from "../homes/derive.ts";
import { MISSING_LABEL, straysIn } from "../homes/environment.ts";
import { homePath, missingHomePath } from "../base/layout.ts";
import { type State, viewState } from "../state/state.ts";

/** Which account is active here, and what is told of it. */
export interface Current {
  state: State;
  active: Active;
  /** As a prompt shows it; undefined without an account. */
  label: string | undefined;
  /** The Codex home that is used here. */
  codexHome: string;
  /** Variables of this shell beside which Codex would bill somebody else. */
  strays: string[];
}

/** Returns which account is active in this directory, and why. */
export function currentAccount(ctx: Context): Current {
  const state = viewState(ctx);
  const found = activeHere(ctx, state.registry);
  // a login that is no account (yet) is the default all the same
  const active: Active = found.source === null && state.unregistered ? { ...found, source: "default" } : found;
  const { label, codexHome } = seen(ctx, state, active);
  const strays = straysBeside(ctx, active, codexHome);
  return { state, active, strays, codexHome, label: label !== undefined && strays.length > 0 ? `${label} !` : label };
}

function seen(
  ctx: Context,
  state: State,
  { account, homeId }: Active,
): { label: string | undefined; codexHome: string } {
  const { layout } = ctx;
  if (homeId === null) return { label: environmentOfDefault(ctx, state)?.set.CODEX_AUTH_LABEL, codexHome: layout.base };
  if (!account) return { label: MISSING_LABEL, codexHome: missingHomePath(layout, homeId) };
  return { label: environmentOf(ctx, state, account).set.CODEX_AUTH_LABEL, codexHome: homePath(layout, homeId) };
}

/** Beside the default account every stray counts; else those that came after the shell's hook had taken them away. */
function straysBeside(ctx: Context, { account, homeId }: Active, codexHome: string): string[] {
  const counts = homeId === null || (account && ctx.env.CODEX_AUTH_ACCOUNT === account.account_key);
  if (!counts) return [];
  return [...(isElsewhere(ctx, codexHome) ? ["CODEX_HOME"] : []), ...straysIn(ctx.env)];
}

/** Whether the user's CODEX_HOME leads away from here. What the shell's hook has set for another directory does not count: it follows by itself. */
function isElsewhere({ env, files }: Context, codexHome: string): boolean {
  const own = env.CODEX_HOME;
  if (!own || env._CODEX_AUTH_SET_CODEX_HOME === `+${own}`) return false;
  return (files.physical(own) ?? own) !== (files.physical(codexHome) ?? codexHome);
}

/** Says why an account is active. */
export function reasonOf({ source, pin }: Active): string {
  if (source === "use") return "used in this shell (codex-auth use - ends it)";
  if (source === "pin") return `pinned in ${pin}`;
  return "the default account";
}
