import { labelOf } from "../core/accounts/account.ts";
import { documentInput } from "../core/documents/document-input.ts";
import { switchDocument } from "../core/documents/documents.ts";
import { renderDocument } from "../core/documents/render-document.ts";
import { serverNote, switchAccount } from "./switch/switching.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    selector: {
      type: "positional",
      required: false,
      description: "the account, or `-` for the previous one; without one, a picker",
    },
    json: { type: "boolean", description: "print a JSON document" },
  },
  examples: ["codex-auth switch work", "codex-auth switch -", "codex-auth switch 02"],
  async run(ctx, { selector, json }) {
    const switched = await switchAccount(ctx, selector, { json });
    const note = serverNote(switched);
    if (note !== undefined) ctx.terminal.err(`${note}\n`);
    const { account, state } = switched;
    ctx.terminal.out(
      json
        ? renderDocument(switchDocument(documentInput(ctx, state), account))
        : `the default account is ${labelOf(account)}\n`,
    );
  },
});
