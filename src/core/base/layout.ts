import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { UserError } from "../errors.ts";

/** Where everything lies below one base home. */
export interface Layout {
  base: string;
  auth: string;
  config: string;
  accounts: string;
  registry: string;
  ours: string;
  pins: string;
  places: string;
  homes: string;
  env: string;
  backup: string;
  live: string;
  pending: string;
  kept: string;
  generation: string;
  now: string;
  synced: string;
  settings: string;
  shims: string;
  said: string;
  /** What has happened to the accounts. */
  log: string;
  /** A replacement of a key that is under way. */
  rotating: string;
  lock: string;
}

/** Takes the base home (absolute); returns the paths of DESIGN's «On disk». */
export function layoutOf(base: string): Layout {
  const ours = join(base, "codex-auth");
  const accounts = join(base, "accounts");
  return {
    base,
    auth: join(base, "auth.json"),
    config: join(base, "config.toml"),
    accounts,
    registry: join(accounts, "registry.json"),
    ours,
    pins: join(ours, "pins"),
    places: join(ours, "places"),
    homes: join(ours, "homes"),
    env: join(ours, "env"),
    backup: join(ours, "backup"),
    live: join(ours, "live"),
    pending: join(ours, "pending"),
    kept: join(ours, "kept"),
    generation: join(ours, "generation"),
    now: join(ours, "now"),
    synced: join(ours, "synced"),
    settings: join(ours, "settings.json"),
    shims: join(ours, "shims.json"),
    said: join(ours, "said"),
    log: join(ours, "log"),
    rotating: join(ours, "rotating.json"),
    lock: join(ours, "lock"),
  };
}

/** Ids as they stand in a pin, in CODEX_AUTH_USE and in the names of homes. */
export const HOME_ID = /^[0-9a-f]{16}$/;

/** The home id of nobody, where something else than an id was named. */
export const NO_HOME_ID = "0000000000000000";

const ACCOUNT_HOME = /^(.+)\/codex-auth\/homes\/[0-9a-f]{16}(?:\.missing)?\/*$/s;

/**
 * Returns the base home: `CODEX_AUTH_BASE`, else the X of a `CODEX_HOME` like `X/codex-auth/homes/<16 hex>`, else `CODEX_HOME`,
 * else `~/.codex`. `chosen` says that the user named the directory himself, so that it has to exist.
 * Throws UserError when a relative path or no HOME leaves it open.
 */
export function findBaseHome(env: Record<string, string | undefined>): { base: string; chosen: boolean } {
  if (env.CODEX_AUTH_BASE) return { base: absolute("CODEX_AUTH_BASE", env.CODEX_AUTH_BASE), chosen: false };
  if (env.CODEX_HOME) {
    const owner = ACCOUNT_HOME.exec(env.CODEX_HOME)?.[1];
    return { base: absolute("CODEX_HOME", owner ?? env.CODEX_HOME), chosen: true };
  }
  if (!env.HOME) throw new UserError("HOME is not set", { hint: "set HOME, or CODEX_AUTH_BASE to the Codex home" });
  return { base: join(absolute("HOME", env.HOME), ".codex"), chosen: false };
}

/**
 * Takes what `findBaseHome` has found; returns the base home of a shell that starts here. A shell that was started with another HOME below a
 * pin of the outer shell's has inherited an account home: it is not the user's choice, as what the outer shell has saved tells.
 */
export function baseHomeOfShell(env: Record<string, string | undefined>, base: string): string {
  const { CODEX_AUTH_BASE, CODEX_HOME, HOME, _CODEX_AUTH_SET_CODEX_HOME: ours, _CODEX_AUTH_OLD_CODEX_HOME: own } = env;
  const isInherited = !CODEX_AUTH_BASE && CODEX_HOME && ACCOUNT_HOME.test(CODEX_HOME) && ours === `+${CODEX_HOME}`;
  if (!isInherited || !HOME || base.startsWith(`${resolve(HOME)}/`)) return base;
  return findBaseHome({ HOME, CODEX_HOME: own?.startsWith("+") ? own.slice(1) : undefined }).base;
}

/** Throws UserError for a base home whose path is of several lines: what shells read of it has a line for each value. */
export function checkOneLine(base: string): void {
  if (!base.includes("\n")) return;
  throw new UserError(`the path of the base home holds a line feed: ${base}`, {
    hint: "give it a name of one line; until then: codex-auth exec -- COMMAND",
  });
}

function absolute(name: string, path: string): string {
  if (isAbsolute(path)) return resolve(path);
  throw new UserError(`${name} is not an absolute path: "${path}"`, { hint: `set ${name} to an absolute path` });
}

/** Returns the path of an account's live credential. */
export const credentialPath = (layout: Layout, fileKey: string) => join(layout.accounts, `${fileKey}.auth.json`);
/** Returns the path of an account's last credential seen good. */
export const backupPath = (layout: Layout, fileKey: string) => join(layout.backup, `${fileKey}.auth.json`);
/** Returns the env file of the account home with this id, or of `@default`. */
export const envPath = (layout: Layout, homeId: string) => join(layout.env, homeId);
/** Returns the account home with this id. */
export const homePath = (layout: Layout, homeId: string) => join(layout.homes, homeId);
/** Returns the path that a missing account's CODEX_HOME names: it never exists, so that Codex stops instead of billing another account. */
export const missingHomePath = (layout: Layout, homeId: string) => join(layout.homes, `${homeId}.missing`);

const CREDENTIAL_NAME = /^(.+)\.auth\.json$/s;

/** Takes a path; returns the file key of the credential that it names in `accounts/`, if it does. */
export function fileKeyAt(layout: Layout, path: string): string | undefined {
  return dirname(path) === layout.accounts ? CREDENTIAL_NAME.exec(basename(path))?.[1] : undefined;
}
