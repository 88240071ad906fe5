import { labelOf } from "../accounts/names.ts";
import { type Account, isApiKey, isForeignProvider } from "../accounts/account.ts";
import { type ApiKeyCredential, identify, isCredential } from "../accounts/credential.ts";
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
    if (!file || isForeignProvider(account) || isBackupOf(draft.disk.backups.get(account.account_key), file)) continue;
    planCredential(draft, account, file);
  }
}

function planCredential(draft: Draft, account: Account, file: AuthFile): void {
  const key = account.account_key;
  if (!isCredential(file.credential)) {
    draft.strange.add(key);
    return draft.leaveAlone(`the credential of ${labelOf(draft.registry, account)} is none that codex-auth knows`);
  }
  if (draft.identify(file) !== key) {
    draft.intruders.set(key, { account: draft.adopt(file), file });
    return restore(draft, account);
  }
  if (draft.disk.backups.get(key)?.text === file.text) return;
  draft.takeOver(key, file);
  draft.stores.push({ do: "backup", account: key, text: file.text });
}

function restore(draft: Draft, account: Account): void {
  const key = account.account_key;
  const backup = draft.disk.backups.get(key);
  if (!backup) {
    draft.retire(key);
    draft.events.push(
      `another account logged in over ${labelOf(draft.registry, account)}, which is logged out now; try: codex-auth login`,
    );
    return;
  }
  draft.live.set(key, backup);
  draft.stores.push({ do: "restore", account: key, text: backup.text });
  if (isApiKey(account)) return;
  draft.events.push(
    `another account logged in over ${labelOf(draft.registry, account)}, whose login came back from its backup and may be used up`,
  );
}

/** Returns the API keys on disk that no record knows: those whose owner is worth asking. */
export function unknownKeys(disk: Disk): ApiKeyCredential[] {
  const files = [disk.base, ...disk.homes].flatMap(({ auth }) =>
    auth.is === "file" || auth.is === "linked" ? [auth.file] : [],
  );
  for (const account of disk.registry.accounts) {
    const file = disk.live.get(account.account_key);
    const isKnown = file && isBackupOf(disk.backups.get(account.account_key), file);
    if (!isKnown && !isForeignProvider(account)) files.push(file);
  }
  files.push(...disk.pending.map(({ file }) => file));
  const found = new Map<string, ApiKeyCredential>();
  for (const file of files) {
    const credential = file?.credential;
    if (!credential || !isCredential(credential) || credential.kind !== "apikey") continue;
    if (identify(credential, disk.registry.accounts, disk.identities) === undefined)
      found.set(credential.keyHash, credential);
  }
  return [...found.values()];
}
