import { documentInput } from "../core/document-input.ts";
import { listDocument, renderDocument } from "../core/documents.ts";
import { viewState } from "../core/state.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: { json: { type: "boolean", description: "print a JSON document" } },
  examples: ["codex-auth list"],
  run(ctx) {
    ctx.terminal.out(renderDocument(listDocument(documentInput(ctx, viewState(ctx)))));
  },
});
