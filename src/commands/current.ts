import { defineVerb } from "../command.ts";
import { documentInput, accountDocuments, type DocumentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import type { Active } from "../core/active/active.ts";
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

/** Returns the document of `current`; `codexHome` is the home that Codex would use here. */
export function currentDocument(input: DocumentInput, active: Active, codexHome: string) {
  return {
    command: "current",
    account: active.account ? accountDocuments(input)(active.account) : null,
    source: active.source,
    pin: active.pin,
    codex_home: codexHome,
  };
}
