import { homeIdOf, labelOf, withoutControls } from "../core/accounts/account.ts";
import { documentInput } from "../core/documents/document-input.ts";
import { pinsDocument } from "../core/documents/documents.ts";
import { renderDocument } from "../core/documents/render-document.ts";
import { MISSING_LABEL } from "../core/homes/environment.ts";
import { prunePins } from "./pin/pinning.ts";
import { viewState } from "../core/state/state.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    prune: { type: "boolean", description: "first take away the pins of directories that are gone" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  examples: ["codex-auth pins", "codex-auth pins --prune"],
  async run(ctx, { prune, json }) {
    if (prune)
      for (const path of await prunePins(ctx))
        ctx.terminal.err(`${withoutControls(path)} is gone: not pinned any more\n`);
    const input = documentInput(ctx, viewState(ctx));
    if (json) return ctx.terminal.out(renderDocument(pinsDocument(input)));
    const labels = new Map(input.registry.accounts.map((account) => [homeIdOf(account.account_key), labelOf(account)]));
    const paths = input.pins.map(({ path }) => withoutControls(path));
    const width = Math.max(...paths.map((path) => Bun.stringWidth(path)));
    const lines = input.pins.map(({ homeId }, index) => {
      const path = paths[index] ?? "";
      return `${path}${" ".repeat(width - Bun.stringWidth(path))}  ${labels.get(homeId ?? "") ?? MISSING_LABEL}\n`;
    });
    ctx.terminal.out(lines.join(""));
  },
});
