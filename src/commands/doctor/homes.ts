import { join } from "node:path";
import { homeIdOf } from "../../core/accounts/account.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { listPins } from "../../core/active/pins.ts";
import { envPath, homePath } from "../../core/base/layout.ts";
import { currentAccount } from "../../core/here/current.ts";
import { tellMoved } from "../../core/here/moved.ts";
import { baseLink, obstacleAt } from "../../core/homes/homes.ts";
import { isShared } from "../../core/homes/sharing.ts";
import { asWord } from "../../core/printable.ts";
import { type Check, fail, orOk, warn } from "./finding.ts";

/** Whether account homes are what they should be. */
export const homes: Check = ({ files, layout }, { registry, settings }) => {
  const found = registry.accounts.flatMap((account) => {
    const home = homePath(layout, homeIdOf(account.account_key));
    const obstacle = obstacleAt(files, layout, homeIdOf(account.account_key));
    if (obstacle !== undefined)
      return [
        fail(
          "home",
          `${obstacle} is not a directory of the base home itself`,
          `see what it is, then: mv ${asWord(obstacle)} ${asWord(`${obstacle}.old`)} && codex-auth sync`,
        ),
      ];
    const isUsed = files.entry(envPath(layout, homeIdOf(account.account_key))) !== undefined;
    if (isUsed && files.entry(home) === undefined)
      return [fail("home", `the home of ${labelOf(registry, account)} is gone`, "codex-auth sync")];
    const own = files
      .names(home)
      .filter((name) => isShared(name, settings.share) && files.linkText(join(home, name)) !== baseLink(name));
    return own.map((name) =>
      warn(
        "home",
        `${join(home, name)} is not shared with the base home`,
        "move what it holds to the base home, remove it, then: codex-auth sync",
      ),
    );
  });
  return orOk(found, "home", "account homes share all they should");
};

/** Whether every pin has its account, and its directory. */
export const pins: Check = (ctx, { registry }) => {
  const { files, layout } = ctx;
  const ids = new Set(registry.accounts.map((account) => homeIdOf(account.account_key)));
  const found = listPins(files, layout).flatMap(({ path, homeId }) => {
    if (homeId === undefined || !ids.has(homeId))
      return [
        fail(
          "pin",
          `${path} is pinned to an account that is not there`,
          `codex-auth pin SELECTOR ${asWord(path)}, or codex-auth unpin ${asWord(path)}`,
        ),
      ];
    if (files.entry(envPath(layout, homeId)) === undefined)
      return [fail("pin", `${path} is pinned, but what shells need for its account is missing`, "codex-auth sync")];
    return files.mtimeMs(path) === undefined
      ? [
          warn(
            "pin",
            `${path} is pinned but gone`,
            `where it was moved: codex-auth pin there; else: codex-auth unpin ${asWord(path)}`,
          ),
        ]
      : [];
  });
  const { active } = currentAccount(ctx);
  const moved = tellMoved(ctx, registry, active);
  if (moved) found.push(fail("pin", moved.message, moved.hint ?? "codex-auth pin"));
  return orOk(found, "pin", "every pin has its account");
};
