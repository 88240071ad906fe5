import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { documentInput, accountDocuments, type DocumentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import { checkPlace } from "../core/active/active.ts";
import { codexHere, tellCodex } from "../core/here/codex-here.ts";
import { followsHere } from "../core/here/billed.ts";
import { tellUnfollowed } from "../core/here/still-billed.ts";
import { type Current, currentAccount, reasonOf } from "../core/here/current.ts";
import { tellMoved } from "../core/here/moved.ts";
import type { Program } from "../io/programs.ts";
import { setupHere } from "../setup.ts";

type CurrentShown = Pick<Current, "active" | "billed" | "codexHome">;

export default defineVerb({
  args: { json: { type: "boolean", description: "print a JSON document" } },
  examples: ["codex-auth current", "codex-auth current --json"],
  run(ctx, { json }) {
    checkPlace(ctx);
    const current = currentAccount(ctx);
    const { state, active, label, billed } = current;
    for (const { message, remedy } of billed.overriddenBy) ctx.log.warn({ message, hint: remedy });
    const unfollowed = tellUnfollowed(active, billed, setupHere(ctx.env));
    if (unfollowed) ctx.log.warn(unfollowed);
    const moved = tellMoved(ctx, state.registry, active);
    if (moved) ctx.log.warn(moved);
    if (json) ctx.terminal.write(renderDocument(currentDocument(documentInput(ctx, state), current, codexHere(ctx))));
    else if (label !== undefined) ctx.terminal.out([label, reasonOf(active), ...aboutCodex(ctx), ""].join("\n"));
    else {
      const hint = state.registry.accounts.length > 0 ? "codex-auth switch" : "codex-auth login";
      ctx.log.info({ message: "no account is active here", hint });
    }
  },
});

/** Where the shell's hook runs there is nothing to tell of a `codex` without a shim. */
const aboutCodex = (ctx: Context): string[] => (followsHere(ctx) && !codexHere(ctx)?.shim ? [] : [tellCodex(ctx)]);

/** Returns the document of `current`. */
export function currentDocument(input: DocumentInput, { active, billed, codexHome }: CurrentShown, codex?: Program) {
  const documentOf = accountDocuments(input);
  return {
    command: "current",
    account: active.account ? documentOf(active.account) : null,
    source: active.source,
    pin: active.pin,
    codex_home: codexHome,
    billed: billed.account ? documentOf(billed.account) : null,
    codex: codex?.path ?? null,
    shim: codex?.shim !== undefined,
    overridden_by: billed.overriddenBy.map(({ name }) => name),
  };
}
