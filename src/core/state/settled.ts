import type { Context } from "../../context.ts";
import { loadSettings } from "../base/settings.ts";
import { lookReconciled } from "./reconciling.ts";
import { checkBaseHome, type State, viewState } from "./state.ts";

/** The state, and whether the disk is as it says. */
export interface Settled extends State {
  isSettled: boolean;
}

/**
 * Returns the state, with the disk as it says: what is left to reconcile is carried out first, as a shell's hook has it done, and asks nobody.
 * Where something stays to be done all the same, `isSettled` is false. Throws UserError when it cannot be done.
 */
export async function settleState(ctx: Context): Promise<Settled> {
  checkBaseHome(ctx);
  let seen = lookReconciled(ctx);
  if (!seen) {
    // rare, and most of the program
    const { changeState, WITHOUT_ASKING } = await import("./change.ts");
    await changeState(ctx, WITHOUT_ASKING, () => {});
    seen = lookReconciled(ctx);
  }
  if (!seen) return { ...viewState(ctx), isSettled: false };
  return { ...seen.plan, settings: loadSettings(ctx.files, ctx.layout), isSettled: true };
}
