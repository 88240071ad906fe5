import type { Context } from "../../context.ts";
import { labelOf } from "../accounts/names.ts";
import { accountOfHome, type Registry } from "../accounts/registry.ts";
import type { Active } from "../active/active.ts";
import { findMoved } from "../active/moved.ts";
import type { Note } from "../errors.ts";
import { asWord } from "../printable.ts";

/** Returns what to say where the working directory lies in one that was pinned under another name: its pin stayed behind. */
export function tellMoved(
  { cwd, files, layout }: Pick<Context, "cwd" | "files" | "layout">,
  registry: Registry,
  { source, pin }: Pick<Active, "source" | "pin">,
): Note | undefined {
  const moved = cwd === undefined || source === "use" ? undefined : findMoved(files, layout, cwd);
  // a pin below what was moved decides here all the same
  if (!moved || (pin !== null && `${pin}/`.startsWith(`${moved.to}/`))) return undefined;
  const account = accountOfHome(registry, moved.homeId);
  const word = account ? asWord(labelOf(registry, account)) : "SELECTOR";
  return {
    message: `${moved.to} was pinned as ${moved.from}: it has been moved, and its pin stayed behind`,
    hint: `codex-auth pin ${word} ${asWord(moved.to)} && codex-auth unpin ${asWord(moved.from)}`,
  };
}
