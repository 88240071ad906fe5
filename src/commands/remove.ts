import type { Context } from "../context.ts";
import { type Account, labelOf, withoutControls } from "../core/accounts/account.ts";
import { removeDocument } from "../core/documents/documents.ts";
import { renderDocument } from "../core/documents/render-document.ts";
import { UserError } from "../core/errors.ts";
import { type Removed, removeAccounts } from "./remove/removing.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    all: { type: "boolean", description: "remove every account, with its pins" },
    unpin: { type: "boolean", description: "take the pins of the removed accounts away too" },
    yes: { type: "boolean", alias: "y", description: "do not ask" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  rest: { name: "selector", description: "the accounts" },
  examples: ["codex-auth remove old@example.com", "codex-auth remove 02 03 --unpin", "codex-auth remove --all --yes"],
  async run(ctx, { all, unpin, yes, json, _: selectors }) {
    if (all !== (selectors.length === 0)) {
      throw new UserError(all ? "--all takes no selector" : "missing argument SELECTOR", {
        exitCode: 2,
        hint: "codex-auth remove --help",
      });
    }
    const confirm = async (accounts: readonly Account[]) => yes || (await ask(ctx, accounts));
    const removed = await removeAccounts(ctx, { selectors, all, unpin, confirm });
    if (!removed) throw new UserError("nothing has been removed", { code: "cancelled" });
    for (const path of removed.orphanedPins)
      ctx.terminal.err(`${withoutControls(path)} is still pinned to it: codex-auth unpin ${withoutControls(path)}\n`);
    ctx.terminal.out(
      json ? renderDocument(documentOf(removed)) : removed.accounts.map((one) => `removed ${labelOf(one)}\n`).join(""),
    );
  },
});

const documentOf = ({ before, accounts, newDefault }: Removed) => removeDocument(before, accounts, newDefault);

async function ask({ terminal }: Context, accounts: readonly Account[]): Promise<boolean> {
  if (!terminal.tty.in || !terminal.tty.err) {
    throw new UserError("--all asks first, and there is no terminal to ask on", {
      hint: "codex-auth remove --all --yes",
    });
  }
  const question = `Remove all ${accounts.length} accounts and their logins? y/N `;
  const answer = await terminal.interact<"yes" | "no" | "broken off">({
    draw: () => [question],
    press({ name, text, ctrl }) {
      if (ctrl && name === "c") return "broken off";
      if (text.toLowerCase() === "y") return "yes";
      return name === "return" || name === "enter" || name === "escape" || text !== "" ? "no" : undefined;
    },
  });
  if (answer === "broken off") throw new UserError("nothing has been removed", { exitCode: 130, code: "cancelled" });
  return answer === "yes";
}
