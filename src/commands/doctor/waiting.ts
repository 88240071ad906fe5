import { join } from "node:path";
import type { Context } from "../../context.ts";
import { readCredential } from "../../core/accounts/auth-file.ts";
import { maskedLabelOf } from "../../core/accounts/credential.ts";
import { scratchHomes } from "../../core/state/scratch.ts";
import { loadRegistry } from "../../core/state/state.ts";
import { asWord } from "../../core/printable.ts";
import { type Check, warn } from "./finding.ts";
import { linkInstead, linkOf } from "./link.ts";

/** Returns what to do about something that is left alone. */
function remedyOf(ctx: Context, note: string): string {
  const { layout } = ctx;
  if (!note.startsWith("auth.json of the base home")) return "see what it is; move it away if it should not be there";
  const key = loadRegistry(ctx).active_account_key;
  const away = `mv ${asWord(layout.auth)} ${asWord(`${layout.auth}.old`)} && codex-auth switch`;
  return `see what it is; should it not be there: ${key === null ? away : linkInstead(layout.auth, linkOf(key))}`;
}

/** What somebody has begun and not ended, and what is left alone. */
export const waiting: Check = (ctx, { leftAlone }) => {
  const { files, layout } = ctx;
  const logins = scratchHomes(ctx).flatMap((scratch) => readCredential(files, join(scratch, "auth.json")) ?? []);
  return [
    ...(files.entry(layout.rotating) ? [warn("rotation", "replacing a key was broken off", "codex-auth sync")] : []),
    ...logins.map((login) => {
      const who = login.kind === "chatgpt" ? login.email : maskedLabelOf(login);
      return warn("login", `a login of ${who} was broken off, or is not ended yet`, "codex-auth sync");
    }),
    ...files
      .names(layout.pending)
      .map(() => warn("pending", "an API key waits until its owner can be asked", "codex-auth sync")),
    ...leftAlone.map((note) => warn("left_alone", note, remedyOf(ctx, note))),
  ];
};
