import { renderSnippet, SHELLS } from "../shell.ts";
import { defineVerb } from "../verb.ts";

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
  examples: [
    'eval "$(codex-auth init zsh)"                               # in ~/.zshrc',
    'eval "$(codex-auth init bash)"                              # in ~/.bashrc',
    "codex-auth init fish | source                               # in ~/.config/fish/config.fish",
    "codex-auth init pwsh | Out-String | Invoke-Expression       # in $PROFILE",
  ],
  run(ctx, { shell, prompt, hook }) {
    ctx.terminal.out(renderSnippet(shell, { program: ctx.program, base: ctx.layout.base, prompt, hook }));
  },
});
