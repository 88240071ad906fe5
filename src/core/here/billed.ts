import { basename, dirname, join } from "node:path";
import type { Context } from "../../context.ts";
import type { Account } from "../accounts/account.ts";
import { readCredential } from "../accounts/auth-file.ts";
import { identify } from "../accounts/record.ts";
import { labelOf } from "../accounts/names.ts";
import { accountOfHome, findAccount } from "../accounts/registry.ts";
import { type Active, activeHere } from "../active/active.ts";
import { homePath, layoutOf, missingHomePath } from "../base/layout.ts";
import { straysIn } from "../homes/environment.ts";
import { type Login, loginOf, type Override, overridesIn, overridesInFiles, tellOverride } from "../homes/overrides.ts";
import { type State, viewState } from "../state/state.ts";
import { derived } from "../derived.ts";
import { codexHere } from "./codex-here.ts";
import { followedEnvironment } from "./followed.ts";

/** One thing that decides who is billed beside what the directory says. */
export interface Overriding {
  /** A variable, or `FILE:LINE`. */
  name: string;
  message: string;
  remedy: string;
}

/** What a bare `codex` would bill in an environment. */
export interface Billed {
  /** Undefined: nobody, or nobody that we know. */
  account: Account | undefined;
  /** How people call who is logged in there; undefined: nobody is. */
  label: string | undefined;
  overriddenBy: Overriding[];
}

/** The same for a directory: also whether the hook, or a shim, brings its account. */
export interface BilledHere extends Billed {
  follows: boolean;
}

/** What is known of a shell in which somebody asks. */
type BilledContext = Pick<Context, "env" | "home" | "cwd" | "uid" | "now" | "chosen" | "files" | "layout" | "programs">;

/** Whether the hook of the calling shell runs behind this command, and brings the account of the directory. */
export const followsHere = ({ env }: Pick<Context, "env">): boolean => Boolean(env.CODEX_AUTH_SNIPPET);

/**
 * Returns what a bare `codex` would bill in this very environment: by its variables, its directory and the files that Codex would read. Where the
 * shell's hook runs, it brings what `active` says first; it leaves what the user has changed since. So does a shim that stands before Codex on PATH.
 */
export function billedHere(ctx: BilledContext, state: State, active: Active): BilledHere {
  if (followsHere(ctx)) return { ...billedBehindHook(ctx, state, active), follows: true };
  const shim = codexHere(ctx)?.shim;
  if (!shim) return { ...billedBare(ctx, state, active), follows: false };
  const env = environmentOfShim(ctx, shim.base, state, active);
  return { ...billedBare(derived(ctx, { env }), state, active), follows: shim.base === ctx.layout.base };
}

/** Returns what a shim of a base home makes of this environment. */
function environmentOfShim(ctx: BilledContext, base: string, state: State, active: Active): BilledContext["env"] {
  if (base === ctx.layout.base) return followedEnvironment(ctx, state, active);
  const there = derived(ctx, { layout: layoutOf(base), chosen: false });
  const known = viewState(there);
  return followedEnvironment(there, known, activeHere(there, known.registry));
}

function billedBare(ctx: BilledContext, state: State, active: Active): Billed {
  return withVariables(loginAt(ctx, state, codexHome(ctx)), [
    ...(isElsewhere(ctx, homeOf(ctx, active)) ? ["CODEX_HOME"] : []),
    ...straysIn(ctx.env),
  ]);
}

function billedBehindHook(ctx: BilledContext, state: State, active: Active): Billed {
  const isAway = isElsewhere(ctx, homeOf(ctx, active));
  const strays = strayCounts(ctx, active) ? straysIn(ctx.env) : [];
  const seen = withVariables(loginAt(ctx, state, homeOf(ctx, active)), [...(isAway ? ["CODEX_HOME"] : []), ...strays]);
  if (!isAway) return seen;
  const elsewhere = loginAt(ctx, state, codexHome(ctx));
  return { ...seen, label: elsewhere.label, account: hasOther(seen) ? undefined : elsewhere.account };
}

