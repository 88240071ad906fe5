import { defineVerb } from "../command.ts";
import { makePinnedHomes } from "../core/state/awaited.ts";
import { ASKING, changeState } from "../core/state/change.ts";

export default defineVerb({
  args: { quiet: { type: "boolean", description: "say only what somebody should know" } },
  examples: ["codex-auth sync"],
  async run(ctx, { quiet }) {
    if (quiet) ctx.ignoreSuspend();
    const { count, loggedOut, damaged } = await changeState(ctx, ASKING, async (store) => {
      // the hook, which is quiet, has no time to look at all pins
      if (!quiet) await makePinnedHomes(ctx, store);
      return {
        count: store.registry.accounts.length,
        loggedOut: store.loggedOut.size - store.damaged.size,
        damaged: store.damaged.size,
      };
    });
    const parts = [loggedOut && `${loggedOut} logged out`, damaged && `${damaged} damaged`].filter(Boolean);
    const state = parts.join(", ") || "all in order";
    if (!quiet) ctx.log.info(`${count} account${count === 1 ? "" : "s"}, ${state}`);
  },
});
