import { basename, dirname, join } from "node:path";
import { defineVerb } from "../command.ts";
import { findPin } from "../core/active/pins.ts";
import { UserError } from "../core/errors.ts";
import type { Context } from "../context.ts";
import { asWord } from "../core/printable.ts";
import { pathFromHere } from "../core/here/directory.ts";
import { changeState, WITHOUT_ASKING } from "../core/state/change.ts";

export default defineVerb({
  args: {
    dir: { type: "positional", required: false, description: "the directory (default: this one)", offers: "pins" },
  },
  examples: ["codex-auth unpin", "codex-auth unpin ~/work/acme"],
  async run(ctx, { dir }) {
    const { files, layout } = ctx;
    const named = pathFromHere(ctx, dir);
    const path = physicalOf(files, named);
    await changeState(ctx, WITHOUT_ASKING, (store) => {
      if (store.unpin(path)) return;
      const parent = findPin(files, layout, path)?.path;
      if (parent === undefined) throw new UserError(`${path} is not pinned`, { hint: "codex-auth pins" });
      throw new UserError(`${path} is not pinned, but ${parent} is`, { hint: `codex-auth unpin ${asWord(parent)}` });
    });
    ctx.terminal.out(`${path} is not pinned any more\n`);
  },
});

/** Returns the physical path of a directory, which may be gone: a pin is found by it, whatever links lead there. */
function physicalOf(files: Context["files"], path: string): string {
  return files.physical(path) ?? join(physicalOf(files, dirname(path)), basename(path));
}
