import { join } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, isForeignProvider } from "../../core/accounts/account.ts";
import { isNewer } from "../../core/accounts/migrate.ts";
import { emptyRegistry, findAccount, parseRegistry, type Registry } from "../../core/accounts/registry.ts";
import { inOrder } from "../../core/base/backups.ts";
import { UserError } from "../../core/errors.ts";
import { parseJson } from "../../core/json.ts";
import { REGISTRY_BACKUP } from "../../core/state/state.ts";

/** What is left of a registry. */
export interface Salvaged {
  /** All that the registry and its backups know of accounts, the newest first; also of accounts that were removed. */
  known: Registry;
  /** The accounts of the newest of them alone. */
  newest: readonly Account[];
  /** There is a registry, and it can be read. */
  isWhole: boolean;
}

/** Returns what the registry and every backup that can be read know of accounts. Throws UserError for a registry of a newer version. */
export function salvageRegistry({ files, layout }: Pick<Context, "files" | "layout">): Salvaged {
  const { accounts, registry } = layout;
  const read = (text: string, path: string) => parseRegistry(text, path, (name) => files.read(join(accounts, name)));
  const text = files.read(registry);
  const found: Registry[] = [];
  let isWhole = false;
  try {
    if (text !== undefined) found.push(read(text, registry));
    isWhole = text !== undefined;
  } catch (error) {
    if (!(error instanceof UserError) || isNewer(parseJson(text ?? ""))) throw error;
  }
  for (const name of inOrder(files.names(accounts), REGISTRY_BACKUP).toReversed()) {
    try {
      const path = join(accounts, name);
      found.push(read(files.read(path) ?? "", path));
    } catch {
      // the one before it may be good
    }
  }
  const [newest = emptyRegistry(), ...older] = found;
  return { known: older.reduce(withOlder, newest), newest: newest.accounts, isWhole };
}

/** Returns a registry with what an older one knows beside it. */
function withOlder(newer: Registry, older: Registry): Registry {
  const accounts = newer.accounts.map((account) => {
    const before = findAccount(older, account.account_key);
    return before ? withOlderRecord(newer, account, before) : account;
  });
  // a key of another provider has no credential that would tell whether it was removed
  const others = older.accounts.filter(
    (account) => findAccount(newer, account.account_key) === undefined && !isForeignProvider(account),
  );
  return { ...older, ...newer, accounts: [...accounts, ...others.map((account) => withFreeAlias(newer, account))] };
}

/**
 * Returns a record with the fields that only an older one has. A record that was made anew, because the registry had been lost, takes alias and
 * name over too; another one has lost its alias because somebody cleared it.
 */
function withOlderRecord(registry: Registry, account: Account, older: Account): Account {
  const merged = { ...older, ...account, email: account.email || older.email };
  if (account.created_at === older.created_at) return merged;
  return {
    ...merged,
    alias: account.alias || withFreeAlias(registry, older).alias,
    account_name: account.account_name ?? older.account_name,
    created_at: older.created_at,
    last_used_at: account.last_used_at ?? older.last_used_at,
  };
}

/** Returns a record without its alias if another account has that by now. */
const withFreeAlias = ({ accounts }: Registry, account: Account): Account =>
  accounts.some(({ account_key: key, alias }) => alias === account.alias && key !== account.account_key)
    ? { ...account, alias: "" }
    : account;
