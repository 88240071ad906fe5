import { eject } from "./eject/ejecting.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {},
  examples: ["codex-auth eject"],
  async run(ctx) {
    const { kept, rewritten } = await eject(ctx);
    const { layout, terminal } = ctx;
    for (const path of kept) terminal.err(`kept, because it is nowhere else: ${path}\n`);
    if (rewritten > 0)
      terminal.err(
        `${rewritten} session${rewritten === 1 ? "" : "s"} of account homes can be resumed from ${layout.base}\n`,
      );
    terminal.out(`${layout.base} is as Codex alone would have it; the logins stay in ${layout.accounts}\n`);
    terminal.err(
      "take the lines with `codex-auth init` and `codex-auth completion` out of your shell's start file, and open a new shell\n",
    );
  },
});
