import type { Context } from "../../context.ts";
import { type Active, activeHere } from "../active/active.ts";
import { missingAccount } from "../active/missing.ts";
import { derived } from "../derived.ts";
import { missingHomePath, NO_HOME_ID } from "../base/layout.ts";
import { environmentOf, environmentOfDefault } from "../homes/derive.ts";
import { besideOwn, type Environment, MANAGED, MISSING_LABEL, STRAYS } from "../homes/environment.ts";
import {
  APPLIED,
  oldName,
  ownEnvironment,
  saved,
  SECRETS,
  setName,
  type Variables,
  withEnvironment,
} from "../homes/inherit.ts";
import { settleState, type Settled } from "../state/settled.ts";

/** What a shell has to change: variables to export, names to unset, and what it keeps to itself and hands over the next time. */
export interface Changes {
  set: Record<string, string>;
  unset: string[];
  keep: Record<string, string>;
}

/** An environment, under the name that the shell notes: a home id, `<home id>.missing`, `@default`, or undefined for nobody. */
interface Wanted {
  applied: string | undefined;
  source: string;
  environment: Environment;
  /** The user wants to be told of another account. */
  announces?: boolean;
}

/**
 * Takes the context of a shell, with what it has kept in `env`, and what this very process has applied (empty for nobody's, undefined at its first
 * look); returns what it has to change to be the account of its directory. It fails closed: where nobody can tell the account, Codex finds a home that does not exist.
 */
export async function hookedChanges(calling: Context, before: string | undefined): Promise<Changes> {
  const ctx = derived(calling, { env: withoutClosed(calling) });
  const own = ownEnvironment(ctx);
  const { applied = "", source, environment, announces = false } = await wantedHere(ctx, own);
  const full = applied === "" ? own : withEnvironment(own, environment, applied, source);
  if (announces && before !== undefined && before !== applied && ctx.terminal.tty.err) {
    const label = full.CODEX_AUTH_LABEL;
    ctx.log.info(label === undefined ? "no account" : `now ${label}`);
  }
  return changesTo({ env: ctx.env, calling: calling.env, own, full, isSame: before === applied });
}

/** Returns the environment without the home by which a snippet fails closed while the program does not answer: it is no choice of the user's. */
function withoutClosed({ env, layout }: Context): Variables {
  if (env.CODEX_HOME !== missingHomePath(layout, NO_HOME_ID)) return env;
  const ours = env[setName("CODEX_HOME")];
  return { ...env, CODEX_HOME: ours?.startsWith("+") ? ours.slice(1) : undefined };
}

async function wantedHere(ctx: Context, own: Variables): Promise<Wanted> {
  const owner = ctx.files.entry(ctx.layout.ours)?.uid;
  if (owner !== undefined && owner !== ctx.uid && !ctx.env.CODEX_AUTH_USE) return NOBODY;
  try {
    const state = await settleState(ctx);
    const wanted = wantedOf(ctx, own, state, activeHere(ctx, state.registry));
    return { ...wanted, announces: state.settings.announce && !wanted.applied?.endsWith(".missing") };
  } catch (error) {
    ctx.log.warn(error instanceof Error ? error.message : String(error));
    return missing(ctx, NO_HOME_ID, "pin");
  }
}

const NOBODY: Wanted = { applied: undefined, source: "default", environment: { set: {}, unset: [] } };

function wantedOf(ctx: Context, own: Variables, state: Settled, active: Active): Wanted {
  const { account, homeId } = active;
  if (homeId === null) {
    const found = environmentOfDefault(ctx, state);
    if (!found) return NOBODY;
    return { applied: "@default", source: "default", environment: besideOwn(markHome(ctx, own, found), own) };
  }
  const source = active.source ?? "pin";
  if (account && !active.missing && state.isSettled && !state.strange.has(account.account_key))
    return { applied: homeId, source, environment: environmentOf(ctx, state, account) };
  if (ctx.env._CODEX_AUTH_APPLIED !== `${homeId}.missing` && active.missing) {
    const { message, hint } = missingAccount(active);
    ctx.log.warn({ message, hint });
  }
  return missing(ctx, homeId, source);
}

/** A CODEX_HOME of the user's stays; the label says that Codex bills what lies there. */
function markHome({ files, home, layout }: Context, own: Variables, { set, unset }: Environment): Environment {
  const used = own.CODEX_HOME || `${home ?? ""}/.codex`;
  const isBase = used === layout.base || files.physical(used) === files.physical(layout.base);
  const label = set.CODEX_AUTH_LABEL;
  if (isBase || label === undefined || label.endsWith(" !")) return { set, unset };
  return { set: { ...set, CODEX_AUTH_LABEL: `${label} !` }, unset };
}

function missing({ layout }: Context, homeId: string, source: string): Wanted {
  const set = { CODEX_HOME: missingHomePath(layout, homeId), CODEX_AUTH_LABEL: MISSING_LABEL };
  return { applied: `${homeId}.missing`, source, environment: { set, unset: [...STRAYS] } };
}

const isStray = (name: string) => STRAYS.some((one) => one === name);

/** Marks the label where Codex uses what the user has set beside the account. */
function markLabel(target: Variables, full: Variables): void {
  const label = target.CODEX_AUTH_LABEL;
  const isBeside = target.CODEX_HOME !== full.CODEX_HOME || STRAYS.some((name) => target[name] && !full[name]);
  if (isBeside && label !== undefined && !label.endsWith(" !")) target.CODEX_AUTH_LABEL = `${label} !`;
}

interface Step {
  env: Variables;
  calling: Variables;
  own: Variables;
  full: Variables;
  /** The account stays the same. */
  isSame: boolean;
}

/** Returns what leads from one environment to the other. What the user has changed while the account stays the same is his. */
function changesTo({ env, calling, own, full, isSame }: Step): Changes {
  const target = { ...full };
  const kept: Record<string, string> = { [APPLIED]: full[APPLIED] ?? "" };
  for (const name of MANAGED) {
    const before = env[setName(name)];
    const isHis = before === undefined ? isStray(name) && own[name] !== full[name] : before !== saved(env[name]);
    const stays = isHis && isSame;
    if (stays) target[name] = env[name];
    if (stays && isStray(name)) {
      delete target[oldName(name)];
      delete target[setName(name)];
    } else if (SECRETS.includes(name) && own[name] !== full[name]) {
      kept[oldName(name)] = saved(own[name]);
      kept[setName(name)] = saved(full[name]);
    }
  }
  markLabel(target, full);
  const secret = (name: string) => SECRETS.some((one) => name === oldName(one) || name === setName(one));
  const set = Object.entries(target).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== calling[entry[0]],
  );
  const unset = Object.keys(calling).filter(
    (name) => target[name] === undefined && calling[name] !== undefined && !secret(name),
  );
  return { set: Object.fromEntries(set), unset, keep: kept };
}
