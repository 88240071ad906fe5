import { defineVerb } from "../command.ts";
import { accountCandidates, pinCandidates, renderCandidates } from "../core/selectors/candidates.ts";
import { listPins } from "../core/active/pins.ts";
import { loadRegistry } from "../core/state/state.ts";

// Asked by the completion scripts at a key press: it only reads, and asks nobody.
export default defineVerb({
  args: { kind: { type: "positional", options: ["accounts", "pins"], description: "accounts or pins" } },
  examples: ["codex-auth candidates accounts"],
  run(ctx, { kind }) {
    const registry = loadRegistry(ctx);
    const candidates =
      kind === "accounts" ? accountCandidates(registry) : pinCandidates(listPins(ctx.files, ctx.layout), registry);
    ctx.terminal.write(renderCandidates(candidates));
  },
});
