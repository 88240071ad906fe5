import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, withRefused } from "../accounts/account.ts";
import { findAuthFile } from "../accounts/auth-file.ts";
import type { ChatgptCredential } from "../accounts/credential.ts";
import { mintedLogin } from "../accounts/minted.ts";
import { labelOf } from "../accounts/names.ts";
import { recordOf } from "../accounts/record.ts";
import { findAccount, type Registry } from "../accounts/registry.ts";
import { credentialPath } from "../base/layout.ts";
import { replaceKey } from "./rotation.ts";
import { loadRegistry } from "./state.ts";

/**
 * Puts right what an older version took for API keys: each ChatGPT login becomes the account that its tokens say, or goes into that where it is
 * there already. Alias, pins, home, default and previous account go over. To be called under our lock, before anything is reconciled.
 */
export async function leaveMintedKeys(ctx: Context): Promise<void> {
  const { files, layout } = ctx;
  for (const account of loadRegistry(ctx).accounts) {
    const file = findAuthFile(files, credentialPath(layout, fileKeyOf(account.account_key)));
    const login = mintedLogin(account, file);
    if (!login) continue;
    const own = recordOfLogin(login, account, loadRegistry(ctx), ctx.now());
    await replaceKey(ctx, account.account_key, own);
    const label = labelOf(loadRegistry(ctx), own);
    ctx.log.info(`${label} is a ChatGPT login, which an older version had taken for an API key; that is put right`);
  }
}

/** Returns the record of the account that a login is, with what is known of it under either name. */
function recordOfLogin(login: ChatgptCredential, taken: Account, registry: Registry, now: number): Account {
  const own = findAccount(registry, login.accountKey);
  if (own) return { ...withRefused(taken, false), ...own, alias: own.alias || taken.alias };
  const renamed = { ...withRefused(taken, false), account_key: login.accountKey, account_name: null };
  return recordOf(login, login.accountKey, renamed, undefined, now);
}
