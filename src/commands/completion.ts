import { defineVerb } from "../command.ts";
import { renderCompletion, SHELLS } from "../shell.ts";

export default defineVerb({
  args: { shell: { type: "positional", description: SHELLS.join(", "), options: [...SHELLS] } },
  examples: [
    'eval "$(codex-auth completion zsh)"                          # in ~/.zshrc, after compinit',
    'eval "$(codex-auth completion bash)"                         # in ~/.bashrc',
    "codex-auth completion fish | source                          # in ~/.config/fish/config.fish",
    "codex-auth completion pwsh | Out-String | Invoke-Expression  # in $PROFILE",
  ],
  run(ctx, { shell }) {
    ctx.terminal.write(renderCompletion(shell, ctx.program, ctx.layout.base));
  },
});
