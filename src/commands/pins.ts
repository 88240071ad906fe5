import { labelOf } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { type Account, homeIdOf } from "../core/accounts/account.ts";
import { listPins, type Pin } from "../core/active/pins.ts";
import { documentInput, accountDocuments, type DocumentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import { MISSING_LABEL } from "../core/homes/environment.ts";
import { changeState, WITHOUT_ASKING } from "../core/state/change.ts";
import { viewState } from "../core/state/state.ts";
import { printable } from "../core/printable.ts";
import { padEnd, widest } from "../core/width.ts";

export default defineVerb({
  args: {
    prune: { type: "boolean", description: "first take away the pins of directories that are gone" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  examples: ["codex-auth pins", "codex-auth pins --prune"],
  async run(ctx, { prune, json }) {
    if (prune) for (const { path } of await prunePins(ctx)) ctx.log.info(`${path} is gone: not pinned any more`);
    const input = documentInput(ctx, viewState(ctx));
    if (json) return ctx.terminal.write(renderDocument(pinsDocument(input)));
    const { registry, pins } = input;
    const labels = new Map(registry.accounts.map((one) => [homeIdOf(one.account_key), labelOf(registry, one)]));
    const width = widest(pins.map(({ path }) => printable(path)));
    for (const { path, homeId } of pins)
      ctx.terminal.out(`${padEnd(printable(path), width)}  ${labels.get(homeId ?? "") ?? MISSING_LABEL}\n`);
  },
});

/** Takes the pins of directories that are gone away; returns them. */
async function prunePins(ctx: Context): Promise<Pin[]> {
  return await changeState(ctx, WITHOUT_ASKING, (store) => {
    const gone = listPins(ctx.files, ctx.layout).filter(({ path }) => ctx.files.mtimeMs(path) === undefined);
    for (const { path } of gone) store.unpin(path);
    return gone;
  });
}

/** Returns the document of `pins`, in their order. A pin whose account is not there has none. */
export function pinsDocument(input: DocumentInput) {
  const byHome = new Map(input.registry.accounts.map((account) => [homeIdOf(account.account_key), account]));
  // without the account's pins: all of them behind each of them would be their square
  const document = accountDocuments({ ...input, pins: [] });
  const documents = new Map<string, object>();
  const once = (account: Account) => {
    const known = documents.get(account.account_key);
    if (known) return known;
    const { pins: _, ...told } = document(account);
    documents.set(account.account_key, told);
    return told;
  };
  const pins = input.pins.map(({ path, homeId }) => {
    const account = homeId === undefined ? undefined : byHome.get(homeId);
    return { path, home_id: homeId ?? null, account: account ? once(account) : null };
  });
  return { command: "pins", pins };
}
