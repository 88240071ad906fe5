import type { Registry } from "../accounts/registry.ts";
import { labelOf } from "../accounts/names.ts";
import type { Context } from "../../context.ts";
import type { Account } from "../accounts/account.ts";
import { excludingLine, parseCodexConfig } from "../base/codex-config.ts";
import { UserError } from "../errors.ts";

/** Throws UserError when a line of config.toml keeps Codex from being this account: it would bill another, or log it out. */
export function checkAllowed(
  { files, layout }: Pick<Context, "files" | "layout">,
  registry: Registry,
  account: Account,
): void {
  const line = excludingLine(parseCodexConfig(files.read(layout.config)), account);
  if (line === undefined) return;
  throw new UserError(`${layout.config} says ${line}: Codex would not be ${labelOf(registry, account)}`, {
    hint: line.startsWith("cli_auth") ? 'set cli_auth_credentials_store = "file" there' : "change or remove that line",
  });
}
