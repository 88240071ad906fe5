import { labelOf } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { checkPinnable } from "../core/active/pins.ts";
import { UserError } from "../core/errors.ts";
import { pathFromHere } from "../core/here/directory.ts";
import { checkAllowed } from "../core/homes/allowed.ts";
import { askWhich, chooseAccount } from "../core/selectors/ask.ts";
import { changeState, WITHOUT_ASKING } from "../core/state/change.ts";

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
    const directory = physicalDirectory(ctx, dir);
    checkPinnable(ctx.layout, directory);
    const which = await askWhich(ctx, selector);
    const label = await changeState(ctx, WITHOUT_ASKING, async (store) => {
      const chosen = chooseAccount(ctx, store.registry, which);
      checkAllowed(ctx, store.registry, chosen, { as: "own home", directory });
      await store.needHome(chosen, true);
      store.pin(directory, chosen);
      return labelOf(store.registry, chosen);
    });
    ctx.terminal.out(`${directory} uses ${label}\n`);
  },
});

/** Returns the physical path of a directory (default: this one). Throws UserError when it is none. */
function physicalDirectory(ctx: Context, path: string | undefined): string {
  const named = pathFromHere(ctx, path);
  const physical = ctx.files.physical(named);
  if (physical === undefined) throw new UserError(`${named} does not exist`, { hint: "make the directory first" });
  if (ctx.files.entry(physical)?.kind === "directory") return physical;
  throw new UserError(`${named} is not a directory`, { hint: "pin the directory that it lies in" });
}
