import { defineVerb } from "../command.ts";
import { isProcessShell, renderProcessCompletion } from "../process-shell.ts";
import { SERVED, setupExamples } from "../setup.ts";
import { renderCompletion } from "../shell.ts";

export default defineVerb({
  args: { shell: { type: "positional", description: SERVED.join(", "), options: [...SERVED] } },
  examples: setupExamples("completion"),
  run(ctx, { shell }) {
    const { program, layout, terminal } = ctx;
    terminal.write(
      isProcessShell(shell)
        ? renderProcessCompletion(shell, program, layout.base)
        : renderCompletion(shell, program, layout.base),
    );
  },
});
