import { basename, dirname, join } from "node:path";
import type { Context } from "../../context.ts";
import type { Account } from "../accounts/account.ts";
import { readCredential } from "../accounts/auth-file.ts";
import { identify } from "../accounts/record.ts";
import { labelOf } from "../accounts/names.ts";
import { accountOfHome, findAccount } from "../accounts/registry.ts";
import type { Active } from "../active/active.ts";
import { homePath, missingHomePath } from "../base/layout.ts";
import { straysIn } from "../homes/environment.ts";
import { type Login, loginOf, type Override, overridesIn, overridesInFiles, tellOverride } from "../homes/overrides.ts";
import type { State } from "../state/state.ts";

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

/** What is known of a shell in which somebody asks. */
type BilledContext = Pick<Context, "env" | "home" | "cwd" | "files" | "layout">;

/** Whether the hook of the calling shell runs behind this command, and brings the account of the directory. */
export const followsHere = ({ env }: Pick<Context, "env">): boolean => Boolean(env.CODEX_AUTH_SNIPPET);

/**
 * Returns what a bare `codex` would bill in this very environment: by its variables, its directory and the files that Codex would read. Where the
 * shell's hook runs, it brings what `active` says first; it leaves what the user has changed since.
 */
export function billedHere(ctx: BilledContext, state: State, active: Active): Billed {
  const follows = followsHere(ctx);
  const home = follows ? homeOf(ctx, active) : codexHome(ctx);
  const seen = loginAt(ctx, state, home);
  const variables = [
    ...(isElsewhere(ctx, homeOf(ctx, active)) ? ["CODEX_HOME"] : []),
    ...(!follows || strayCounts(ctx, active) ? straysIn(ctx.env) : []),
  ];
  const overriddenBy = [
    ...variables.map((name) => ({
      name,
      message: `${name} is set: Codex would bill that instead`,
      remedy: `unset ${name}`,
    })),
    ...seen.overriddenBy,
  ];
  const elsewhere = follows && variables.includes("CODEX_HOME") ? loginAt(ctx, state, codexHome(ctx)) : seen;
  const isOverridden = overriddenBy.some(({ name }) => name !== "CODEX_HOME");
  return { account: isOverridden ? undefined : elsewhere.account, label: elsewhere.label, overriddenBy };
}

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

/**
 * Returns what to say behind a command that makes an account the one of this directory (or the default): whom a bare `codex` here bills all the
 * same, and why. Undefined where it is that account.
 */
export function tellStillBilled(
  ctx: BilledContext,
  { active, billed }: { active: Active; billed: Billed },
  wanted: Account,
  setup: { line: string; file: string },
): { message: string; hint?: string } | undefined {
  const [first] = billed.overriddenBy;
  if (first) return { message: first.message, hint: first.remedy };
  if (billed.account?.account_key === wanted.account_key) return undefined;
  const message = `a bare codex in this shell still bills ${billed.label ?? "nobody"}`;
  if (!followsHere(ctx)) return { message, hint: `${setup.line} in ${setup.file}, or codex-auth exec -- codex` };
  return active.source === "use"
    ? { message: `${message}: it is used here`, hint: "codex-auth use -" }
    : { message: `${message}: pinned in ${active.pin}` };
}

/** Returns what to say where a bare `codex` here bills another than the directory says though nothing overrides it: the hook does not run. */
export function tellUnfollowed(
  ctx: BilledContext,
  active: Active,
  billed: Billed,
  setup: { line: string; file: string },
): { message: string; hint: string } | undefined {
  if (followsHere(ctx) || billed.overriddenBy.length > 0) return undefined;
  if (billed.account?.account_key === active.account?.account_key && !active.missing) return undefined;
  return {
    message: `a bare codex in this shell bills ${billed.label ?? "nobody"}: the snippet does not run here`,
    hint: `${setup.line} in ${setup.file}, or codex-auth exec -- codex`,
  };
}
