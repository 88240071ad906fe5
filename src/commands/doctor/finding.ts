import type { Context } from "../../context.ts";
import type { State } from "../../core/state/state.ts";

/** One finding of `doctor`. */
export interface Finding {
  id: string;
  level: "ok" | "warn" | "fail";
  message: string;
  remedy: string | null;
}

/** Looks at one thing. */
export type Check = (ctx: Context, state: State) => Finding[];

export const ok = (id: string, message: string): Finding => ({ id, level: "ok", message, remedy: null });
export const warn = (id: string, message: string, remedy: string): Finding => ({ id, level: "warn", message, remedy });
export const fail = (id: string, message: string, remedy: string): Finding => ({ id, level: "fail", message, remedy });
/** Returns what was found, or that all is well. */
export const orOk = (found: Finding[], id: string, message: string) => (found.length > 0 ? found : [ok(id, message)]);
