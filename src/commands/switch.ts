import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { UserError } from "../core/errors.ts";
import { bestAccount } from "../core/here/best.ts";
import type { Account } from "../core/accounts/account.ts";
import { documentInput, accountDocuments, type DocumentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import { tellStillBilled } from "../core/here/still-billed.ts";
import { tellMoreLeft } from "../core/here/more-left.ts";
import { currentAccount } from "../core/here/current.ts";
import { setupHere } from "../setup.ts";
import { switchDefault } from "../core/here/default-account.ts";
import { askWhich } from "../core/selectors/ask.ts";

export default defineVerb({
  args: {
    selector: {
      type: "positional",
      required: false,
      description: "the account, or `-` for the previous one; without one, a picker",
      offers: "accounts",
      words: { "-": "the previous one" },
    },
    best: { type: "boolean", description: "the ChatGPT account with the most left of its limits" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  examples: ["codex-auth switch work", "codex-auth switch -", "codex-auth switch --best", "codex-auth switch 02"],
  async run(ctx, { selector, best, json }) {
    if (best && selector !== undefined)
      throw new UserError("a SELECTOR and --best exclude each other", { exitCode: 2 });
    const which = await whichOf(ctx, selector, { best, json });
    const { account, label, state, note } = await switchDefault(ctx, which);
    if (note) ctx.log.info(note);
    if (json) ctx.terminal.write(renderDocument(switchDocument(documentInput(ctx, state), account)));
    else ctx.terminal.out(`the default account is ${label}\n`);
    const current = currentAccount(ctx);
    const still = tellStillBilled(current, account, setupHere(ctx.env));
    if (still) ctx.log.warn(still);
    const more = tellMoreLeft(current.state, account, ctx.now(), "switch");
    if (more) ctx.log.info(more);
  },
});

async function whichOf(ctx: Context, selector: string | undefined, { best, json }: { best: boolean; json: boolean }) {
  if (best) return await bestAccount(ctx);
  return selector === "-" ? selector : await askWhich(ctx, selector, { json, purpose: "as the default one" });
}

/** Returns the document of `switch`. */
export function switchDocument(input: DocumentInput, account: Account) {
  return { command: "switch", switched_to: accountDocuments(input)(account) };
}
