import { labelOf, nameAccounts } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { checkPinnable } from "../core/active/pins.ts";
import { checkOneLine } from "../core/base/layout.ts";
import { UserError } from "../core/errors.ts";
import { tellStillBilled } from "../core/here/still-billed.ts";
import { currentAccount } from "../core/here/current.ts";
import { setupHere } from "../setup.ts";
import { pathFromHere } from "../core/here/directory.ts";
import { checkAllowed } from "../core/homes/allowed.ts";
import { askWhich, chooseAccount } from "../core/selectors/ask.ts";
import { resolveSelector } from "../core/selectors/match.ts";
import { loadRegistry } from "../core/state/state.ts";
import { changeState, WITHOUT_ASKING } from "../core/state/change.ts";
import { asWord } from "../core/printable.ts";

export default defineVerb({
  args: {
    selector: {
      type: "positional",
      required: false,
      description: "the account; without one, a picker",
      offers: "accounts",
    },
    dir: {
      type: "positional",
      required: false,
      description: "the directory (default: this one)",
      offers: "directories",
    },
  },
  examples: ["codex-auth pin work", "codex-auth pin alice@example.com ~/work/acme"],
  async run(ctx, { selector, dir }) {
    if (dir === undefined && isDirectoryOnly(ctx, selector))
      throw new UserError(`"${selector}" is a directory, and the account comes first`, {
        hint: `codex-auth pin SELECTOR ${asWord(selector ?? "")}`,
        exitCode: 2,
      });
    checkOneLine(ctx.layout.base);
    const directory = physicalDirectory(ctx, dir);
    checkPinnable(ctx.layout, directory);
    const which = await askWhich(ctx, selector, { purpose: `for ${directory}` });
    const account = await changeState(ctx, WITHOUT_ASKING, async (store) => {
      const chosen = chooseAccount(ctx, store.registry, which);
      checkAllowed(ctx, store.registry, chosen, { as: "own home", directory });
      await store.needHome(chosen, true);
      store.pin(directory, chosen);
      return { ...chosen, label: labelOf(store.registry, chosen) };
    });
    ctx.terminal.out(`${directory} uses ${account.label}\n`);
    const isHere = ctx.cwd !== undefined && `${ctx.cwd}/`.startsWith(directory === "/" ? "/" : `${directory}/`);
    const still = isHere ? tellStillBilled(currentAccount(ctx), account, setupHere(ctx.env)) : undefined;
    if (still) ctx.log.warn(still);
  },
});

/** Whether a word that should be an account names a directory, and no account. */
function isDirectoryOnly(ctx: Context, selector: string | undefined): boolean {
  if (selector === undefined || !/^[./~]|\//.test(selector)) return false;
  const path = ctx.files.physical(pathFromHere(ctx, selector));
  if (path === undefined || ctx.files.entry(path)?.kind !== "directory") return false;
  return resolveSelector(nameAccounts(loadRegistry(ctx)), selector).candidates.length === 0;
}

/** Returns the physical path of a directory (default: this one). Throws UserError when it is none. */
function physicalDirectory(ctx: Context, path: string | undefined): string {
  const named = pathFromHere(ctx, path);
  const physical = ctx.files.physical(named);
  if (physical === undefined) throw new UserError(`${named} does not exist`, { hint: "make the directory first" });
  if (ctx.files.entry(physical)?.kind === "directory") return physical;
  throw new UserError(`${named} is not a directory`, { hint: "pin the directory that it lies in" });
}
