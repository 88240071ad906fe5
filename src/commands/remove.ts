import { labelOf } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { type Account, homeIdOf } from "../core/accounts/account.ts";
import { listPins } from "../core/active/pins.ts";
import { documentInput, accountDocuments, type DocumentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import { UserError } from "../core/errors.ts";
import { noAccounts } from "../core/selectors/refuse.ts";
import { askWhich, chooseAccounts } from "../core/selectors/ask.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { viewState } from "../core/state/state.ts";

export default defineVerb({
  args: {
    all: { type: "boolean", description: "remove every account, with its pins" },
    unpin: { type: "boolean", description: "take the pins of the removed accounts away too" },
    yes: { type: "boolean", alias: "y", description: "do not ask" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  rest: { name: "selector", description: "the accounts", offers: "accounts" },
  examples: ["codex-auth remove old@example.com", "codex-auth remove 02 03 --unpin", "codex-auth remove --all --yes"],
  async run(ctx, { all, unpin, yes, json, _: selectors }) {
    if (all !== (selectors.length === 0)) {
      throw new UserError(all ? "--all takes no selector" : "missing argument SELECTOR", {
        exitCode: 2,
        hint: "codex-auth remove --help",
      });
    }
    // nobody is asked under our lock: every shell would wait for the answer
    const wanted: Wanted = all
      ? { keys: await askForAll(ctx, yes) }
      : { selectors: await askEach(ctx, selectors, json) };
    const { labels, document, orphans } = await removeAccounts(ctx, wanted, all || unpin);
    for (const path of orphans)
      ctx.log.info({ message: `${path} is still pinned to it`, hint: `codex-auth unpin ${path}` });
    if (json) return ctx.terminal.write(renderDocument(document));
    for (const label of labels) ctx.terminal.out(`removed ${label}\n`);
  },
});

type Wanted = { keys: readonly string[] } | { selectors: readonly string[] };

/** Removes accounts; every selector is resolved before the first one goes. `orphans` are the pins that fail closed from now on. */
async function removeAccounts(ctx: Context, wanted: Wanted, withPins: boolean) {
  return await changeState(ctx, ASKING, async (store) => {
    const { registry } = store;
    const before = documentInput(ctx, { registry, loggedOut: new Set(store.loggedOut) });
    const accounts =
      "keys" in wanted
        ? registry.accounts.filter(({ account_key: key }) => wanted.keys.includes(key))
        : chooseAccounts(ctx, registry, wanted.selectors);
    if (accounts.length === 0) throw noAccounts();
    await store.remove(accounts);
    const ids = new Set(accounts.map((account) => homeIdOf(account.account_key)));
    const pins = listPins(ctx.files, ctx.layout).filter(({ homeId }) => homeId !== undefined && ids.has(homeId));
    if (withPins) for (const { path } of pins) store.unpin(path);
    return {
      labels: accounts.map((account) => labelOf(registry, account)),
      document: removeDocument(before, accounts, store.registry.active_account_key),
      orphans: withPins ? [] : pins.map(({ path }) => path),
    };
  });
}

/** Asks where a selector leaves it open; returns selectors that don't. */
async function askEach(ctx: Context, selectors: readonly string[], json: boolean): Promise<string[]> {
  const asked: string[] = [];
  for (const selector of selectors) asked.push((await askWhich(ctx, selector, { json, exact: true })) ?? selector);
  return asked;
}

/** Returns the keys of all accounts, when the user wants them removed. */
async function askForAll(ctx: Context, yes: boolean): Promise<string[]> {
  const { accounts } = viewState(ctx).registry;
  if (accounts.length === 0) throw noAccounts();
  if (!yes) await confirm(ctx, accounts);
  return accounts.map(({ account_key: key }) => key);
}

/** Throws UserError unless the user says yes. */
async function confirm({ terminal }: Context, accounts: readonly Account[]): Promise<void> {
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
  if (answer === "yes") return;
  throw new UserError("nothing has been removed", { exitCode: answer === "broken off" ? 130 : 1, code: "cancelled" });
}

/** Returns the document of `remove`: `input` is as it was before, `newActive` the key of the default account since. */
export function removeDocument(input: DocumentInput, removed: readonly Account[], newActive: string | null) {
  return {
    command: "remove",
    removed: removed.map(accountDocuments(input)),
    new_active_account_key: newActive,
  };
}
