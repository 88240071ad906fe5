import { documentInput } from "../core/documents/document-input.ts";
import { currentDocument } from "../core/documents/documents.ts";
import { renderDocument } from "../core/documents/render-document.ts";
import { currentAccount, reasonOf } from "../core/here/current.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: { json: { type: "boolean", description: "print a JSON document" } },
  examples: ["codex-auth current", "codex-auth current --json"],
  run(ctx, { json }) {
    const { state, active, label, codexHome, strays } = currentAccount(ctx);
    for (const name of strays)
      ctx.terminal.err(`codex-auth: ${name} is set: Codex would bill that instead; try: unset ${name}\n`);
    if (json) ctx.terminal.out(renderDocument(currentDocument(documentInput(ctx, state), active, codexHome)));
    else if (label !== undefined) ctx.terminal.out(`${label}\n${reasonOf(active)}\n`);
    else {
      const remedy = state.registry.accounts.length > 0 ? "codex-auth switch" : "codex-auth login";
      ctx.terminal.err(`no account is active here; try: ${remedy}\n`);
    }
  },
});
