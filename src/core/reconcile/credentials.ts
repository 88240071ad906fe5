import { labelOf } from "../accounts/names.ts";
import { type Account, fileKeyOf, isApiKey, isForeignProvider } from "../accounts/account.ts";
import { findAccount } from "../accounts/registry.ts";
import { loggedInAt, tellAdded } from "./homes.ts";
import { credentialPath } from "../base/layout.ts";
import { isCredential, type KeyedCredential } from "../accounts/credential.ts";
import { identify } from "../accounts/record.ts";
import { type AuthFile, isBackupOf } from "../accounts/auth-file.ts";
import type { Disk } from "./disk.ts";
import type { Draft } from "./draft.ts";

/** Plans for the credentials themselves: parked ones whose owner is known now, and live ones that another login has overwritten. */
export function planCredentials(draft: Draft): void {
  for (const { path, file } of draft.disk.pending) {
    if (draft.adopt(file) !== undefined) draft.stores.push({ do: "unpark", path });
  }
  for (const account of draft.disk.registry.accounts) {
    const file = draft.disk.live.get(account.account_key);
    if (isForeignProvider(account)) continue;
    if (!file) bringKeyBack(draft, account);
    else if (!isBackupOf(draft.disk.backups.get(account.account_key), file)) planCredential(draft, account, file);
  }
}

function planCredential(draft: Draft, account: Account, file: AuthFile): void {
  const key = account.account_key;
  if (!isCredential(file.credential)) {
    if (bringKeyBack(draft, account)) return;
    draft.strange.add(key);
    draft.damaged.add(key);
    return;
  }
  if (draft.identify(file) !== key) {
    draft.intruders.set(key, { account: draft.adopt(file), file });
    return restore(draft, account);
  }
  const { text } = file.credential;
  if (draft.disk.backups.get(key)?.text === text && file.text === text) return;
  draft.takeOver(key, file);
  draft.stores.push({ do: file.text === text ? "backup" : "store", account: key, text });
}

/** Of an API key the backup is as good as the key: where that is gone or damaged it comes back by itself. Returns whether it did. */
function bringKeyBack(draft: Draft, account: Account): boolean {
  const key = account.account_key;
  const backup = draft.disk.backups.get(key);
  if (!isApiKey(account) || !backup || draft.identify(backup) !== key) return false;
  if (draft.disk.live.has(key))
    draft.stores.push({ do: "keep", path: credentialPath(draft.disk.layout, fileKeyOf(key)) });
  draft.live.set(key, backup);
  draft.stores.push({ do: "store", account: key, text: backup.text });
  draft.events.push(
    `the key of ${labelOf(draft.registry, account)} was gone or damaged, and came back from its backup`,
  );
  return true;
}

function restore(draft: Draft, account: Account): void {
  const key = account.account_key;
  const backup = draft.disk.backups.get(key);
  if (!backup || draft.identify(backup) !== key) {
    draft.retire(key);
    draft.events.push(`${tellIntruder(draft, account)}, which is logged out now; try: codex-auth login`);
    return;
  }
  draft.live.set(key, backup);
  draft.stores.push({ do: "restore", account: key, text: backup.text });
  if (isApiKey(account)) return;
  draft.events.push(`${tellIntruder(draft, account)}, whose login came back from its backup and may be used up`);
}

/** Says who has logged in over an account, and what becomes of him. */
function tellIntruder(draft: Draft, account: Account): string {
  const label = labelOf(draft.registry, account);
  const added = draft.intruders.get(account.account_key)?.account;
  if (added === undefined) return `another account logged in over ${label}`;
  if (loggedInAt(draft, account) === "home") return tellAdded(draft, added, account);
  const name = labelOf(draft.registry, findAccount(draft.registry, added) ?? account);
  return `${name} logged in over ${label}, and is the default account now instead of ${label}`;
}

/** Returns the API keys on disk that no record knows: those whose owner is worth asking. */
export function unknownKeys(disk: Disk): KeyedCredential[] {
  const files = [disk.base, ...disk.homes].flatMap(({ auth }) =>
    auth.is === "file" || auth.is === "linked" ? [auth.file] : [],
  );
  for (const account of disk.registry.accounts) {
    const file = disk.live.get(account.account_key);
    const isKnown = file && isBackupOf(disk.backups.get(account.account_key), file);
    if (!isKnown && !isForeignProvider(account)) files.push(file);
  }
  files.push(...disk.pending.map(({ file }) => file));
  const found = new Map<string, KeyedCredential>();
  for (const file of files) {
    const credential = file?.credential;
    if (!credential || !isCredential(credential) || credential.kind === "chatgpt") continue;
    if (identify(credential, disk.registry.accounts, disk.identities) === undefined)
      found.set(credential.keyHash, credential);
  }
  return [...found.values()];
}
