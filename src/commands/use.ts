import { labelOf } from "../core/accounts/account.ts";
import { checkSnippet, useAccount } from "./use/using.ts";
import { defineVerb } from "../verb.ts";

// The shell's function reads standard output: a home id for CODEX_AUTH_USE, or `-` to take it away.
export default defineVerb({
  args: {
    selector: {
      type: "positional",
      required: false,
      description: "the account, or `-` for the directory's again; without one, a picker",
    },
  },
  examples: ["codex-auth use work", "codex-auth use -"],
  async run(ctx, { selector }) {
    checkSnippet(ctx);
    if (selector === "-") {
      ctx.terminal.out("-\n");
      return;
    }
    const { account, homeId } = await useAccount(ctx, selector);
    ctx.terminal.err(`this shell uses ${labelOf(account)} until: codex-auth use -\n`);
    ctx.terminal.out(`${homeId}\n`);
  },
});
