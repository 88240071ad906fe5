import { unpinDirectory } from "./pin/pinning.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: { dir: { type: "positional", required: false, description: "the directory (default: this one)" } },
  examples: ["codex-auth unpin", "codex-auth unpin ~/work/acme"],
  async run(ctx, { dir }) {
    ctx.terminal.out(`${await unpinDirectory(ctx, dir)} is not pinned any more\n`);
  },
});
