import { homeIdOf } from "../../core/accounts/account.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { isPlaceTold, UNTOLD_PLACE } from "../../core/active/active.ts";
import { tellUnfollowed } from "../../core/here/still-billed.ts";
import { setupHere } from "../../setup.ts";
import { currentAccount } from "../../core/here/current.ts";
import { loginOf, overridesInFiles, tellOverride } from "../../core/homes/overrides.ts";
import { type Check, fail, orOk, warn } from "./finding.ts";

/** What in the files that Codex reads keeps it from being an account. */
export const config: Check = (ctx, { registry, settings }) => {
  const { share } = settings;
  const found = registry.accounts.flatMap((account) => {
    const isDefault = account.account_key === registry.active_account_key;
    const homes = [homeIdOf(account.account_key), ...(isDefault ? [undefined] : [])];
    const overrides = homes.flatMap((homeId) => overridesInFiles(ctx, { homeId, share }, loginOf(account), ctx.cwd));
    return overrides.map((one) => fail("config", tellOverride(one, labelOf(registry, account)), one.remedy));
  });
  const once = new Map(found.map((finding) => [finding.message, finding]));
  return orOk([...once.values()], "config", "config.toml lets every account be used");
};

/** What in this shell does. */
export const strays: Check = (ctx) => {
  if (!isPlaceTold(ctx)) return [warn("stray", UNTOLD_PLACE.message, UNTOLD_PLACE.hint)];
  const { active, billed } = currentAccount(ctx);
  const unfollowed = tellUnfollowed(active, billed, setupHere(ctx.env));
  const found = [
    ...billed.overriddenBy.map(({ message, remedy }) => fail("stray", message, remedy)),
    ...(unfollowed ? [fail("stray", unfollowed.message, unfollowed.hint)] : []),
  ];
  return orOk(found, "stray", "a bare codex here bills the account of this directory");
};
