import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, isApiKey, isForeignProvider, isToken } from "../accounts/account.ts";
import { readCredential } from "../accounts/auth-file.ts";
import { labelOf } from "../accounts/names.ts";
import type { Registry } from "../accounts/registry.ts";
import { backupPath, credentialPath } from "../base/layout.ts";
import { UserError } from "../errors.ts";
import { asWord } from "../printable.ts";

/** Whether the file that should log an account in is there, and does. */
export function hasCredential({ files, layout }: Pick<Context, "files" | "layout">, account: Account): boolean {
  const path = credentialPath(layout, fileKeyOf(account.account_key));
  return isForeignProvider(account) ? files.entry(path) !== undefined : readCredential(files, path) !== undefined;
}

/** Throws UserError when the file that should log an account in is not there, or does not: Codex would only run into refusals. */
export function checkCredential(ctx: Pick<Context, "files" | "layout">, registry: Registry, account: Account): void {
  if (hasCredential(ctx, account)) return;
  const { files, layout } = ctx;
  const fileKey = fileKeyOf(account.account_key);
  const path = credentialPath(layout, fileKey);
  const isThere = files.entry(path) !== undefined;
  const backup = backupPath(layout, fileKey);
  const writtenMs = files.mtimeMs(backup);
  const login = `codex-auth login${isToken(account) ? " --with-access-token" : isApiKey(account) ? " --with-api-key" : ""}`;
  const label = labelOf(registry, account);
  const why = isThere ? `the login of ${label} is damaged: ${path}` : `${label} is logged out`;
  const day = writtenMs === undefined ? "" : new Date(writtenMs).toISOString().slice(0, 10);
  throw new UserError(why, {
    hint: day ? `${login}, or if the file was only lost: codex-auth import ${asWord(backup)} (of ${day})` : login,
  });
}
