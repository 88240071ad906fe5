import { labelOf } from "../accounts/names.ts";
import { type Account, fileKeyOf } from "../accounts/account.ts";
import { type CredentialFault, isCredential, otherKind } from "../accounts/credential.ts";
import { inQuotes } from "../printable.ts";
import { findAccount } from "../accounts/registry.ts";
import type { AuthFile } from "../accounts/auth-file.ts";
import type { Draft, Intruder } from "./draft.ts";
import { loggedInAt } from "./homes.ts";

/** Plans for the base home: whoever it is logged in as is the default account. */
export function planBase(draft: Draft): void {
  const { auth } = draft.disk.base;
  switch (auth.is) {
    case "nothing":
      return loggedOut(draft);
    case "linked":
      return linked(draft, auth.fileKey, auth.file);
    case "file":
      return holds(draft, auth.file);
    case "elsewhere":
      return leadsElsewhere(draft, auth.file);
    case "unreadable":
      draft.leaveAlone("auth.json of the base home cannot be read");
      return draft.setDefault(null);
  }
}

function loggedOut(draft: Draft): void {
  const account = findAccount(draft.registry, draft.disk.registry.active_account_key);
  if (account && draft.relinkExcluded(account, "base")) return;
  if (account && draft.disk.isNew) draft.events.push(tellNotHere(draft, account));
  else if (account && !draft.isFresh(account.account_key, draft.disk.base)) draft.logOut(account, draft.disk.base);
  draft.setDefault(null);
}

/** `accounts/` came from another machine, or an auth.json was never there: that is no logout, and the login stays as good as it is. */
function tellNotHere(draft: Draft, account: Account): string {
  const label = labelOf(draft.registry, account);
  return `${label} was the default account elsewhere; to have it here: codex-auth switch ${inQuotes(label)}`;
}

function linked(draft: Draft, fileKey: string, file: AuthFile | undefined): void {
  const account = draft.disk.registry.accounts.find((other) => fileKeyOf(other.account_key) === fileKey);
  if (!account) return file ? linkedUnregistered(draft, file) : leadsNowhere(draft);
  const intruder = draft.intruders.get(account.account_key);
  if (intruder && loggedInAt(draft, account) === "base") return taken(draft, intruder);
  // a login that is gone leaves no link: Draft.result sees to it
  draft.setDefault(account.account_key);
}

/** Somebody ran `codex login` in the base home, through the link: he is the default now. */
function taken(draft: Draft, { account, file }: Intruder): void {
  if (account === undefined) {
    draft.late.push({ do: "place", place: "base", text: file.text });
    return draft.keepUnregistered(file);
  }
  draft.late.push({ do: "link", place: "base", account });
  draft.setDefault(account);
}

/** A link to a credential of `accounts/` that no record names: the base home is logged in as that. */
function linkedUnregistered(draft: Draft, file: AuthFile): void {
  if (!isCredential(file.credential)) return noCredential(draft, file.credential);
  taken(draft, { account: draft.adopt(file), file });
}

function holds(draft: Draft, file: AuthFile): void {
  if (!isCredential(file.credential)) return noCredential(draft, file.credential);
  const account = draft.adopt(file, draft.disk.base);
  if (account === undefined) return draft.keepUnregistered(file);
  taken(draft, { account, file });
}

function leadsElsewhere(draft: Draft, file: AuthFile | undefined): void {
  if (!file) return leadsNowhere(draft);
  draft.leaveAlone("auth.json of the base home is a link of yours");
  draft.isBaseForeign = true;
  const key = draft.identify(file);
  if (key !== undefined && findAccount(draft.registry, key)) draft.setDefault(key);
  else draft.keepUnregistered(file);
}

function leadsNowhere(draft: Draft): void {
  draft.leaveAlone("auth.json of the base home is a link that leads nowhere");
  draft.setDefault(null);
}

function noCredential(draft: Draft, fault: CredentialFault): void {
  const kind = otherKind(fault);
  if (kind === undefined) draft.setDefault(null);
  else draft.keepOtherKind(kind);
  const what =
    kind === undefined ? "no credential that codex-auth knows" : `a login that codex-auth does not manage (${kind})`;
  draft.leaveAlone(`auth.json of the base home is ${what}`);
}
