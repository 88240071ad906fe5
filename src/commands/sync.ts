import { defineVerb } from "../command.ts";
import { ASKING, changeState } from "../core/state/change.ts";

export default defineVerb({
  args: { quiet: { type: "boolean", description: "say only what somebody should know" } },
  examples: ["codex-auth sync"],
  async run(ctx, { quiet }) {
    const { count, loggedOut } = await changeState(ctx, ASKING, (store) => ({
      count: store.registry.accounts.length,
      loggedOut: store.loggedOut.size,
    }));
    const state = loggedOut === 0 ? "all in order" : `${loggedOut} logged out`;
    if (!quiet) ctx.log.info(`${count} account${count === 1 ? "" : "s"}, ${state}`);
  },
});
