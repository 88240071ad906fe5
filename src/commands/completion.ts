import { defineVerb } from "../command.ts";
import { isProcessShell, PROCESS_COMPLETIONS, renderProcessCompletion } from "../process-shell.ts";
import { SETUP } from "../setup.ts";
import { renderCompletion, SHELLS } from "../shell.ts";

const SERVED = [...SHELLS, ...PROCESS_COMPLETIONS] as const;
const WIDTH = Math.max(...Object.values(SETUP).map(({ completion }) => completion.length));

export default defineVerb({
  args: { shell: { type: "positional", description: SERVED.join(", "), options: [...SERVED] } },
  examples: Object.values(SETUP).map(({ completion, file }) => `${completion.padEnd(WIDTH)}  # in ${file}`),
  run(ctx, { shell }) {
    const { program, layout, terminal } = ctx;
    terminal.write(
      isProcessShell(shell)
        ? renderProcessCompletion(shell, program, layout.base)
        : renderCompletion(shell, program, layout.base),
    );
  },
});
