import { defineVerb } from "../command.ts";
import { documentInput } from "../core/documents/document-input.ts";
import { currentDocument } from "../core/documents/documents.ts";
import { renderDocument } from "../core/documents/render-document.ts";
import { currentAccount, reasonOf } from "../core/here/current.ts";

export default defineVerb({
  args: { json: { type: "boolean", description: "print a JSON document" } },
  examples: ["codex-auth current", "codex-auth current --json"],
  run(ctx, { json }) {
    const { state, active, label, codexHome, strays } = currentAccount(ctx);
    for (const name of strays)
      ctx.log.warn({ message: `${name} is set: Codex would bill that instead`, hint: `unset ${name}` });
    if (json) ctx.terminal.write(renderDocument(currentDocument(documentInput(ctx, state), active, codexHome)));
    else if (label !== undefined) ctx.terminal.out(`${label}\n${reasonOf(active)}\n`);
    else {
      const hint = state.registry.accounts.length > 0 ? "codex-auth switch" : "codex-auth login";
      ctx.log.info({ message: "no account is active here", hint });
    }
  },
});
