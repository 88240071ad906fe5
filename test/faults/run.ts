import { cpSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf, homeIdOf } from "../../src/core/accounts/account.ts";
import { auth, KEY, KEY_ACCOUNT } from "../commands/credentials.ts";
import { fakeKey } from "../fake/accounts.ts";
import { breaking, type Fault, type Point, pointsIn, tracing } from "./points.ts";
import type { FaultWorld } from "./world.ts";

/** A changing command, and what somebody else did before it, behind the back of the open shells. */
export interface Variant {
  words(world: FaultWorld): string[];
  hand?(world: FaultWorld): void;
  stdin?: string;
  /** Part of the account key of who may go. */
  removes?: readonly string[];
}

const login = (world: FaultWorld) => join(world.user.base, "auth.json");
const BOB_HOME = homeIdOf("user-bob::acct-bob");
const eve = auth({ email: "eve@example.com" });

/** The key that takes the place of KEY: of the same owner. */
export const NEW_KEY = fakeKey("acme 2", { id: KEY.id, email: KEY.email });

export const VARIANTS: Record<string, Variant> = {
  switch: { words: () => ["switch", "bob"] },
  "switch to a key": { words: () => ["switch", "billing"] },
  pin: { words: ({ work }) => ["pin", "alice", work] },
  "pin a home that is there": { words: ({ play }) => ["pin", "bob", play] },
  unpin: { words: ({ work }) => ["unpin", work] },
  use: { words: () => ["use", "alice"] },
  exec: { words: () => ["exec", "--account", "alice@example.com", "--", "true"] },
  "alias set": { words: () => ["alias", "set", "bob@example.com", "work"] },
  import: { words: ({ carol }) => ["import", carol] },
  purge: { words: () => ["import", "--purge"] },
  "remove the default": { words: () => ["remove", "alice@example.com"], removes: ["alice"] },
  "remove a home": { words: () => ["remove", "bob@example.com", "--unpin"], removes: ["bob"] },
  "remove all": { words: () => ["remove", "--all", "--yes"], removes: [""] },
  clean: { words: () => ["clean"] },
  config: { words: () => ["config", "export_api_key", "false"] },
  "config share": { words: () => ["config", "share", "none"] },
  "login with a key": { words: () => ["login", "--with-api-key"], stdin: KEY.key },
  rotate: {
    words: ({ user }) => {
      user.fake.addKey(NEW_KEY);
      return ["rotate", "billing@acme.example"];
    },
    stdin: NEW_KEY.key,
  },
  "sync of a login put there": {
    words: () => ["sync"],
    hand(world) {
      writeFileSync(`${login(world)}.new`, eve);
      renameSync(`${login(world)}.new`, login(world));
    },
  },
  "sync of a login through the link": { words: () => ["sync"], hand: (world) => writeFileSync(login(world), eve) },
  "sync after a logout": { words: () => ["sync"], hand: (world) => rmSync(login(world)) },
  "sync where a home is gone": {
    words: () => ["sync"],
    hand: ({ user }) => rmSync(join(user.base, "codex-auth/homes", BOB_HOME), { recursive: true }),
  },
  "sync of a config.toml that bills another": {
    words: () => ["sync", "--quiet"],
    hand: ({ user }) => void user.write(".codex/config.toml", 'forced_login_method = "api"\n'),
  },
  "sync of a login that was taken for a key's": {
    words: () => ["sync"],
    hand({ user }) {
      const text = JSON.stringify({ ...JSON.parse(eve), OPENAI_API_KEY: KEY.key });
      for (const place of ["accounts", "codex-auth/backup"]) {
        const path = join(user.base, place, `${fileKeyOf(KEY_ACCOUNT)}.auth.json`);
        writeFileSync(path, text);
        utimesSync(path, 1_760_000_000, 1_760_000_000);
      }
    },
    removes: ["apikey"],
  },
  "switch over a login put there": {
    words: () => ["switch", "bob"],
    hand(world) {
      rmSync(login(world));
      cpSync(world.carol, login(world));
    },
  },
};

const options = ({ stdin }: Variant) => ({
  ...(stdin !== undefined && { stdin }),
  env: { CODEX_AUTH_SNIPPET: "zsh" },
});

/** Runs a variant whole; returns the points at which it can be broken off. */
export async function findPoints(world: FaultWorld, variant: Variant): Promise<Point[]> {
  world.restore();
  variant.hand?.(world);
  const trace = join(world.user.home, "trace");
  const { code, err } = await world.user.run(variant.words(world), { ...options(variant), first: tracing(trace) });
  if (code !== 0) throw new Error(`${variant.words(world).join(" ")}: exit ${code}\n${err}`);
  return pointsIn(trace, world.user.base);
}

/**
 * Breaks a variant off at a point. Returns what is wrong afterwards: a shell that was open shows who is billed or has it looked at again, and
 * then shows it; no login is lost; the same command works.
 */
export async function breakOff(world: FaultWorld, variant: Variant, point: Point, fault: Fault): Promise<string[]> {
  world.restore();
  const shell = world.open();
  variant.hand?.(world);
  const before = world.logins();
  const wrong: string[] = [];
  const first = breaking(point, fault);
  const { code, err } = await world.user.run(variant.words(world), { ...options(variant), first });
  if (code === 70) wrong.push(`exit 70: ${err.slice(0, 300)}`);
  for (const text of world.judge(world.prompt(shell)).values()) if (text !== "stale") wrong.push(`broken off: ${text}`);
  if ([...world.judge(world.prompt(shell)).values()].includes("stale")) {
    await world.user.run(["sync", "--quiet"]);
    for (const [place, text] of world.judge(world.prompt(shell))) wrong.push(`after sync, ${place}: ${text}`);
  }
  const logins = world.logins();
  const mayGo = (who: string) => variant.removes?.some((part) => who.includes(part)) ?? false;
  for (const who of before) if (!logins.has(who) && !mayGo(who)) wrong.push(`lost the login of ${who}`);
  const again = await world.user.run(variant.words(world), options(variant));
  const isDone = code === 0 || /not there|no pin|no account|is not pinned/.test(again.err);
  if (again.code !== 0 && !isDone) wrong.push(`again: exit ${again.code}: ${again.err.slice(0, 300)}`);
  for (const [place, text] of world.judge(world.prompt(shell))) wrong.push(`at the end, ${place}: ${text}`);
  return wrong;
}
