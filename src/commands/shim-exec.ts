import { isAbsolute } from "node:path";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { labelOf } from "../core/accounts/names.ts";
import { type Active, activeHere, checkPlace } from "../core/active/active.ts";
import { layoutOf, NO_HOME_ID } from "../core/base/layout.ts";
import { derived } from "../core/derived.ts";
import { UserError } from "../core/errors.ts";
import { missingAccount } from "../core/active/missing.ts";
import { nextCodex } from "../core/here/codex-here.ts";
import { followedEnvironment } from "../core/here/followed.ts";
import { refusal } from "../core/homes/allowed.ts";
import { loginOf, overridesInFiles } from "../core/homes/overrides.ts";
import { settleState, type Settled } from "../core/state/settled.ts";
import type { State } from "../core/state/state.ts";
import { checkCredential } from "../core/state/usable.ts";
import { namedDirectory } from "./shim-exec/directory.ts";

// What a shim starts: it finds the account as the hook of a shell would, and becomes the real Codex. It runs in `/`, so that the runtime does
// not see the working directory; `from` is that.
export default defineVerb({
  args: {
    base: { type: "string", required: true, description: "the base home that the shim was made for", valueHint: "DIR" },
    from: { type: "string", required: true, description: "the working directory", valueHint: "DIR" },
    use: { type: "string", description: "the home id of the account that it always is", valueHint: "ID" },
  },
  rest: { name: "arguments", description: "the arguments of codex" },
  examples: ["codex-auth shim-exec --base=/home/me/.codex --from=/home/me/work -- exec hi"],
  async run(outside, { base, from, use, _: args }) {
    const env = use === undefined ? outside.env : { ...outside.env, CODEX_AUTH_USE: use };
    const ctx = derived(outside, { env, layout: layoutOf(base), chosen: false, cwd: physical(outside, from) });
    checkPlace(ctx);
    if (ctx.cwd === undefined)
      throw new UserError("the working directory is gone, or cannot be entered", { hint: "cd to one that exists" });
    const state = await settleState(ctx);
    const place = placeOf(ctx, state, args);
    checkHome(ctx, state, place.active);
    const { path, passed } = nextCodex(ctx, [ctx.cwd, place.directory]);
    if (path === undefined) throw noCodex(passed);
    const environment = followedEnvironment(ctx, state, place.active);
    if (!place.active.missing) tell(ctx, state, place);
    else if (environment.CODEX_HOME?.endsWith(".missing")) tellMissing(ctx, place, use !== undefined);
    ctx.become(path, ["codex", ...args], exported(environment), from);
  },
});

/** Where Codex is to work, and whose that is. */
interface Place {
  /** As `-C` names it; undefined: in the working directory. */
  named: string | undefined;
  /** Physical; undefined where there is none. */
  directory: string | undefined;
  active: Active;
}

/** Returns the place that the arguments name, else the working directory. Whose a directory is that does not exist nobody knows. */
function placeOf(ctx: Context, { registry }: State, args: readonly string[]): Place {
  const named = namedDirectory(args);
  if (named === undefined) return { named, directory: ctx.cwd, active: activeHere(ctx, registry) };
  const directory = named === "" ? undefined : physical(ctx, isAbsolute(named) ? named : `${ctx.cwd}/${named}`);
  if (directory !== undefined || ctx.env.CODEX_AUTH_USE)
    return { named, directory, active: activeHere(derived(ctx, { cwd: directory }), registry) };
  const nobody: Active = { account: undefined, source: "pin", pin: named, homeId: NO_HOME_ID, missing: true };
  return { named, directory, active: nobody };
}

/** Throws UserError where another login lies in the home of the account: Codex would bill that. */
function checkHome(
  ctx: Context,
  { registry, strange, damaged, isSettled }: Settled,
  { account, homeId, missing }: Active,
): void {
  if (homeId === null || missing || !account || (isSettled && !strange.has(account.account_key))) return;
  if (damaged.has(account.account_key)) checkCredential(ctx, registry, account);
  throw new UserError(`the home of ${labelOf(registry, account)} holds another login`, { hint: "codex-auth doctor" });
}

/** Says why Codex will not start. */
function tellMissing({ log }: Context, { named, directory, active }: Place, isShimOfOne: boolean): void {
  if (directory === undefined && active.source !== "use")
    return log.warn(`${named} does not exist, and so has no account`);
  const { message, hint } = missingAccount(active);
  if (!isShimOfOne) return log.warn({ message: `${message}: codex does not start`, hint });
  const ofShim = "the account that this shim is for is not there: codex does not start";
  log.warn({ message: ofShim, hint: "codex-auth shim install --account SELECTOR --as NAME" });
}

/** Says what whoever starts Codex should know, as there is no prompt that shows it. */
function tell(ctx: Context, state: State, { named, active }: Place): void {
  const { log, files, layout } = ctx;
  const { registry, settings } = state;
  const { account, homeId } = active;
  if (named !== undefined) tellOther(ctx, state, named, active);
  if (homeId === null || !account) return;
  const [override] = overridesInFiles(
    { files, layout },
    { homeId, share: settings.share },
    loginOf(account),
    undefined,
  );
  if (!override) return;
  const { message, hint } = refusal(override, labelOf(registry, account));
  log.warn({ message, hint });
}

/** Says so where the directory that is named has another account than the one that the shell shows. */
function tellOther(ctx: Context, { registry }: State, named: string, { account, homeId }: Active): void {
  const here = activeHere(ctx, registry);
  if (here.homeId === homeId) return;
  const nameOf = (one: Active["account"]) => (one ? labelOf(registry, one) : "no account");
  ctx.log.info(`in ${named} codex is ${nameOf(account)}, not ${nameOf(here.account)} as here`);
}

/** Returns the physical path of a directory, or undefined where it cannot be told. */
function physical({ files }: Pick<Context, "files">, path: string): string | undefined {
  if (!path.startsWith("/")) return undefined;
  try {
    return files.physical(path);
  } catch {
    return undefined;
  }
}

function noCodex(passed: readonly string[]): UserError {
  if (passed.length === 0)
    return new UserError("there is no codex on PATH but this shim", {
      hint: "npm install -g @openai/codex",
      exitCode: 127,
    });
  const hint = "call it by its path, or from another directory";
  return new UserError(`${passed.join(", ")} lies in the directory that codex works in, and is not run`, {
    hint,
    exitCode: 126,
  });
}

const exported = (env: Context["env"]): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((one): one is [string, string] => one[1] !== undefined));
