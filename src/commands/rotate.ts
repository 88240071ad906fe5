import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import {
  type Account,
  fileKeyOf,
  isApiKey,
  isForeignProvider,
  isToken,
  keyHashOf,
  ownerOf,
  UNVERIFIED,
} from "../core/accounts/account.ts";
import type { ApiKeyCredential, Identity } from "../core/accounts/credential.ts";
import { identify } from "../core/accounts/record.ts";
import { labelOf } from "../core/accounts/names.ts";
import { findAccount, type Registry } from "../core/accounts/registry.ts";
import { backupPath } from "../core/base/layout.ts";
import { UserError } from "../core/errors.ts";
import { inQuotes } from "../core/printable.ts";
import { restartServer } from "../core/here/default-account.ts";
import { askOwner, readApiKey } from "../core/here/new-key.ts";
import { askWhich, chooseAccount } from "../core/selectors/ask.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { checkChangeable } from "../core/state/our-lock.ts";
import { rotateKey } from "../core/state/rotation.ts";
import { viewState } from "../core/state/state.ts";
import type { Store } from "../core/state/store.ts";

export default defineVerb({
  args: {
    selector: { type: "positional", description: "the account whose key is replaced", offers: "accounts" },
    force: { type: "boolean", description: "also by a key of another owner, or one whose owner cannot be asked" },
  },
  examples: ["codex-auth rotate work", "printenv NEW_KEY | codex-auth rotate billing@acme.example"],
  async run(ctx, { selector, force }) {
    // what acts where nobody looks takes no part of a name
    const how = { exact: true };
    const which = await askWhich(ctx, selector, how);
    checkChangeable(ctx);
    const { registry } = viewState(ctx);
    const old = chooseAccount(ctx, registry, which, how);
    checkIsKey(registry, old);
    const key = await readApiKey(ctx, `new API key for ${labelOf(registry, old)}`);
    const isSame = keyHashOf(old.account_key) === key.keyHash;
    if (!isSame) checkIsNew(registry, key);
    const owner = isSame ? undefined : await ownerOfNew(ctx, old, key, force);
    const { account, label, isDefault } = await changeState(ctx, ASKING, async (store) => {
      const account = await rotate(ctx, store, old, key, owner);
      const isDefault = store.registry.active_account_key === account.account_key;
      return { account, isDefault, label: labelOf(store.registry, account) };
    });
    const note = isDefault && !isSame ? await restartServer(ctx, label) : undefined;
    if (note) ctx.log.info(note);
    ctx.terminal.out(`${label} has the key ${account.account_name ?? ""}\n`);
    if (!isSame) tellOld(ctx, old);
  },
});

/** Throws UserError for an account that has no key of OpenAI's. */
function checkIsKey(registry: Registry, account: Account): void {
  if (isApiKey(account) && !isForeignProvider(account) && !isToken(account)) return;
  throw new UserError(`${labelOf(registry, account)} is no API key of OpenAI's`, { hint: "codex-auth login" });
}

/** Throws UserError when the key is an account already. */
function checkIsNew(registry: Registry, key: ApiKeyCredential): void {
  const other = findAccount(registry, identify(key, registry.accounts, new Map()));
  if (!other) return;
  const label = labelOf(registry, other);
  throw new UserError(`this key is an account already: ${label}`, {
    hint: `codex-auth remove ${inQuotes(label)}, then again`,
  });
}

/** Asks whose the new key is. Throws UserError when it is another's than the old one's, unless forced. */
async function ownerOfNew(ctx: Context, old: Account, key: ApiKeyCredential, force: boolean): Promise<Identity> {
  const owner = await askOwner(ctx, key, { flag: "--force", isGiven: force });
  const before = ownerOf(old.account_key);
  if (force || owner.id === before || before === UNVERIFIED) return owner;
  const whose = [owner, { id: before ?? "", email: old.email }].map(({ id, email }) => email || id);
  const [other, own] = whose[0] === whose[1] ? [owner.id, before] : whose;
  throw new UserError(`the new key belongs to ${other}, the old one to ${own}`, {
    hint: "codex-auth rotate --force, if that is meant",
  });
}

/** Returns the account with its new key. One that was broken off behind the decision has been ended by now. */
async function rotate(
  ctx: Context,
  store: Store,
  old: Account,
  key: ApiKeyCredential,
  owner: Identity | undefined,
): Promise<Account> {
  const account = findAccount(store.registry, old.account_key);
  const done = findAccount(store.registry, identify(key, store.registry.accounts, new Map()));
  if (done && (owner === undefined || !account)) return done;
  checkIsNew(store.registry, key);
  if (!account || !owner) throw new UserError("the account is gone meanwhile", { hint: "codex-auth list" });
  checkReachable(ctx, store, account);
  return await rotateKey(ctx, store, account, key, owner);
}

/** Throws UserError where something else than a link of ours logs in as the account: the old key would stay in use there. */
function checkReachable({ layout }: Context, store: Store, account: Account): void {
  const isDefault = store.registry.active_account_key === account.account_key;
  const where = store.strange.has(account.account_key)
    ? `in the home of ${labelOf(store.registry, account)}`
    : isDefault && store.isBaseForeign
      ? layout.auth
      : undefined;
  if (where === undefined) return;
  throw new UserError(`the login ${where} is none that codex-auth has put there: the old key would stay in use`, {
    hint: "codex-auth doctor",
  });
}

function tellOld({ files, layout, log }: Context, old: Account): void {
  const backup = backupPath(layout, fileKeyOf(old.account_key));
  const where = files.entry(backup) === undefined ? "" : `, a copy is ${backup}`;
  log.info({
    message: `the old key ${old.account_name ?? ""} works until it is revoked${where}`,
    hint: "revoke it: https://platform.openai.com/api-keys",
  });
}
