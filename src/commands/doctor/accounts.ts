import { join } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, homeIdOf, isApiKey, isRefused, isToken } from "../../core/accounts/account.ts";
import { findAuthFile } from "../../core/accounts/auth-file.ts";
import { mintedLogin } from "../../core/accounts/minted.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { findAccount, type Registry } from "../../core/accounts/registry.ts";
import { baseLink } from "../../core/homes/homes.ts";
import { backupPath, credentialPath, homePath } from "../../core/base/layout.ts";
import { asWord, inQuotes } from "../../core/printable.ts";
import { restoredPath } from "../../core/reconcile/execute.ts";
import { loadRegistry, type State } from "../../core/state/state.ts";
import { hasCredential } from "../../core/state/usable.ts";
import { linkInstead, linkOf } from "./link.ts";
import { type Check, fail, type Finding, orOk, warn } from "./finding.ts";

/** Whether every account can log in. */
export const accounts: Check = (ctx, state) => {
  const { accounts: all } = state.registry;
  if (all.length === 0) return [warn("account", "there are no accounts yet", "codex-auth login, or codex-auth import")];
  const saved = loadRegistry(ctx);
  const found = all.flatMap((account) =>
    findAccount(saved, account.account_key)
      ? (accountFinding(ctx, state, account) ?? [])
      : notTakenUp(state.registry, account),
  );
  return orOk(found, "account", `${all.length} account${all.length === 1 ? "" : "s"}, all logged in`);
};

const notTakenUp = (registry: Registry, account: Account): Finding =>
  warn("account", `${labelOf(registry, account)} has logged in, and is no account yet`, "codex-auth sync");

function accountFinding(
  { files, layout }: Context,
  { registry, loggedOut, damaged, strange }: State,
  account: Account,
) {
  const key = account.account_key;
  const label = labelOf(registry, account);
  if (damaged.has(key) || loggedOut.has(key)) {
    const what = damaged.has(key)
      ? `the login of ${label} is damaged: ${credentialPath(layout, fileKeyOf(key))}`
      : `${label} is logged out`;
    return fail("account", what, remedyOfLogout(files, layout, account));
  }
  if (strange.has(key)) {
    const auth = join(homePath(layout, homeIdOf(key)), "auth.json");
    const remedy = `see what it is, then: ${linkInstead(auth, baseLink(linkOf(key)))}`;
    return fail("account", `the home of ${label} holds another login, left alone`, remedy);
  }
  if (!hasCredential({ files, layout }, account))
    return warn("account", `the key of ${label} is gone or damaged, and its backup is not`, "codex-auth sync");
  const credential = credentialPath(layout, fileKeyOf(key));
  if (mintedLogin(account, findAuthFile(files, credential)))
    return warn("account", `${label} is a ChatGPT login that was taken for an API key`, "codex-auth sync");
  if (isRefused(account)) {
    const remedy = isToken(account) ? "login --with-access-token" : `rotate ${inQuotes(label)}`;
    return fail(
      "account",
      `OpenAI refuses the key of ${label}`,
      `codex-auth ${remedy}; is it good again: codex-auth check`,
    );
  }
  if ((files.entry(credential)?.names ?? 1) > 1) {
    const [from, to] = [`${credential}.new`, credential].map(asWord);
    return warn(
      "account",
      `the login of ${label} has a second name, a hard link: Codex does not write such a file, and loses what it refreshes`,
      `make it a file of its own: cp -p ${to} ${from} && mv ${from} ${to}`,
    );
  }
  const login = files.read(credential);
  if (!isUnchangedSinceRestored(files.read(restoredPath(layout, key)), login)) return undefined;
  return warn(
    "account",
    `the login of ${label} came back from its backup and may be used up`,
    "if codex says so: codex-auth login",
  );
}

/** Returns what logs an account in again: a login that is here only needs its link, a key is as good as its backup. */
function remedyOfLogout(files: Context["files"], layout: Context["layout"], account: Account): string {
  if (hasCredential({ files, layout }, account))
    return `codex-auth import ${asWord(credentialPath(layout, fileKeyOf(account.account_key)))}`;
  const backup = backupPath(layout, fileKeyOf(account.account_key));
  const isBackedUp = files.entry(backup) !== undefined;
  if (isApiKey(account) && isBackedUp) return `codex-auth import ${asWord(backup)}`;
  if (isApiKey(account))
    return isToken(account) ? "codex-auth login --with-access-token" : "codex-auth login --with-api-key";
  return isBackedUp
    ? `codex-auth login, or if auth.json was only deleted: codex-auth import ${asWord(backup)}`
    : "codex-auth login";
}

function isUnchangedSinceRestored(mark: string | undefined, login: string | undefined): boolean {
  return mark !== undefined && login !== undefined && Bun.SHA256.hash(login, "hex") === mark;
}
