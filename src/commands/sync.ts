import { ASKING, changeState } from "../core/change.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: { quiet: { type: "boolean", description: "say only what somebody should know" } },
  examples: ["codex-auth sync"],
  async run(ctx, { quiet }) {
    const count = await changeState(ctx, ASKING, (store) => store.registry.accounts.length);
    if (!quiet) ctx.terminal.err(`${count} account${count === 1 ? "" : "s"}, all in order\n`);
  },
});
