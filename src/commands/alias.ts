import { clearAlias, setAlias } from "./alias/aliasing.ts";
import { UserError } from "../core/errors.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    action: { type: "positional", options: ["set", "clear"], description: "set or clear" },
    selector: { type: "positional", description: "the account" },
    alias: { type: "positional", required: false, description: "its name (set)" },
  },
  examples: ["codex-auth alias set alice@example.com work", "codex-auth alias clear work"],
  async run(ctx, { action, selector, alias }) {
    if (action === "clear" && alias !== undefined) throw usage(`unexpected argument "${alias}"`);
    if (action === "set" && alias === undefined) throw usage("missing argument ALIAS");
    const shown = alias === undefined ? await clearAlias(ctx, selector) : await setAlias(ctx, selector, alias);
    ctx.terminal.out(`${shown}\n`);
  },
});

const usage = (message: string) => new UserError(message, { exitCode: 2, hint: "codex-auth alias --help" });
