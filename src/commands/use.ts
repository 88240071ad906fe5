import { checkOneLine } from "../core/base/layout.ts";
import { labelOf } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import { homeIdOf } from "../core/accounts/account.ts";
import { UserError } from "../core/errors.ts";
import { bestAccount } from "../core/here/best.ts";
import { checkHomeLoggedIn } from "../core/here/acting.ts";
import { checkAllowed } from "../core/homes/allowed.ts";
import { askWhich, chooseAccount } from "../core/selectors/ask.ts";
import { changeState, WITHOUT_ASKING } from "../core/state/change.ts";
import { record } from "../core/state/history.ts";

// The shell's function reads standard output: a home id for CODEX_AUTH_USE, or `-` to take it away.
export default defineVerb({
  args: {
    selector: {
      type: "positional",
      required: false,
      description: "the account, or `-` for the directory's again; without one, a picker",
      offers: "accounts",
      words: { "-": "the directory's again" },
    },
    best: { type: "boolean", description: "the ChatGPT account with the most left of its limits" },
  },
  examples: ["codex-auth use work", "codex-auth use --best", "codex-auth use -"],
  async run(ctx, { selector, best }) {
    if (best && selector !== undefined)
      throw new UserError("a SELECTOR and --best exclude each other", { exitCode: 2 });
    // no program can change the shell that starts it
    if (!ctx.env.CODEX_AUTH_SNIPPET) {
      throw new UserError("`use` needs the shell snippet", {
        hint: 'eval "$(codex-auth init zsh)" (bash, fish, pwsh, elvish, nu, xonsh, tcsh too), or codex-auth exec --account SELECTOR -- COMMAND',
      });
    }
    if (selector === "-") {
      record(ctx, ["a shell uses its directory's account again"]);
      return ctx.terminal.write("-\n");
    }
    checkOneLine(ctx.layout.base);
    const which = best ? await bestAccount(ctx) : await askWhich(ctx, selector, { purpose: "for this shell" });
    const { label, homeId } = await changeState(ctx, WITHOUT_ASKING, async (store) => {
      const chosen = chooseAccount(ctx, store.registry, which);
      checkAllowed(ctx, store.registry, chosen, { as: "own home", directory: ctx.cwd });
      await store.needHome(chosen);
      checkHomeLoggedIn(store, chosen);
      const label = labelOf(store.registry, chosen);
      record(ctx, [`a shell uses ${label}`]);
      return { label, homeId: homeIdOf(chosen.account_key) };
    });
    ctx.log.info(`this shell uses ${label} until: codex-auth use -`);
    ctx.terminal.write(`${homeId}\n`);
  },
});
