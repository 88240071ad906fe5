import { labelOf } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { type Account, homeIdOf } from "../core/accounts/account.ts";
import { documentInput, accountDocuments, type DocumentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import { keptAt } from "../core/base/kept.ts";
import { homePath } from "../core/base/layout.ts";
import { UserError } from "../core/errors.ts";
import { hasOwnSessions } from "../core/homes/homes.ts";
import { canAsk, confirm } from "../core/selectors/confirm.ts";
import type { Registry } from "../core/accounts/registry.ts";
import { type How, pinsOf, tellGoing } from "./remove/going.ts";
import { noAccounts } from "../core/selectors/refuse.ts";
import { askEach, askMany, chooseAccounts } from "../core/selectors/ask.ts";
import { removeAccounts } from "../core/state/removal.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { loadRegistry, viewState } from "../core/state/state.ts";
import { authPaths } from "../core/state/synced.ts";
import { finishRefreshes } from "../core/usage/refreshing.ts";
import { asWord } from "../core/printable.ts";

export default defineVerb({
  args: {
    all: { type: "boolean", description: "remove every account, with its pins" },
    unpin: { type: "boolean", description: "take the pins of the removed accounts away too" },
    keep: { type: "boolean", description: "keep the logins in codex-auth/kept" },
    yes: { type: "boolean", alias: "y", description: "do not ask" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  rest: { name: "selector", description: "the accounts", offers: "accounts" },
  examples: ["codex-auth remove old@example.com", "codex-auth remove 02 03 --unpin", "codex-auth remove --all --yes"],
  async run(ctx, { all, unpin, keep, yes, json, _: words }) {
    if (all && words.length > 0)
      throw new UserError("--all takes no selector", { exitCode: 2, hint: "codex-auth remove --help" });
    const selectors = all || words.length > 0 ? words : await pickSome(ctx, json);
    const kept = selectors.flatMap((word) => keptAt(ctx, word) ?? []);
    const how = { keep, withPins: all || unpin };
    const wanted = { all, selectors: selectors.filter((word) => keptAt(ctx, word) === undefined), kept };
    // nobody is asked under our lock: every shell would wait for the answer
    const keys = await askFor(ctx, wanted, how, yes, json);
    const { labels, document, orphans, sessions, isDefaultGone } = await removeAll(ctx, { ...wanted, keys }, how);
    for (const path of orphans)
      ctx.log.info({ message: `${path} is still pinned to it`, hint: `codex-auth unpin ${asWord(path)}` });
    for (const home of sessions) ctx.log.info(`sessions that are nowhere else stay in ${home}`);
    if (isDefaultGone) ctx.log.info({ message: "there is no default account now", hint: "codex-auth switch SELECTOR" });
    if (json) return ctx.terminal.write(renderDocument(document));
    for (const label of [...labels, ...kept]) ctx.terminal.out(`removed ${label}\n`);
  },
});

/** Lets the user pick on the terminal. Throws UserError where nobody can be asked. */
async function pickSome(ctx: Context, json: boolean): Promise<string[]> {
  const keys = json ? undefined : await askMany(ctx, "remove which accounts?");
  if (keys) return keys;
  throw new UserError("missing argument SELECTOR", { exitCode: 2, hint: "codex-auth remove --help" });
}

/** What is to be removed: all accounts, or those that the selectors pick, and files of `kept/`. */
interface Wanted {
  all: boolean;
  selectors: readonly string[];
  kept: readonly string[];
}

/** Asks on a terminal, naming what goes; returns the keys of the accounts that the user means, undefined when the selectors decide. */
async function askFor(
  ctx: Context,
  { all, selectors, kept }: Wanted,
  how: How,
  yes: boolean,
  json: boolean,
): Promise<string[] | undefined> {
  const { registry } = viewState(ctx);
  if (all && registry.accounts.length === 0) throw noAccounts();
  if (all && !yes && !canAsk(ctx)) {
    throw new UserError("--all asks first, and there is no terminal to ask on", {
      hint: "codex-auth remove --all --yes",
    });
  }
  const asked = await askEach(ctx, selectors, { json });
  if (!all && (json || !canAsk(ctx))) return undefined;
  const accounts = all ? registry.accounts : chooseAccounts(ctx, registry, asked);
  if (!yes) {
    await confirm(ctx, {
      going: [...tellGoing(ctx, registry, accounts, how), ...kept.map((path) => `  ${path} goes for good`)],
      question: questionOf(registry, all, accounts),
      otherwise: "nothing has been removed",
    });
  }
  return accounts.map(({ account_key: key }) => key);
}

function questionOf(registry: Registry, all: boolean, accounts: readonly Account[]): string {
  const [only] = accounts;
  if (all) return `Remove all ${accounts.length} accounts and their logins?`;
  if (!only) return "Remove it?";
  return accounts.length === 1 ? `Remove ${labelOf(registry, only)}?` : `Remove these ${accounts.length} accounts?`;
}

/** Removes accounts; every selector is resolved before the first one goes. `orphans` are the pins that fail closed from now on. */
async function removeAll(ctx: Context, wanted: Wanted & { keys: readonly string[] | undefined }, how: How) {
  const { files, layout } = ctx;
  if (how.keep) await finishRefreshes(ctx, authPaths(ctx.layout, loadRegistry(ctx)));
  return await changeState(ctx, ASKING, async (store) => {
    const { registry } = store;
    const { keys } = wanted;
    const before = documentInput(ctx, { registry, loggedOut: new Set(store.loggedOut) });
    const accounts = keys
      ? registry.accounts.filter(({ account_key: key }) => keys.includes(key))
      : chooseAccounts(ctx, registry, wanted.selectors);
    if (accounts.length + wanted.kept.length === 0) throw noAccounts();
    await removeAccounts(ctx, store, accounts, how);
    for (const path of wanted.kept) files.remove(path);
    const pins = pinsOf(ctx, accounts);
    if (how.withPins) for (const path of pins) store.unpin(path);
    const homes = accounts.map((account) => homePath(layout, homeIdOf(account.account_key)));
    return {
      labels: accounts.map((account) => labelOf(registry, account)),
      document: removeDocument(before, accounts, store.registry.active_account_key),
      isDefaultGone: registry.active_account_key !== null && store.registry.active_account_key === null,
      orphans: how.withPins ? [] : pins,
      sessions: homes.filter((home) => hasOwnSessions(files, home)),
    };
  });
}

/** Returns the document of `remove`: `input` is as it was before, `newActive` the key of the default account since. */
export function removeDocument(input: DocumentInput, removed: readonly Account[], newActive: string | null) {
  return {
    command: "remove",
    removed: removed.map(accountDocuments(input)),
    new_active_account_key: newActive,
  };
}
