import { labelOf } from "../accounts/names.ts";
import { type Account, fileKeyOf, homeIdOf, isApiKey } from "../accounts/account.ts";
import { type Credential, isCredential, maskedLabelOf } from "../accounts/credential.ts";
import { identify, recordOf } from "../accounts/record.ts";
import { type StoredLogin, takesPlaceOf } from "../accounts/later.ts";
import { backupPath, credentialPath } from "../base/layout.ts";
import { findAccount, putAccount, type Registry, withDefault } from "../accounts/registry.ts";
import type { AuthFile } from "../accounts/auth-file.ts";
import type { Disk, Slot } from "./disk.ts";
import type { Unregistered } from "../homes/environment.ts";
import type { Place, Plan, Step } from "./step.ts";
import { tellDeleted, tellLogout, wasOnlyDeleted } from "./logout.ts";

/** What a credential file held instead of its account's. `account` is undefined for a key whose owner is not known. */
export interface Intruder {
  account: string | undefined;
  file: AuthFile;
}

/** A plan in the making: what the registry and the live credentials will be, and the steps that lead there. */
export class Draft {
  readonly disk: Disk;
  registry: Registry;
  /** The live credentials as they will be, by account key. */
  readonly live: Map<string, AuthFile>;
  /** Links into nothing come first: after a crash a home then waits for its login, and never looks logged out. */
  readonly links: Step[] = [];
  readonly stores: Step[] = [];
  readonly late: Step[] = [];
  /** What has happened, told when it is found. */
  readonly events: string[] = [];
  /** What holds until somebody changes it, said once. */
  readonly leftAlone: string[] = [];
  /** What was found in credentials of others, by the account key of the file. */
  readonly intruders = new Map<string, Intruder>();
  readonly strange = new Set<string>();
  readonly loggedOut = new Set<string>();
  readonly damaged = new Set<string>();
  private readonly stored = new Set<string>();
  /** The base home's auth.json is, and stays, something else than a link of ours. */
  isBaseForeign = false;
  private unregistered: Unregistered | undefined;

  constructor(disk: Disk) {
    this.disk = disk;
    this.registry = disk.registry;
    this.live = new Map(disk.live);
  }

  /** Returns the plan. */
  result(): Plan {
    for (const { account_key: key } of this.registry.accounts) {
      if (!this.live.has(key) || this.damaged.has(key)) this.loggedOut.add(key);
    }
    const active = this.registry.active_account_key;
    if (active !== null && !this.live.has(active)) {
      if (this.disk.base.auth.is === "linked") this.late.push({ do: "unlink", place: "base" });
      this.setDefault(null);
    }
    const { registry, links, stores, late, events, leftAlone, unregistered, isBaseForeign } = this;
    const { strange, loggedOut, damaged } = this;
    const steps = { early: [...links, ...stores], late };
    return { registry, ...steps, events, leftAlone, unregistered, isBaseForeign, strange, loggedOut, damaged };
  }

  /** Returns whose a file's credential is, or undefined when nobody knows. */
  identify({ credential }: AuthFile): string | undefined {
    return isCredential(credential) ? identify(credential, this.registry.accounts, this.disk.identities) : undefined;
  }

  /**
   * Stores a file's credential as its account's, unless a later one is there; returns the account key, or undefined when nobody knows it. `slot`:
   * the home that the file is the auth.json of, whose login log tells an interactive login.
   */
  adopt(file: AuthFile, slot?: Slot): string | undefined {
    const key = this.identify(file);
    if (key === undefined || !isCredential(file.credential)) return undefined;
    const present = this.live.get(key);
    const own = present && this.identify(present) === key ? present : undefined;
    const login = own && slot ? withHand(file, own, slot) : file;
    if (own && !takesPlaceOf(login, own, this.disk.now)) {
      this.takeOver(key, own);
      return key;
    }
    this.takeOver(key, file);
    this.live.set(key, file);
    this.stored.add(key);
    const { text } = file.credential;
    if (present?.text === text) return key;
    // dates may be wrong; whoever logs in himself knows that the login before has had its time
    const mayBeLater = own && slot && file.credential.kind === "chatgpt" && !("isInteractive" in login);
    if (mayBeLater) this.stores.push({ do: "keep", path: credentialPath(this.disk.layout, fileKeyOf(key)) });
    this.stores.push({ do: "store", account: key, text });
    return key;
  }

