import { labelOf } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import { putAccount } from "../core/accounts/registry.ts";
import { UserError } from "../core/errors.ts";
import { askWhich, chooseAccount } from "../core/selectors/ask.ts";
import { checkAlias } from "../core/selectors/alias.ts";
import { ASKING, changeState } from "../core/state/change.ts";

export default defineVerb({
  args: {
    action: {
      type: "positional",
      options: ["set", "clear"],
      description: "set or clear",
      words: { set: "name an account", clear: "take its name away" },
    },
    selector: { type: "positional", description: "the account", offers: "accounts" },
    alias: { type: "positional", required: false, description: "its name (set)" },
  },
  examples: ["codex-auth alias set alice@example.com work", "codex-auth alias clear work"],
  async run(ctx, { action, selector, alias }) {
    if (action === "clear" && alias !== undefined) throw usage(`unexpected argument "${alias}"`);
    if (action === "set" && alias === undefined) throw usage("missing argument ALIAS");
    // a name that is taken away is gone: a part of it does not do
    const how = { exact: action === "clear" };
    const which = await askWhich(ctx, selector, how);
    const named = await changeState(ctx, ASKING, (store) => {
      const account = chooseAccount(ctx, store.registry, which, how);
      const name = alias === undefined ? "" : checkAlias(store.registry, alias, account.account_key);
      const renamed = { ...account, alias: name };
      store.registry = putAccount(store.registry, renamed);
      return labelOf(store.registry, renamed);
    });
    ctx.terminal.out(`${named}\n`);
  },
});

const usage = (message: string) => new UserError(message, { exitCode: 2, hint: "codex-auth alias --help" });
