import { homeIdOf } from "../../core/accounts/account.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { currentAccount } from "../../core/here/current.ts";
import { loginOf, overridesInFiles, tellOverride } from "../../core/homes/overrides.ts";
import { type Check, fail, orOk } from "./finding.ts";

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
  const found = currentAccount(ctx).strays.map((name) =>
    fail("stray", `${name} is set: Codex would bill that instead`, `unset ${name}`),
  );
  return orOk(found, "stray", "no variable overrides the account");
};
