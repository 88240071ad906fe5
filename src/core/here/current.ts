import type { Context } from "../../context.ts";
import { type Active, activeHere } from "../active/active.ts";
import { environmentOf, environmentOfDefault } from "../homes/derive.ts";
import { MISSING_LABEL } from "../homes/environment.ts";
import { type BilledHere, billedHere } from "./billed.ts";
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
  /** What a bare `codex` would bill in this very environment. */
  billed: BilledHere;
}

/** Returns which account is active in this directory, and why. */
export function currentAccount(ctx: Context): Current {
  const state = viewState(ctx);
  const found = activeHere(ctx, state.registry);
  // a login that is no account (yet) is the default all the same
  const active: Active = found.source === null && state.unregistered ? { ...found, source: "default" } : found;
  const { label, codexHome } = seen(ctx, state, active);
  const billed = billedHere(ctx, state, active);
  const isMarked = label === undefined || active.missing || label.endsWith(" !") || billed.overriddenBy.length === 0;
  return { state, active, billed, codexHome, label: isMarked ? label : `${label} !` };
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

/** Says why an account is active. */
export function reasonOf({ source, pin }: Active): string {
  if (source === "use") return "used in this shell (codex-auth use - ends it)";
  if (source === "pin" && pin === null) return "applied by this shell, whose directory cannot be told";
  if (source === "pin") return `pinned in ${pin}`;
  return "the default account";
}
