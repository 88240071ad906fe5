import { UserError } from "../errors.ts";
import type { Active } from "./active.ts";
import { asWord } from "../printable.ts";

/** Returns what to say of a pin or use whose account is not there. */
export function missingAccount({ source, pin }: Pick<Active, "source" | "pin">): UserError {
  if (source === "use") {
    return new UserError("the account that this shell uses is not there", {
      hint: "codex-auth use - (or use SELECTOR)",
      code: "account_not_found",
    });
  }
  if (pin === null) {
    return new UserError("the account that this shell has applied is not there", {
      hint: "cd to a directory that exists",
      code: "account_not_found",
    });
  }
  return new UserError(`the account that ${pin} is pinned to is not there`, {
    hint: `codex-auth login, codex-auth pin SELECTOR ${asWord(pin)}, or codex-auth unpin ${asWord(pin)}`,
    code: "account_not_found",
  });
}
