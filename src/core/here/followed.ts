import type { Context } from "../../context.ts";
import type { Active } from "../active/active.ts";
import { homePath, missingHomePath } from "../base/layout.ts";
import { environmentOf, environmentOfDefault, type Known } from "../homes/derive.ts";
import { besideOwn, MISSING_LABEL, STRAYS } from "../homes/environment.ts";
import { ownEnvironment, type Variables, withEnvironment } from "../homes/inherit.ts";

/** What is known of whoever is to run `codex`. */
type FollowedContext = Pick<Context, "env" | "home" | "files" | "layout">;

/**
 * Returns the environment that a shim starts Codex in: what the hook of a shell that begins here would set for the active account. Where such a
 * hook has done so already nothing changes, and a CODEX_HOME that the user chose himself stays.
 */
export function followedEnvironment(ctx: FollowedContext, known: Known, active: Active): Variables {
  if (isApplied(ctx, active)) return ctx.env;
  const own = ownEnvironment(ctx);
  const { layout } = ctx;
  const { account, homeId, missing, source } = active;
  if (own.CODEX_HOME && !isSame(ctx, own.CODEX_HOME, layout.base)) return own;
  if (homeId === null) return withDefault(ctx, known, own);
  if (account && !missing) return withEnvironment(own, environmentOf(ctx, known, account), homeId, source ?? "pin");
  const set = { CODEX_HOME: missingHomePath(layout, homeId), CODEX_AUTH_LABEL: MISSING_LABEL };
  return withEnvironment(own, { set, unset: [...STRAYS] }, `${homeId}.missing`, source ?? "pin");
}

/** Returns the user's environment with what tells of the default account, and with CODEX_HOME where Codex by itself would take another base home. */
export function withDefault(ctx: FollowedContext, known: Known, own: Variables): Record<string, string> {
  const usual = own.CODEX_HOME || (ctx.home && `${ctx.home}/.codex`);
  const environment = besideOwn(environmentOfDefault(ctx, known) ?? { set: {}, unset: [] }, own);
  const home = usual === ctx.layout.base ? {} : { CODEX_HOME: ctx.layout.base };
  const isSomebody = Object.keys(environment.set).length > 0;
  const {
    CODEX_AUTH_SOURCE: source,
    _CODEX_AUTH_APPLIED: applied,
    ...rest
  } = withEnvironment(own, { set: { ...environment.set, ...home }, unset: [] }, "@default", "default");
  return isSomebody && source && applied ? { ...rest, CODEX_AUTH_SOURCE: source, _CODEX_AUTH_APPLIED: applied } : rest;
}

/** Whether the environment is what a hook has made of it for this very account. */
function isApplied(ctx: FollowedContext, { account, homeId, missing }: Active): boolean {
  const { env, home = "", layout } = ctx;
  if (missing || env.CODEX_AUTH_ACCOUNT !== account?.account_key) return false;
  if (homeId !== null) return env._CODEX_AUTH_APPLIED === homeId && env.CODEX_HOME === homePath(layout, homeId);
  return env._CODEX_AUTH_APPLIED === "@default" && isSame(ctx, env.CODEX_HOME || `${home}/.codex`, layout.base);
}

function isSame({ files }: FollowedContext, one: string, other: string): boolean {
  const physical = (path: string) => files.physical(path) ?? path;
  return one === other || physical(one) === physical(other);
}
