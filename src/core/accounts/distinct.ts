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

/** An account among those of its e-mail, with what it can be named by. What most accounts need not say is found when it is asked for. */
class Member {
  readonly alias: string;
  readonly email: string;
  #ownName: string | undefined;

  /** `rank`: its place by account key in the whole registry; it ends every doubt. */
  constructor(
    readonly account: Account,
    readonly rank: number,
    readonly peers: Peers,
  ) {
    this.alias = withoutControls(account.alias).trim();
    this.email = withoutControls(account.email);
  }

  /** The name that a workspace, a key, or somebody without an e-mail has. */
  get ownName(): string {
    return (this.#ownName ??= ownNameOf(this.account));
  }

  /** What tells it from the others of its e-mail: a key's masked label, a workspace's name, else the plan. */
  get part(): string {
    return this.ownName || shownPlan(this.account);
  }

  /** Which of those with the same part it is, counted by account key. */
  get nth(): number {
    return this.peers.withPart(this.part).indexOf(this) + 1;
  }

  /** Whether the part alone leaves it open. */
  get isCounted(): boolean {
    return this.peers.withPart(this.part).some((other) => other !== this && other.alias === "");
  }
}

function ownNameOf(account: Account): string {
  const keyHash = keyHashOf(account.account_key);
  return keyHash ? maskedLabel(keyHash, isToken(account) ? "at" : "sk") : withoutControls(account.account_name ?? "");
}

/** Those of one e-mail. */
class Peers {
  readonly members: readonly Member[];
  #keys: number | undefined;
  #byPart: Map<string, Member[]> | undefined;
  #rows: Map<string, number> | undefined;

  constructor(accounts: readonly Account[], ranks: ReadonlyMap<Account, number>) {
    this.members = accounts.map((account) => new Member(account, ranks.get(account) ?? 0, this));
  }

  /** How many of them are API keys. */
  get keys(): number {
    return (this.#keys ??= this.members.filter(({ account }) => isApiKey(account)).length);
  }

  /** Returns those with a part, by account key. */
  withPart(part: string): readonly Member[] {
    this.#byPart ??= Map.groupBy(
      this.members.toSorted((a, b) => a.rank - b.rank),
      (member) => fold(member.part),
    );
    return this.#byPart.get(fold(part)) ?? [];
  }

  /** Returns how many would have this row if nothing were counted. */
  withRow(row: string): number {
    this.#rows ??= this.members.reduce((counts, { alias, ownName, part }) => {
      const text = fold(enclose(alias, ownName) || part);
      return counts.set(text, (counts.get(text) ?? 0) + 1);
    }, new Map<string, number>());
    return this.#rows.get(fold(row)) ?? 0;
  }
}

function membersOf(accounts: readonly Account[]): Member[] {
  const ranks = new Map(
    accounts.toSorted((a, b) => compare(a.account_key, b.account_key)).map((one, at) => [one, at + 1]),
  );
  const groups = Map.groupBy(accounts, (account) => fold(account.email) || account.account_key);
  return [...groups.values()].flatMap((group) => new Peers(group, ranks).members);
}

/** Returns what an account is named at a depth: each one says more than the one before, and from some depth on nobody else can have it. */
function nameAt(member: Member, depth: number): string {
  const { alias, email, account, peers, rank } = member;
  const rest = (least: number) => (depth < least ? "" : ` #${rank}${".1".repeat(depth - least)}`);
  if (alias) return alias + (depth > 0 && email ? ` (${email})` : "") + rest(email ? 2 : 1);
  if (!email) return (member.ownName || account.chatgpt_user_id || account.account_key) + rest(1);
  if (depth === 0 && peers.members.length === 1) return email;
  return `${email} ${member.part}${member.isCounted ? ` #${member.nth}` : ""}` + rest(2);
}

/** Returns the name as prompts show it. */
function labelAt(member: Member, depth: number): string {
  const { account, alias, email, peers } = member;
  const name = nameAt(member, depth);
  if (!isApiKey(account)) return name;
  const mark = planName(account);
  if (alias || !email) return `${name} ${mark}`;
  return peers.keys === 1 && depth === 0 ? `${email} ${mark}` : `${email} ${mark}${name.slice(email.length)}`;
}

/** Returns the texts of each account, by account key; those that would look like another's say more, an alias last. */
export function distinctTexts(accounts: readonly Account[]): Map<string, Texts> {
  const members = membersOf(accounts);
  const keys = new Map(members.map(({ account }) => [fold(account.account_key), account.account_key]));
  const depths = new Map(members.map((member) => [member, 0]));
  for (;;) {
    const owners = new Map<string, Set<Member>>();
    for (const [member, depth] of depths) {
      for (const text of new Set([fold(nameAt(member, depth)), fold(labelAt(member, depth))])) {
        const alike = owners.get(text);
        if (alike) alike.add(member);
        else owners.set(text, new Set([member]));
      }
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
      const { account, email } = member;
      const peers = member.peers.members;
      const group = peers.length > 1 ? (peers[0]?.email ?? email) : null;
      const texts = { name: nameAt(member, depth), label: labelAt(member, depth), row: rowOf(member, depth), group };
      return [account.account_key, texts];
    }),
  );
}

/** Returns what the table shows of an account: below its e-mail only what tells it from the others. */
function rowOf(member: Member, depth: number): string {
  const { account, alias, email, peers } = member;
  if (peers.members.length > 1) {
    const row = enclose(alias, member.ownName) || member.part;
    const isAlone = peers.withRow(row) === 1;
    if (isAlone && (alias || !member.isCounted)) return row;
    // an alias that looks like another's part is counted beyond those that have that part
    return `${row} #${alias && !isAlone ? peers.members.length + member.rank : member.nth}`;
  }
  if (!alias && depth > 0) return nameAt(member, depth);
  if (isApiKey(account)) return enclose(alias, email || member.ownName) || account.account_key;
  if (!email) return enclose(alias, member.ownName || account.chatgpt_user_id) || account.account_key;
  const { ownName } = member;
  return enclose(alias || ownName, alias && ownName ? `${ownName}, ${email}` : email);
}

/** Returns `outer(inner)`, or whichever of the two there is. */
const enclose = (outer: string, inner: string) => (outer && inner ? `${outer}(${inner})` : outer || inner);
