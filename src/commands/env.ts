import { defineVerb } from "../command.ts";
import { type Environment, failClosed } from "../core/homes/environment.ts";
import { environmentToPrint } from "../core/here/acting.ts";
import { renderDocument } from "../core/documents/render.ts";
import { isProcessShell, renderProcessEnv } from "../process-shell.ts";
import { SERVED } from "../setup.ts";
import { renderEnv } from "../shell.ts";

export default defineVerb({
  args: {
    selector: {
      type: "positional",
      required: false,
      description: "the account (default: the one that is active here)",
      offers: "accounts",
    },
    shell: { type: "enum", options: ["sh", ...SERVED], default: "sh", description: "whose commands to print" },
    json: { type: "boolean", description: "print a JSON document: set {name: value}, unset [name]" },
  },
  examples: [
    'eval "$(codex-auth env work)"',
    "codex-auth env work --shell fish | source",
    "codex-auth env work --shell nu | from json | load-env",
    "codex-auth env --json",
  ],
  async run(ctx, { selector, shell, json }) {
    const render = ({ set, unset }: Environment) =>
      isProcessShell(shell) ? renderProcessEnv(shell, set, unset) : renderEnv(shell, set, unset);
    try {
      const { set, unset } = await environmentToPrint(ctx, selector);
      ctx.terminal.write(json ? renderDocument({ command: "env", set, unset }) : render({ set, unset }));
    } catch (error) {
      // a script that evaluates this goes on: it must not go on as the default account
      if (!json) ctx.terminal.write(render(failClosed(ctx.layout)));
      throw error;
    }
  },
});
