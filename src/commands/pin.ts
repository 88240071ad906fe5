import { labelOf } from "../core/accounts/account.ts";
import { pinDirectory } from "./pin/pinning.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    selector: { type: "positional", required: false, description: "the account; without one, a picker" },
    dir: { type: "positional", required: false, description: "the directory (default: this one)" },
  },
  examples: ["codex-auth pin work", "codex-auth pin alice@example.com ~/work/acme"],
  async run(ctx, { selector, dir }) {
    const { account, directory } = await pinDirectory(ctx, selector, dir);
    ctx.terminal.out(`${directory} uses ${labelOf(account)}\n`);
  },
});
