import type { Context } from "../../context.ts";
import { type Account, homeIdOf } from "../accounts/account.ts";
import { labelOf } from "../accounts/names.ts";
import type { Registry } from "../accounts/registry.ts";
import { loadSettings } from "../base/settings.ts";
import { UserError } from "../errors.ts";
import { loginOf, type Override, overridesInFiles, tellOverride } from "./overrides.ts";

/**
 * Throws UserError when a file that Codex reads keeps it from being this account: it would bill another, or log it out. `where`: in which
 * home it would be that, and in which directory (physical; undefined: in none in particular).
 */
export function checkAllowed(
  { files, layout }: Pick<Context, "files" | "layout">,
  registry: Registry,
  account: Account,
  { as, directory }: { as: "default" | "own home"; directory: string | undefined },
): void {
  const homeId = as === "default" ? undefined : homeIdOf(account.account_key);
  const { share } = loadSettings(files, layout);
  const [first] = overridesInFiles({ files, layout }, { homeId, share }, loginOf(account), directory);
  if (first) throw refusal(first, labelOf(registry, account));
}

/** Returns what to throw for an override. */
export const refusal = (override: Override, label: string): UserError =>
  new UserError(tellOverride(override, label), { hint: override.remedy });
