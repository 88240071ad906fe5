import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { type Account, fileKeyOf, isForeignProvider, isUnverified } from "../core/accounts/account.ts";
import { readCredential } from "../core/accounts/auth-file.ts";
import { namedIn, nameAccounts, numberText } from "../core/accounts/names.ts";
import { findAccount, type Registry } from "../core/accounts/registry.ts";
import { credentialPath } from "../core/base/layout.ts";
import { accountDocuments, documentInput, type DocumentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import { askWhich, chooseAccount } from "../core/selectors/ask.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { settleState } from "../core/state/settled.ts";
import { type State, viewState } from "../core/state/state.ts";
import { type Checked, checkAccounts, type Status } from "../core/usage/check.ts";
import { saveRefreshed } from "../core/usage/save-usage.ts";
import { padEnd, widest } from "../core/width.ts";

export default defineVerb({
  args: { json: { type: "boolean", description: "print a JSON document" } },
  rest: { name: "selector", description: "the accounts (default: all)", offers: "accounts" },
  examples: ["codex-auth check", "codex-auth check billing@acme.example", "codex-auth check --json"],
  async run(ctx, { json, _: selectors }) {
    const before = await settleState(ctx); // a key that is gone or damaged comes back from its backup
    const wanted = await accountsOf(ctx, before.registry, selectors, json);
    const checked = await ask(ctx, before, wanted);
    await keep(ctx, checked);
    const learned = await verify(ctx, checked);
    const state = viewState(ctx);
    const found = checked.map((one) => ({ ...one, account: learned.get(one.account) ?? one.account }));
    if (json) ctx.terminal.write(renderDocument(checkDocument(documentInput(ctx, state), found)));
    else for (const line of linesOf(state.registry, found)) ctx.terminal.out(line);
    if (found.length === 0) ctx.log.info({ message: "no accounts yet", hint: "codex-auth login" });
    return found.every(({ status }) => status === "works" || status === "limited") ? 0 : 1;
  },
});

/** Returns the accounts that the selectors pick, each once; without one all that OpenAI can be asked about, as `list` has them. */
async function accountsOf(
  ctx: Context,
  registry: Registry,
  selectors: readonly string[],
  json: boolean,
): Promise<Account[]> {
  const all = nameAccounts(registry).map(({ account }) => account);
  if (selectors.length === 0) return all.filter((account) => !isForeignProvider(account));
  const chosen = new Set<Account>();
  for (const selector of selectors) chosen.add(chooseAccount(ctx, registry, await askWhich(ctx, selector, { json })));
  return all.filter((account) => chosen.has(account));
}

/** Asks, with a bar on the terminal. */
async function ask(ctx: Context, state: State, accounts: readonly Account[]): Promise<Checked[]> {
  const { terminal } = ctx;
  const { registry, settings, loggedOut } = state;
  const say = (done: number) => terminal.progress(barOf(done, accounts.length));
  const fetching = { defaultKey: registry.active_account_key, share: settings.share, loggedOut };
  if (accounts.length > 0) say(0);
  try {
    return await checkAccounts(ctx, accounts, fetching, say);
  } finally {
    terminal.progress("");
  }
}

const BAR = 30;

function barOf(done: number, all: number): string {
  const filled = Math.floor((done / all) * BAR);
  return `asking OpenAI [${"#".repeat(filled)}${"-".repeat(BAR - filled)}] ${done} of ${all}`;
}

/** Saves what was found, for `list` to show. */
async function keep(ctx: Context, checked: readonly Checked[]): Promise<void> {
  const views = new Map(checked.flatMap(({ account, view }) => (view ? [[account.account_key, view] as const] : [])));
  const refused = new Map(
    checked.flatMap(({ account, status }) =>
      status === "revoked" || status === "works" ? [[account.account_key, status === "revoked"] as const] : [],
    ),
  );
  await saveRefreshed(ctx, { views, names: new Map(), refused });
}

/** Makes keys whose owner is known now accounts of that owner; returns the new records by the old ones. */
async function verify(ctx: Context, checked: readonly Checked[]): Promise<Map<Account, Account>> {
  const learned = new Map<Account, Account>();
  const found = checked.filter(({ account, owner }) => owner && isUnverified(account));
  if (found.length === 0) return learned;
  await changeState(ctx, ASKING, async (store) => {
    for (const { account, owner } of found) {
      const known = findAccount(store.registry, account.account_key);
      const credential = readCredential(ctx.files, credentialPath(ctx.layout, fileKeyOf(account.account_key)));
      if (known && owner && credential?.kind === "apikey")
        learned.set(account, (await store.adopt(credential, { mtimeMs: ctx.now() }, owner)).account);
    }
  });
  return learned;
}

const WORDS: Record<Status, string> = {
  works: "works",
  limited: "limited",
  revoked: "revoked",
  expired: "expired",
  "logged out": "logged out",
  unasked: "could not be asked",
};

function linesOf(registry: Registry, checked: readonly Checked[]): string[] {
  const named = checked.map(({ account }) => namedIn(registry, account));
  const labels = widest(named.map(({ label }) => label));
  const words = widest(checked.map(({ status }) => WORDS[status]));
  return checked.map(({ status, why }, at) => {
    const { number = 0, label = "" } = named[at] ?? {};
    const line = `${numberText(number)} ${padEnd(label, labels)}  ${padEnd(WORDS[status], words)}  ${why ?? ""}`;
    return `${line.trimEnd()}\n`;
  });
}

/** Returns the document of `check`, in the order of the table. */
export function checkDocument(input: DocumentInput, checked: readonly Checked[]) {
  const documentOf = accountDocuments(input);
  const checks = checked.map(({ account, status, httpStatus, why }) => ({
    account: documentOf(findAccount(input.registry, account.account_key) ?? account),
    status: status.replace(" ", "_"),
    http_status: httpStatus,
    why,
  }));
  return { command: "check", checks };
}
