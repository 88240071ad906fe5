import type { Context } from "../../context.ts";
import { accountOfHome } from "../../core/accounts/registry.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { checkPlace } from "../../core/active/active.ts";
import { listShims } from "../../core/base/shims.ts";
import { UserError } from "../../core/errors.ts";
import { codexHere, tellCodex } from "../../core/here/codex-here.ts";
import { type Current, currentAccount, reasonOf } from "../../core/here/current.ts";
import { tellUnfollowed } from "../../core/here/still-billed.ts";
import { MISSING_LABEL } from "../../core/homes/environment.ts";
import { setupHere } from "../../setup.ts";

/** Says what a bare `codex` runs here, and as whom, and which shims there are. */
export function tellShims(ctx: Context): void {
  checkPlace(ctx);
  const first = codexHere(ctx);
  if (first === undefined) throw new UserError("there is no codex on PATH", { hint: "npm install -g @openai/codex" });
  const current = currentAccount(ctx);
  ctx.terminal.out(`${tellCodex(ctx)}\n`);
  ctx.terminal.out(`${asWhom(current)}\n`);
  for (const path of listShims(ctx).filter((one) => one !== first.path))
    ctx.terminal.out(`${path} is a shim${always(ctx, current, path)}\n`);
  const unfollowed = tellUnfollowed(current.active, current.billed, setupHere(ctx.env));
  if (unfollowed) ctx.log.warn(unfollowed);
}

function asWhom({ active, billed }: Current): string {
  const [override] = billed.overriddenBy;
  if (override) return `here: ${override.message}`;
  if (active.missing && billed.follows) return `here it does not start: ${MISSING_LABEL}, ${reasonOf(active)}`;
  if (billed.label === undefined) return "here it is nobody: nobody is logged in";
  const isActive = billed.account?.account_key === active.account?.account_key;
  return isActive ? `here it is ${billed.label}: ${reasonOf(active)}` : `here it is ${billed.label}`;
}

function always({ programs }: Context, { state }: Current, path: string): string {
  const homeId = programs.shimAt(path)?.homeId;
  if (homeId === undefined) return "";
  const account = accountOfHome(state.registry, homeId);
  return `, always ${account ? labelOf(state.registry, account) : MISSING_LABEL}`;
}
