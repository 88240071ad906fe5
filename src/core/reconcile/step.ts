import type { Registry } from "../accounts/registry.ts";
import type { Unregistered } from "../homes/environment.ts";

/** Where Codex looks for a login: the base home, or the account home with this id. */
export type Place = "base" | { homeId: string };

/** One atomic change; all of them can be run again. The registry is saved before the first that is `late`. */
export type Step =
  /** Makes the text the account's live credential, and its backup. */
  | { do: "store"; account: string; text: string }
  /** Keeps the text as the account's backup. */
  | { do: "backup"; account: string; text: string }
  /** Makes the backup the live credential again; it may be used up. */
  | { do: "restore"; account: string; text: string }
  /** Takes the live credential away; its backup stays. */
  | { do: "retire"; account: string }
  /** Keeps a credential whose owner is not known yet. */
  | { do: "park"; keyHash: string; text: string }
  /** Keeps what may log in and lies in a file that is about to be written over. */
  | { do: "keep"; path: string }
  /** Removes a parked one that has been taken up. */
  | { do: "unpark"; path: string }
  /** Makes the place's auth.json a link to the account's credential. */
  | { do: "link"; place: Place; account: string }
  /** Makes the place's auth.json a file of its own. */
  | { do: "place"; place: Place; text: string }
  /** Removes the place's auth.json. */
  | { do: "unlink"; place: Place };

/** What reconciling comes to. */
export interface Plan {
  registry: Registry;
  /** In their order; the registry is saved between `early` and `late`. */
  early: Step[];
  late: Step[];
  /** What has happened, for people to know. */
  events: string[];
  /** What is left exactly as it is, said once. */
  leftAlone: string[];
  unregistered: Unregistered | undefined;
  /** Whether the base home's auth.json is something else than a link of ours. */
  isBaseForeign: boolean;
  /** Accounts whose home holds something else than their credential, left alone. */
  strange: ReadonlySet<string>;
  /** Accounts that are there but have no login that works. */
  loggedOut: ReadonlySet<string>;
  /** Those of them whose credential is there, and none that logs anybody in. */
  damaged: ReadonlySet<string>;
}
