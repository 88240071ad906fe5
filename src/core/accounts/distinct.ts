import { fold, withoutControls } from "../printable.ts";
import { type Account, isApiKey, isToken, keyHashOf, maskedLabel, planName } from "./account.ts";
import { shownPlan } from "./usage.ts";

/** What stands for an account, so that no two look the same. */
export interface Texts {
  /** The alias; without one the e-mail, and where several accounts have that, what tells them apart. */
  name: string;
  /** The name as prompts show it: keys carry ` API_KEY`. */
  label: string;
  /** What stands for the account in the table; in a group only what tells it from the others. */
  row: string;
  /** The e-mail of its group, when the e-mail has several accounts. */
  group: string | null;
}

/** Orders two texts by their characters' codes. */
export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** An account among those of its e-mail, with what it can be named by. */
interface Member {
  account: Account;
  alias: string;
  email: string;
  /** What tells it from the others of its e-mail: a key's masked label, a workspace's name, else the plan. */
  part: string;
  /** The name that a workspace, a key, or somebody without an e-mail has. */
  ownName: string;
  peers: readonly Member[];
  /** Which of those with the same part it is, counted by account key. */
  nth: number;
  /** Whether the part alone leaves it open. */
  isCounted: boolean;
  /** Its place by account key in the whole registry: it ends every doubt. */
  rank: number;
}

function membersOf(accounts: readonly Account[]): Member[] {
  const ranks = new Map(
    accounts.toSorted((a, b) => compare(a.account_key, b.account_key)).map((one, at) => [one, at + 1]),
  );
  const drafts = accounts.map((account) => ({ account, ...partsOf(account), rank: ranks.get(account) ?? 0 }));
  const groups = Map.groupBy(drafts, ({ account, email }) => fold(email) || account.account_key);
  return [...groups.values()].flatMap((group) => {
    const byPart = Map.groupBy(
      group.toSorted((a, b) => a.rank - b.rank),
      ({ part }) => fold(part),
    );
    const members: Member[] = [];
    for (const draft of group) {
      const alike = byPart.get(fold(draft.part)) ?? [];
      const isCounted = alike.some((other) => other !== draft && other.alias === "");
      members.push({ ...draft, peers: members, nth: alike.indexOf(draft) + 1, isCounted });
    }
    return members;
  });
}

function partsOf(account: Account) {
  const keyHash = keyHashOf(account.account_key);
  const ownName = keyHash
    ? maskedLabel(keyHash, isToken(account) ? "at" : "sk")
    : withoutControls(account.account_name ?? "");
  return {
    alias: withoutControls(account.alias).trim(),
    email: withoutControls(account.email),
    ownName,
    part: ownName || shownPlan(account),
  };
}

/** Returns what an account is named at a depth: each one says more than the one before, and from some depth on nobody else can have it. */
function nameAt({ alias, email, part, ownName, account, nth, isCounted, peers, rank }: Member, depth: number): string {
  const rest = (least: number) => (depth < least ? "" : ` #${rank}${".1".repeat(depth - least)}`);
  if (alias) return alias + (depth > 0 && email ? ` (${email})` : "") + rest(email ? 2 : 1);
  if (!email) return (ownName || account.chatgpt_user_id || account.account_key) + rest(1);
  if (depth === 0 && peers.length === 1) return email;
  return `${email} ${part}${isCounted ? ` #${nth}` : ""}` + rest(2);
}

/** Returns the name as prompts show it. */
function labelAt(member: Member, depth: number): string {
  const { account, alias, email, peers } = member;
  const name = nameAt(member, depth);
  if (!isApiKey(account)) return name;
  const mark = planName(account);
  if (alias || !email) return `${name} ${mark}`;
  const isOnlyKey = peers.filter((peer) => isApiKey(peer.account)).length === 1;
  return isOnlyKey && depth === 0 ? `${email} ${mark}` : `${email} ${mark}${name.slice(email.length)}`;
}

/** Returns the texts of each account, by account key; those that would look like another's say more, an alias last. */
export function distinctTexts(accounts: readonly Account[]): Map<string, Texts> {
  const members = membersOf(accounts);
  const keys = new Map(members.map(({ account }) => [fold(account.account_key), account.account_key]));
  const depths = new Map(members.map((member) => [member, 0]));
  for (;;) {
    const owners = new Map<string, Set<Member>>();
    for (const [member, depth] of depths) {
      for (const text of [nameAt(member, depth), labelAt(member, depth)].map(fold))
        owners.set(text, (owners.get(text) ?? new Set()).add(member));
    }
    const unclear = [...owners].flatMap(([text, alike]) => {
      const owner = keys.get(text);
      const isTaken = /^(\d+|-)$/.test(text) || (owner !== undefined && owner !== [...alike][0]?.account.account_key);
      if (!isTaken && alike.size === 1) return [];
      const aliased = [...alike].filter((member) => depths.get(member) === 0 && fold(member.alias) === text);
      return [...alike].filter((member) => isTaken || aliased.length !== 1 || member !== aliased[0]);
    });
    if (unclear.length === 0) break;
    for (const member of new Set(unclear)) depths.set(member, (depths.get(member) ?? 0) + 1);
  }
  return new Map(
    [...depths].map(([member, depth]) => {
      const { account, peers, email } = member;
      const group = peers.length > 1 ? (peers[0]?.email ?? email) : null;
      const texts = { name: nameAt(member, depth), label: labelAt(member, depth), row: rowOf(member, depth), group };
      return [account.account_key, texts];
    }),
  );
}

/** Returns what the table shows of an account: below its e-mail only what tells it from the others. */
function rowOf(member: Member, depth: number): string {
  const { account, alias, email, part, ownName, peers, nth, isCounted } = member;
  if (peers.length > 1) {
    const rows = peers.map((peer) => fold(enclose(peer.alias, peer.ownName) || peer.part));
    const row = enclose(alias, ownName) || part;
    const isAlone = rows.filter((other) => other === fold(row)).length === 1;
    // an alias that looks like another's part is counted beyond those that have that part
    return isAlone && (alias || !isCounted) ? row : `${row} #${alias && !isAlone ? peers.length + member.rank : nth}`;
  }
  if (!alias && depth > 0) return nameAt(member, depth);
  if (isApiKey(account)) return enclose(alias, email || ownName) || account.account_key;
  if (!email) return enclose(alias, ownName || account.chatgpt_user_id) || account.account_key;
  return enclose(alias || ownName, alias && ownName ? `${ownName}, ${email}` : email);
}

/** Returns `outer(inner)`, or whichever of the two there is. */
const enclose = (outer: string, inner: string) => (outer && inner ? `${outer}(${inner})` : outer || inner);