  /** Takes e-mail, plan and name of a credential over into its account's record. */
  takeOver(key: string, { credential }: AuthFile): void {
    if (!isCredential(credential)) return;
    const owner = credential.kind !== "chatgpt" ? this.disk.identities.get(credential.keyHash) : undefined;
    const known = findAccount(this.registry, key);
    this.registry = putAccount(this.registry, recordOf(credential, key, known, owner, this.disk.now));
  }

  /** Whether an account has just logged in: its credential is stored now, or is newer than the logout of this home. */
  isFresh(key: string, { changedMs }: Slot): boolean {
    const live = this.disk.live.get(key);
    return this.stored.has(key) || (live !== undefined && this.live.has(key) && live.mtimeMs > changedMs);
  }

  /** A configuration made Codex log the account out: the login is as good as before. Returns false when it is not so. */
  relinkExcluded(account: Account, place: Place): boolean {
    const key = account.account_key;
    if (!this.disk.excluded.has(key) || !this.live.has(key)) return false;
    this.late.push({ do: "link", place, account: key });
    this.events.push(
      `a config.toml makes Codex log ${labelOf(this.registry, account)} out; its home is linked again, but will be logged out as long as config.toml says so`,
    );
    return true;
  }

  /** Somebody logged out of a home: a ChatGPT login has been revoked with it, an API key stays good, as does a login whose auth.json was only deleted. */
  logOut(account: Account, slot: Slot): void {
    const key = account.account_key;
    if (isApiKey(account) || !this.live.has(key) || this.disk.excluded.has(key)) return;
    const label = labelOf(this.registry, account);
    if (wasOnlyDeleted(slot)) {
      this.events.push(...tellDeleted(slot, label));
    } else {
      this.retire(key);
      this.events.push(tellLogout(label, backupPath(this.disk.layout, fileKeyOf(key))));
    }
  }

  /** Takes an account's live credential away. */
  retire(key: string): void {
    this.live.delete(key);
    this.late.push({ do: "retire", account: key });
  }

  /** Keeps a credential of unknown owner for later. */
  park({ credential, text }: AuthFile): void {
    if (isCredential(credential) && credential.kind !== "chatgpt") {
      this.stores.unshift({ do: "park", keyHash: credential.keyHash, text });
    }
  }

  /** Makes this account (or none) the default. */
  setDefault(key: string | null): void {
    this.registry = withDefault(this.registry, key, this.disk.now);
  }

  /** The base home is logged in as somebody who is no account. */
  keepUnregistered({ credential }: AuthFile): void {
    this.setDefault(null);
    this.isBaseForeign = true;
    if (isCredential(credential)) this.unregistered = unregisteredOf(credential);
  }

  /** The base home has a login of a kind that is not managed. */
  keepOtherKind(kind: string): void {
    this.setDefault(null);
    this.isBaseForeign = true;
    this.unregistered = { label: kind, apiKey: undefined, isOtherKind: true };
  }

  /** Says what is left exactly as it is. */
  leaveAlone(what: string): void {
    this.leftAlone.push(`${what}; left as it is`);
  }
}

/** Returns the place of an account's home. */
export const placeOf = (account: Account): Place => ({ homeId: homeIdOf(account.account_key) });

/** An interactive login writes the home's log, then auth.json: later than what is stored, and no later than the file. */
function withHand(file: AuthFile, present: AuthFile, { loginMs }: Slot): StoredLogin {
  const isInteractive = loginMs > present.mtimeMs && file.mtimeMs > loginMs - LOG_LATE_MS;
  return isInteractive ? { ...file, isInteractive } : file;
}

/** How long after auth.json the log of the same login may be written. */
const LOG_LATE_MS = 10_000;

function unregisteredOf(credential: Credential): Unregistered {
  if (credential.kind === "chatgpt") return { label: credential.email, apiKey: undefined };
  return { label: maskedLabelOf(credential), apiKey: credential.kind === "apikey" ? credential.apiKey : undefined };
}
