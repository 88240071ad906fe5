import { defineVerb } from "../command.ts";
import { baseHomeOfShell } from "../core/base/layout.ts";
import { SETUP } from "../setup.ts";
import { renderSnippet, SHELLS } from "../shell.ts";

const WIDTH = Math.max(...Object.values(SETUP).map(({ line }) => line.length));

export default defineVerb({
  args: {
    shell: { type: "positional", description: SHELLS.join(", "), options: [...SHELLS] },
    prompt: {
      type: "boolean",
      default: true,
      description: "show the account in the prompt",
      negativeDescription: "leave the prompt alone",
    },
    hook: {
      type: "boolean",
      default: true,
      description: "follow cd and every prompt",
      negativeDescription: "nothing runs by itself: the account is looked up once, and after each codex-auth command",
    },
  },
  examples: Object.values(SETUP).map(({ line, file }) => `${line.padEnd(WIDTH)}  # in ${file}`),
  run(ctx, { shell, prompt, hook }) {
    const base = baseHomeOfShell(ctx.env, ctx.layout.base);
    ctx.terminal.write(renderSnippet(shell, { program: ctx.program, base, prompt, hook }));
  },
});
