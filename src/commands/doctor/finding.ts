import type { Context } from "../../context.ts";
import { systemFault, UserError } from "../../core/errors.ts";
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

/** Takes a look at something; returns what it finds, or, where something cannot be read, that. Throws what is our own fault. */
export function findingsOf(id: string, look: () => Finding[]): Finding[] {
  try {
    return look();
  } catch (thrown) {
    const error = systemFault(thrown) ?? thrown;
    if (!(error instanceof UserError)) throw error;
    const remedy =
      error.hint === undefined || error.hint === "codex-auth doctor" ? "see what it is: ls -ld, file" : error.hint;
    return [fail(id, error.message, remedy)];
  }
}
