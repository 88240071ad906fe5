import { labelOf } from "../accounts/names.ts";
import { type Account, fileKeyOf } from "../accounts/account.ts";
import { inQuotes } from "../printable.ts";
import { findAccount } from "../accounts/registry.ts";
import { isCredential } from "../accounts/credential.ts";
import type { AuthFile } from "../accounts/auth-file.ts";
import type { HomeSlot, Slot } from "./disk.ts";
import { type Draft, placeOf } from "./draft.ts";

/** Plans for the account homes: each keeps its own account, whoever logged in there. */
export function planHomes(draft: Draft): void {
  for (const home of draft.disk.homes) planHome(draft, home);
}

function planHome(draft: Draft, home: HomeSlot): void {
  const { auth, account } = home;
  switch (auth.is) {
    case "nothing":
      return loggedOut(draft, home);
    case "linked":
      return linked(draft, account, auth.fileKey);
    case "file":
      return holds(draft, home, auth.file);
    case "elsewhere":
      return strange(draft, account, auth.file ? "is a link of yours" : "is a link that leads nowhere");
    case "unreadable":
      return strange(draft, account, "cannot be read");
  }
}

function loggedOut(draft: Draft, home: HomeSlot): void {
  const { account } = home;
  const key = account.account_key;
  const link = { do: "link", place: placeOf(account), account: key } as const;
  if (draft.isFresh(key, home)) {
    draft.links.push(link);
  } else if (!draft.relinkExcluded(account, placeOf(account))) {
    draft.logOut(account, home);
    draft.loggedOut.add(key);
  }
}

function linked(draft: Draft, account: Account, fileKey: string): void {
  const key = account.account_key;
  const intruder = draft.intruders.get(key);
  if (intruder && intruder.account === undefined && loggedInAt(draft, account) === "home")
    park(draft, account, intruder.file);
  bringBack(draft, account, fileKey === fileKeyOf(key));
}

function holds(draft: Draft, home: HomeSlot, file: AuthFile): void {
  const { account } = home;
  if (!isCredential(file.credential)) return strange(draft, account, "is no credential that codex-auth knows");
  const added = draft.adopt(file, home);
  if (added === undefined) park(draft, account, file);
  else if (added !== account.account_key) draft.events.push(tellAdded(draft, added, account));
  bringBack(draft, account, false);
}

/** Keeps the new key that somebody has logged in with in an account's home, and says so: the home goes back to its own account. */
function park(draft: Draft, account: Account, file: AuthFile): void {
  draft.park(file);
  const label = labelOf(draft.registry, account);
  draft.events.push(
    `a new API key logged in in the home of ${label}, which stays with ${label}; the key waits until OpenAI says whose it is; try: codex-auth sync`,
  );
}

function strange(draft: Draft, account: Account, what: string): void {
  draft.strange.add(account.account_key);
  draft.leaveAlone(`auth.json in the home of ${labelOf(draft.registry, account)} ${what}`);
}

/** The home goes (back) to its own account: a link to the credential, or nothing when that is gone. */
function bringBack(draft: Draft, account: Account, isLinked: boolean): void {
  const place = placeOf(account);
  if (!draft.live.has(account.account_key)) draft.late.push({ do: "unlink", place });
  else if (!isLinked) draft.late.push({ do: "link", place, account: account.account_key });
}

/** Says that somebody has logged in in another account's home. */
export function tellAdded(draft: Draft, key: string, account: Account): string {
  const name = labelOf(draft.registry, findAccount(draft.registry, key) ?? account);
  const use = `codex-auth pin ${inQuotes(name)}`;
  const isNew = findAccount(draft.disk.registry, key) === undefined;
  return `${name} logged in${isNew ? " and was added" : ""} (${use} uses it here); this directory stays with ${labelOf(draft.registry, account)}`;
}

/** Where `codex login` ran when the base home and an account home link to one credential: the later login log tells. */
export function loggedInAt(draft: Draft, account: Account): "base" | "home" {
  const { base, homes } = draft.disk;
  const linksHere = ({ auth }: Slot) => auth.is === "linked" && auth.fileKey === fileKeyOf(account.account_key);
  if (!linksHere(base)) return "home";
  const home = homes.find((slot) => slot.account.account_key === account.account_key && linksHere(slot));
  return home && home.loginMs > base.loginMs ? "home" : "base";
}
