import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf } from "../src/core/accounts/account.ts";
import { fakeKey, type FakeKey, loginOfToken } from "./fake/accounts.ts";

// What may run beside a refresh of bob's login, and how everything is as before for the next round.

export const BOB = "bob@example.com";
const BOB_ACCOUNT = "user-bob::acct-bob";
export const [ADA, EVE] = [fakeKey("ada"), fakeKey("eve")] as const;
const ada = ADA.email ?? "";

/** Who types there: bob is the default account and refreshes in the base home, or ada is and he refreshes in his own. */
export interface Rounds {
  at: "base home" | "account home";
  base: string;
  /** A directory that is pinned to bob. */
  lab: string;
  auth(words: string[], options?: { stdin?: string }): Promise<unknown>;
  addBob(): Promise<void>;
  addKey(key: FakeKey): Promise<void>;
  /** Lets the fake know a key. */
  knows(key: FakeKey): void;
}

export interface Beside {
  words: string[];
  /** Returns what is typed in. */
  stdin?(rounds: Rounds): string;
  /** Puts back what it has changed. */
  back?(rounds: Rounds): Promise<void>;
  /** It ends bob's login. */
  endsBob?: boolean;
  /** It takes bob's home away, in which a Codex then waits for good. */
  dropsHome?: boolean;
}

/** Makes whoever it should be the default again. */
export async function toDefault({ at, auth }: Rounds): Promise<void> {
  await auth(["switch", at === "base home" ? BOB : ada]);
}
async function toPinned(rounds: Rounds): Promise<void> {
  await rounds.auth(["pin", BOB, rounds.lab]);
  await toDefault(rounds);
}
/** A key that replaces ada's: each time another one of hers. */
let keys = 0;
function nextKey({ knows }: Rounds): string {
  const key = fakeKey(`ada ${++keys}`, { id: ADA.id, email: ADA.email });
  knows(key);
  return key.key;
}

/** Every command that moves a link of a login, or asks Codex. */
export const BESIDE: Beside[] = [
  { words: ["switch", ada], back: toDefault },
  { words: ["login", "--with-api-key"], stdin: () => EVE.key, back: toDefault },
  { words: ["list"] },
  { words: ["list", "--active"] },
  { words: ["check"] },
  { words: [] },
  { words: ["sync"] },
  { words: ["clean"] },
  { words: ["alias", "set", BOB, "mine"] },
  { words: ["alias", "clear", "mine"] },
  { words: ["pin", BOB, "other"] },
  { words: ["unpin", "other"] },
  { words: ["exec", "--account", ada, "--", "true"] },
  { words: ["config", "announce", "true"] },
  { words: ["import", "--purge"] },
  { words: ["rotate", ada], stdin: nextKey },
  {
    words: ["remove", ada, "--yes"],
    back: async (rounds) => {
      await rounds.addKey(ADA);
      await toDefault(rounds);
    },
  },
  {
    words: ["remove", BOB, "--yes"],
    back: async (rounds) => {
      await rounds.addBob();
      await toPinned(rounds);
    },
    endsBob: true,
    dropsHome: true,
  },
  { words: ["eject", "--yes"], back: toPinned, dropsHome: true },
];

/** Bob's refresh token where Codex looks for it: in the base home if he is logged in there, else his stored one; undefined when there is none. */
export function bobsToken(base: string): { session: string; serial: number } | undefined {
  const places = [join(base, "auth.json"), join(base, "accounts", `${fileKeyOf(BOB_ACCOUNT)}.auth.json`)];
  for (const path of places.filter(existsSync)) {
    const login = loginOfToken(JSON.parse(readFileSync(path, "utf8")).tokens?.refresh_token ?? "");
    if (login?.email === BOB) return login;
  }
  return undefined;
}