/** Takes who is logged in and the variables that decide otherwise. */
function withVariables(seen: Billed, variables: readonly string[]): Billed {
  const set = variables.map((name) => ({
    name,
    message: `${name} is set: Codex would bill that instead`,
    remedy: `unset ${name}`,
  }));
  const all = { ...seen, overriddenBy: [...set, ...seen.overriddenBy] };
  return hasOther(all) ? { ...all, account: undefined } : all;
}

/** Whether more than another home decides. */
const hasOther = ({ overriddenBy }: Billed) => overriddenBy.some(({ name }) => name !== "CODEX_HOME");

/** The home that Codex takes by itself. */
const codexHome = ({ env, home = "" }: BilledContext) => env.CODEX_HOME || join(home, ".codex");

function homeOf({ layout }: BilledContext, { homeId, missing }: Active): string {
  if (homeId === null) return layout.base;
  return missing ? missingHomePath(layout, homeId) : homePath(layout, homeId);
}

/** Beside the default account every stray counts; else those that came after the shell's hook had taken them away. */
function strayCounts({ env }: BilledContext, { account, homeId }: Active): boolean {
  return homeId === null || (account !== undefined && env.CODEX_AUTH_ACCOUNT === account.account_key);
}

/** Whether the user's CODEX_HOME leads away from here. What the shell's hook has set for another directory does not count: it follows by itself. */
function isElsewhere({ env, files, layout }: BilledContext, wanted: string): boolean {
  const own = env.CODEX_HOME;
  if (!own || env._CODEX_AUTH_SET_CODEX_HOME === `+${own}`) return false;
  const physical = (path: string) => files.physical(path) ?? path;
  // in a shell without a hook the base home's own name is no choice of the user's
  return physical(own) !== physical(wanted) && physical(own) !== physical(layout.base);
}

/** Returns who is logged in at a Codex home, and what there decides otherwise. An account home of ours is its account, however one came there. */
function loginAt(ctx: BilledContext, state: State, home: string): Billed {
  const { files, layout } = ctx;
  const physical = files.physical(home);
  if (physical === undefined) return { account: undefined, label: undefined, overriddenBy: [] };
  const { share } = state.settings;
  if (physical === files.physical(layout.base)) {
    const account = findAccount(state.registry, state.registry.active_account_key);
    return withOverrides(state, account, state.unregistered?.label, (login) =>
      overridesInFiles(ctx, { homeId: undefined, share }, login, ctx.cwd),
    );
  }
  if (dirname(physical) === files.physical(layout.homes)) {
    const homeId = basename(physical);
    const account = accountOfHome(state.registry, homeId);
    const isLoggedIn = account !== undefined && !state.loggedOut.has(account.account_key);
    return withOverrides(state, isLoggedIn ? account : undefined, undefined, (login) =>
      overridesInFiles(ctx, { homeId, share }, login, ctx.cwd),
    );
  }
  const credential = readCredential(files, join(physical, "auth.json"));
  const key = credential && identify(credential, state.registry.accounts, new Map());
  const label = credential && `the login in ${home}`;
  return withOverrides(state, findAccount(state.registry, key ?? null), label, (login) =>
    overridesIn(ctx.files, { config: physical, dotEnv: join(physical, ".env") }, login, ctx.cwd),
  );
}

function withOverrides(
  { registry }: State,
  account: Account | undefined,
  other: string | undefined,
  find: (login: Login | undefined) => Override[],
): Billed {
  const label = account ? labelOf(registry, account) : other;
  const overriddenBy = find(account && loginOf(account)).map((override) => ({
    name: override.at,
    message: tellOverride(override, label ?? "logged in"),
    remedy: override.remedy,
  }));
  return { account, label, overriddenBy };
}
