import { defineVerb } from "../command.ts";
import { SETUP } from "../setup.ts";
import { renderCompletion, SHELLS } from "../shell.ts";

const WIDTH = Math.max(...Object.values(SETUP).map(({ completion }) => completion.length));

export default defineVerb({
  args: { shell: { type: "positional", description: SHELLS.join(", "), options: [...SHELLS] } },
  examples: Object.values(SETUP).map(({ completion, file }) => `${completion.padEnd(WIDTH)}  # in ${file}`),
  run(ctx, { shell }) {
    ctx.terminal.write(renderCompletion(shell, ctx.program, ctx.layout.base));
  },
});
