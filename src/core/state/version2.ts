import type { Context } from "../../context.ts";
import { fileKeyOf } from "../accounts/account.ts";
import { findAuthFile } from "../accounts/auth-file.ts";
import { isCredential } from "../accounts/credential.ts";
import { takesPlaceOf } from "../accounts/later.ts";
import type { Move } from "../accounts/migrate.ts";
import { credentialPath } from "../base/layout.ts";
import { loadMigrated, saveRegistry } from "./state.ts";

/** Renames what version 2 of the registry names otherwise; until the registry is saved the old names are there too. */
export function leaveVersion2(ctx: Pick<Context, "files" | "layout" | "now">): void {
  const { files } = ctx;
  const { registry, moves } = loadMigrated(ctx);
  if (moves.length === 0) return;
  const paths = moves.map((move) => pathsOf(ctx, move));
  for (const { from, to } of paths) copyCredential(files, from, to, ctx.now());
  saveRegistry(ctx, registry);
  for (const { from, to } of paths) if (files.entry(to)) files.remove(from);
}

const pathsOf = ({ layout }: Pick<Context, "layout">, { from, to }: Move) => ({
  from: credentialPath(layout, from),
  to: credentialPath(layout, fileKeyOf(to)),
});

function copyCredential(files: Context["files"], from: string, to: string, now: number): void {
  const old = findAuthFile(files, from);
  if (!old || !isCredential(old.credential) || !takesPlaceOf(old, findAuthFile(files, to), now)) return;
  files.write(to, old.text);
  files.touch(to, old.mtimeMs);
}
