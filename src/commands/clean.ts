import { cleanUp } from "./clean/cleaning.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {},
  examples: ["codex-auth clean"],
  async run(ctx) {
    const removed = await cleanUp(ctx);
    ctx.terminal.out(removed.map((path) => `removed ${path}\n`).join(""));
    if (removed.length === 0) ctx.terminal.err("nothing to clean\n");
  },
});
