import type { Context } from "../../context.ts";
import { maskedLabelOf } from "../../core/accounts/credential.ts";
import { readCredential } from "../../core/accounts/auth-file.ts";
import { holdsMcpLogins, keptPaths } from "../../core/base/kept.ts";
import { type Finding, warn } from "./finding.ts";
import { asWord } from "../../core/printable.ts";

/** The logins in `kept/`, each with whose it is. */
export const kept = (ctx: Context): Finding[] =>
  keptPaths(ctx).map((path) =>
    warn(
      "kept",
      `${path} is kept: ${holdsMcpLogins(path) ? "logins to MCP servers" : "a login"} of ${whoseAt(ctx, path)} that is nowhere else`,
      holdsMcpLogins(path)
        ? `codex-auth remove ${asWord(path)}`
        : `codex-auth import ${asWord(path)}, or codex-auth remove ${asWord(path)}`,
    ),
  );

/** Returns whose login lies in `kept/`, for people. */
function whoseAt({ files }: Context, path: string): string {
  if (holdsMcpLogins(path)) return "an account home";
  const credential = readCredential(files, path);
  if (!credential) return "an unknown kind";
  return credential.kind === "chatgpt" ? credential.email : maskedLabelOf(credential);
}
