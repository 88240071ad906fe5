import type { Context } from "../../context.ts";
import type { Account } from "../accounts/account.ts";
import { parseEnvFile } from "../homes/environment.ts";
import { successorOf } from "../homes/rotated.ts";
import { UserError } from "../errors.ts";
import { envPath, HOME_ID, NO_HOME_ID } from "../base/layout.ts";
import { findPin } from "./pins.ts";
import { accountOfHome, findAccount, type Registry } from "../accounts/registry.ts";

/** Which account a shell in this directory uses now, and why. */
export interface Active {
  account: Account | undefined;
  source: "use" | "pin" | "default" | null;
  /** The directory of the pin that decides. */
  pin: string | null;
  /** The home id that a pin or use names; null for the default account. */
  homeId: string | null;
  /** A pin or use names an account that is not there: Codex is kept from starting. */
  missing: boolean;
}

/** What decides which account is active. */
export type ActiveContext = Pick<Context, "env" | "cwd" | "files" | "layout" | "uid">;

/** Returns the active account: `use` beats a pin, the deepest pin beats the rest, else the default account. */
export function activeHere(ctx: ActiveContext, registry: Registry): Active {
  const chosen = chosenHere(ctx, registry);
  if (!chosen) {
    const account = findAccount(registry, registry.active_account_key);
    return { account, source: account ? "default" : null, pin: null, homeId: null, missing: false };
  }
  const homeId = chosen.homeId ?? NO_HOME_ID;
  const account = accountOfHome(registry, homeId);
  const there = account !== undefined && hasEnvironment(ctx, homeId);
  return { account: there ? account : undefined, source: chosen.source, pin: chosen.pin, homeId, missing: !there };
}

interface Chosen {
  source: "use" | "pin";
  pin: string | null;
  homeId: string | undefined;
}

/** Returns what CODEX_AUTH_USE or a pin says here, whether or not the account is there; of one whose key was replaced what came in its place. */
export function chosenHere(ctx: ActiveContext, registry: Registry): Chosen | undefined {
  const chosen = saidHere(ctx);
  if (chosen?.homeId === undefined || accountOfHome(registry, chosen.homeId)) return chosen;
  return { ...chosen, homeId: successorOf(ctx.files, ctx.layout, chosen.homeId) ?? chosen.homeId };
}

function saidHere(ctx: ActiveContext): Chosen | undefined {
  const use = ctx.env.CODEX_AUTH_USE;
  if (use) return { source: "use", pin: null, homeId: HOME_ID.test(use) ? use : undefined };
  if (ctx.cwd === undefined) return appliedHere(ctx);
  const owner = ctx.files.entry(ctx.layout.ours)?.uid;
  if (owner === undefined || owner !== ctx.uid) return undefined;
  const pin = findPin(ctx.files, ctx.layout, ctx.cwd);
  return pin && { source: "pin", pin: pin.path, homeId: pin.homeId };
}

/** Where the directory cannot be told, what the calling shell has applied is what it shows, and what a bare `codex` bills. */
function appliedHere({ env }: ActiveContext): Chosen | undefined {
  const applied = env._CODEX_AUTH_APPLIED;
  if (!applied || applied === "@default") return undefined;
  return { source: "pin", pin: null, homeId: HOME_ID.test(applied) ? applied : undefined };
}

/** Whether anything tells which account is active: the directory, or what a shell has applied. */
export const isPlaceTold = ({ cwd, env }: Pick<Context, "cwd" | "env">): boolean =>
  cwd !== undefined || Boolean(env.CODEX_AUTH_USE || env._CODEX_AUTH_APPLIED);

/** What to say where nothing does. */
export const UNTOLD_PLACE = {
  message: "the working directory cannot be told (gone, moved, or out of reach), and so not its account",
  hint: "cd to one that exists, or name the account",
} as const;

/** Throws UserError where nobody can tell which account is active. */
export function checkPlace(ctx: Pick<Context, "cwd" | "env">): void {
  if (!isPlaceTold(ctx)) throw new UserError(UNTOLD_PLACE.message, { hint: UNTOLD_PLACE.hint });
}

function hasEnvironment({ files, layout }: ActiveContext, homeId: string): boolean {
  try {
    return parseEnvFile(files.read(envPath(layout, homeId)) ?? "") !== undefined;
  } catch {
    return false;
  }
}
