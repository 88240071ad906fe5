import { currentAccount } from "../core/here/current.ts";
import { renderOverview } from "./overview/render.ts";
import { SETUP, setupOf } from "../setup.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {},
  examples: ["codex-auth overview"],
  run(ctx) {
    // the snippet's function says so when it calls
    const setup = ctx.env.CODEX_AUTH_SNIPPET ? undefined : (setupOf(ctx.env.SHELL) ?? SETUP.bash);
    ctx.terminal.out(renderOverview(currentAccount(ctx), setup));
  },
});
