import { afterEach, expect, test } from "bun:test";
import { mkdirSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { type Account, apiKeyAccountKey, fileKeyOf, hashKey, homeIdOf } from "../../../src/core/accounts/account.ts";
import { ASKING, changeState, WITHOUT_ASKING } from "../../../src/core/state/change.ts";
import { isCredential, parseCredential } from "../../../src/core/accounts/credential.ts";
import { type Identity } from "../../../src/core/accounts/credential.ts";
import { planReconcile } from "../../../src/core/reconcile/plan.ts";
import type { Step } from "../../../src/core/reconcile/step.ts";
import { findAccount } from "../../../src/core/accounts/registry.ts";
import { loadDisk, loadRegistry } from "../../../src/core/state/state.ts";
import { authPaths, isSynced } from "../../../src/core/state/synced.ts";
import { type BaseHome, makeBaseHome } from "../../base-home.ts";
import { contentsOf } from "../../tree.ts";
import { apiKeyAuth, chatgptAuth, fakeKey } from "../../fake/accounts.ts";

const MINUTE = 60_000;
const login = (name: string, lastRefresh = "2026-01-01T00:00:00Z") =>
  JSON.stringify(chatgptAuth({ email: `${name}@example.com`, name, lastRefresh, session: name }));
const keyOf = (name: string) => JSON.stringify(apiKeyAuth(fakeKey(name)));

/** The people of the tests: two ChatGPT logins, two known API keys and one that nobody knows. */
const TEXTS = {
  alice: login("alice"),
  aliceLater: login("alice", "2026-02-01T00:00:00Z"),
  aliceOfTheFuture: login("alice", "2126-02-01T00:00:00Z"),
  bob: login("bob"),
  bobLater: login("bob", "2026-02-01T00:00:00Z"),
  carol: keyOf("carol"),
  dave: keyOf("dave"),
  stranger: keyOf("stranger"),
  broken: "{ not json",
};
type Who = "alice" | "bob" | "carol" | "dave";

const owner = (name: string): Identity => ({ id: `user-${name}`, email: `${name}@example.com` });
const secretOf = (text: string) => {
  const credential = parseCredential(text);
  if (!isCredential(credential) || credential.kind !== "apikey") throw new Error("no key");
  return credential.apiKey;
};

function accountKey(who: Who | "stranger"): string {
  const credential = parseCredential(TEXTS[who]);
  if (!isCredential(credential)) throw new Error(credential);
  return credential.kind === "chatgpt" ? credential.accountKey : apiKeyAccountKey(owner(who).id, credential.keyHash);
}

const credentialFile = (who: Who) => `accounts/${fileKeyOf(accountKey(who))}.auth.json`;
const backupFile = (who: Who) => `codex-auth/backup/${fileKeyOf(accountKey(who))}.auth.json`;
const homeOf = (who: Who) => `codex-auth/homes/${homeIdOf(accountKey(who))}`;

let world: BaseHome;
afterEach(() => world?.remove());

/** Makes a base home where these are known accounts with homes, the first one the default. */
async function settle(people: readonly Who[]): Promise<void> {
  world = makeBaseHome();
  await changeState(world.ctx, WITHOUT_ASKING, async (store) => {
    for (const who of people) {
      const credential = parseCredential(TEXTS[who]);
      if (!isCredential(credential)) throw new Error(credential);
      const { account } = await store.adopt(
        credential,
        { mtimeMs: Date.now() - 10 * MINUTE },
        credential.kind === "apikey" ? owner(who) : undefined,
      );
      await store.needHome(account);
    }
    await store.setDefault(known(store.registry.accounts, people[0]));
  });
  // what Codex or a person does from here on comes later
  for (const who of people) {
    touch(credentialFile(who), -MINUTE);
    touch(homeOf(who), 0);
  }
  touch(".", 0);
}

const known = (accounts: readonly Account[], who: Who | undefined) =>
  accounts.find((account) => who !== undefined && account.account_key === accountKey(who));

function touch(name: string, shiftMs: number): void {
  const at = (Date.now() + shiftMs) / 1000;
  utimesSync(join(world.path, name), at, at);
}

const plan = (identities: ReadonlyMap<string, Identity> = new Map()) => planReconcile(loadDisk(world.ctx, identities));

/** Says steps shortly: `link base alice`, `store bob`. */
function told(steps: readonly Step[]): string[] {
  const names = new Map((["alice", "bob", "carol", "dave"] as const).map((who) => [accountKey(who), who] as const));
  const ids = new Map([...names].map(([key, who]) => [homeIdOf(key), who] as const));
  const account = (key: string) => names.get(key) ?? (key === accountKey("stranger") ? "stranger" : key);
  return steps.map((step) => {
    const place = "place" in step ? [step.place === "base" ? "base" : `home of ${ids.get(step.place.homeId)}`] : [];
    return [step.do, ...place, ...("account" in step ? [account(step.account)] : [])].join(" ");
  });
}

interface Row {
  /** What DESIGN's table calls it. */
  found: string;
  people: readonly Who[];
  /** What somebody did. */
  did(): void;
  steps: string[];
  /** The default account afterwards. */
  defaults: Who | null;
  note?: RegExp;
  /** Those whose credential logs nobody in. */
  damaged?: Who[];
  identities?: ReadonlyMap<string, Identity>;
  /** What is on disk afterwards. */
  then?(): void;
}

const put = (name: string, text: string) => () => {
  rmSync(join(world.path, name), { force: true });
  world.write(name, text);
};
const through = (who: Who, text: string) => () => world.write(credentialFile(who), text);
const remove = (name: string) => () => rmSync(join(world.path, name));
const relink = (name: string, target: string) => () => {
  rmSync(join(world.path, name), { force: true });
  symlinkSync(target, join(world.path, name));
};
const both =
  (...acts: (() => void)[]) =>
  () => {
    for (const act of acts) act();
  };
/** A Codex started in a home, so long ago. */
const codexStarted = (home: string, agoMs: number) => () => {
  mkdirSync(join(world.path, home, "tmp/arg0-linux"), { recursive: true });
  touch(`${home}/tmp/arg0-linux`, -agoMs);
};
const loggedInAt = (home: string) => () => {
  mkdirSync(join(world.path, home, "log"), { recursive: true });
  world.write(`${home}/log/codex-login.log`, "", Date.now() + 5);
};
const config = (text: string) => () => world.write("config.toml", text);

const ROWS: Row[] = [
  {
    found: "the expected links: nothing to do",
    people: ["alice", "carol"],
    did: () => {},
    steps: [],
    defaults: "alice",
  },
  {
    found: "the expected link, same identity: backup refreshed",
    people: ["alice"],
    did: through("alice", TEXTS.aliceLater),
    steps: ["backup alice"],
    defaults: "alice",
    then: () => expect(world.read(backupFile("alice"))).toBe(TEXTS.aliceLater),
  },
  {
    found: "base: the expected link, another known identity: it is the default now, the first is restored",
    people: ["alice", "bob"],
    did: both(through("alice", TEXTS.bobLater), loggedInAt(".")),
    steps: ["store bob", "restore alice", "link base bob"],
    defaults: "bob",
    note: /^bob@example.com logged in over alice@example.com, and is the default account now .*may be used up/,
    then: () => expect(world.read(credentialFile("alice"))).toBe(TEXTS.alice),
  },
  {
    found: "base: the expected link, a new ChatGPT identity",
    people: ["alice"],
    did: through("alice", TEXTS.bob),
    steps: ["store bob", "restore alice", "link base bob"],
    defaults: "bob",
    then: () => expect(world.read(credentialFile("bob"))).toBe(TEXTS.bob),
  },
  {
    found: "base: the expected link, a new API key whose owner was asked",
    people: ["alice"],
    did: through("alice", TEXTS.stranger),
    identities: new Map([[hashKey(secretOf(TEXTS.stranger)), owner("stranger")]]),
    steps: ["store stranger", "restore alice", "link base stranger"],
    defaults: null,
  },
  {
    found: "base: the expected link, a new API key whose owner cannot be asked: a regular file with it",
    people: ["alice"],
    did: through("alice", TEXTS.stranger),
    steps: ["restore alice", "place base"],
    defaults: null,
    then: () => expect(world.read("auth.json")).toBe(TEXTS.stranger),
  },
  {
    found: "home: the expected link, another identity: it is stored, the home keeps its account",
    people: ["alice", "bob"],
    did: both(through("bob", TEXTS.carol)),
    identities: new Map([[hashKey(secretOf(TEXTS.carol)), owner("carol")]]),
    steps: ["store carol", "restore bob"],
    defaults: "alice",
    note: /^carol@example.com API_KEY logged in and was added .*; this directory stays with bob@example.com, whose login/,
    then: () => expect(world.read(`${homeOf("bob")}/auth.json`)).toBe(TEXTS.bob),
  },
  {
    found: "home and base link to one credential: the later login log says who logged in",
    people: ["alice", "bob"],
    did: both(through("alice", TEXTS.bobLater), loggedInAt(homeOf("alice"))),
    steps: ["store bob", "restore alice"],
    defaults: "alice",
  },
  {
    found: "home: the expected link, a new API key whose owner cannot be asked: parked",
    people: ["alice", "bob"],
    did: through("bob", TEXTS.stranger),
    steps: ["park", "restore bob"],
    defaults: "alice",
    note: /a new API key logged in in the home of bob@example.com, .* waits until OpenAI says whose it is/,
    then: () =>
      expect(world.read(`codex-auth/pending/${hashKey(secretOf(TEXTS.stranger))}.auth.json`)).toBe(TEXTS.stranger),
  },
  {
    found: "base: a regular file of the same account: the later one wins, relinked",
    people: ["alice"],
    did: put("auth.json", TEXTS.aliceLater),
    steps: ["keep", "store alice", "link base alice"],
    defaults: "alice",
    then: () => expect(world.read(credentialFile("alice"))).toBe(TEXTS.aliceLater),
  },
  {
    found: "base: a regular file that is older than the credential: the credential stays, the file is kept as a backup",
    people: ["alice"],
    did: both(through("alice", TEXTS.aliceLater), put("auth.json", TEXTS.alice)),
    steps: ["backup alice", "link base alice"],
    defaults: "alice",
    then: () => expect(world.read(credentialFile("alice"))).toBe(TEXTS.aliceLater),
  },
  {
    found: "base: a regular file of the same account that an interactive login left: it wins, whatever the dates say",
    people: ["alice"],
    did: both(through("alice", TEXTS.aliceLater), put("auth.json", TEXTS.alice), loggedInAt(".")),
    steps: ["backup alice", "store alice", "link base alice"],
    defaults: "alice",
    then: () => expect(world.read(credentialFile("alice"))).toBe(TEXTS.alice),
  },
  {
    found: "home: the same",
    people: ["bob", "alice"],
    did: both(
      through("alice", TEXTS.aliceLater),
      put(`${homeOf("alice")}/auth.json`, TEXTS.alice),
      loggedInAt(homeOf("alice")),
    ),
    steps: ["backup alice", "store alice", "link home of alice alice"],
    defaults: "bob",
    then: () => expect(world.read(credentialFile("alice"))).toBe(TEXTS.alice),
  },
  {
    found:
      "base: a regular file of the same account whose stored login says it is of the future: the file's time decides",
    people: ["alice"],
    did: both(through("alice", TEXTS.aliceOfTheFuture), put("auth.json", TEXTS.alice)),
    steps: ["backup alice", "keep", "store alice", "link base alice"],
    defaults: "alice",
    then: () => expect(world.read(credentialFile("alice"))).toBe(TEXTS.alice),
  },
  {
    found: "base: a regular file of another account",
    people: ["alice"],
    did: put("auth.json", TEXTS.bob),
    steps: ["store bob", "link base bob"],
    defaults: "bob",
  },
  {
    found: "base: a regular file with a known API key, without network",
    people: ["alice", "carol"],
    did: put("auth.json", TEXTS.carol),
    steps: ["link base carol"],
    defaults: "carol",
  },
  {
    found: "base: a regular file with a new API key that cannot be asked for: left, labelled by its masked label",
    people: ["alice"],
    did: put("auth.json", TEXTS.stranger),
    steps: [],
    defaults: null,
    then: () => expect(world.read("codex-auth/env/@default")).toContain("CODEX_AUTH_LABEL=sk-"),
  },
  {
    found: "home: a regular file of its own account",
    people: ["alice", "bob"],
    did: put(`${homeOf("bob")}/auth.json`, TEXTS.bob),
    steps: ["link home of bob bob"],
    defaults: "alice",
  },
  {
    found: "home: a regular file of another identity: stored, the home goes back to its own account",
    people: ["alice"],
    did: put(`${homeOf("alice")}/auth.json`, TEXTS.bob),
    steps: ["store bob", "link home of alice alice"],
    defaults: "alice",
    note: /^bob@example.com logged in and was added .*; this directory stays with alice@example.com$/,
    then: () => expect(world.read(`${homeOf("alice")}/auth.json`)).toBe(TEXTS.alice),
  },
  {
    found: "home: a regular file of another account that is known: it was not added",
    people: ["alice", "bob"],
    did: put(`${homeOf("alice")}/auth.json`, TEXTS.bobLater),
    steps: ["keep", "store bob", "link home of alice alice"],
    defaults: "alice",
    note: /^bob@example.com logged in \(codex-auth pin 'bob@example.com' uses it here\); this directory stays with alice@example.com$/,
  },
  {
    found: "home: a regular file with a new API key that cannot be asked for: parked",
    people: ["alice"],
    did: put(`${homeOf("alice")}/auth.json`, TEXTS.stranger),
    steps: ["park", "link home of alice alice"],
    defaults: "alice",
    note: /^a new API key logged in in the home of alice@example.com, .* waits until OpenAI says whose it is/,
  },
  {
    found: "nothing in the base home: no default, a ChatGPT login is retired and its home logged out",
    people: ["alice", "carol"],
    did: remove("auth.json"),
    steps: ["retire alice", "unlink home of alice"],
    defaults: null,
    note: /alice@example.com is logged out; try: codex-auth login, .*codex-auth import .*backup/,
    then: () => {
      expect(world.read(credentialFile("alice"))).toBeUndefined();
      expect(world.read(backupFile("alice"))).toBe(TEXTS.alice);
      expect(world.read(`codex-auth/env/${homeIdOf(accountKey("alice"))}`)).toContain("logged out");
    },
  },
  {
    found: "nothing in the base home, and no Codex had started: it was only deleted, the login stays",
    people: ["alice", "carol"],
    did: both(codexStarted(".", 10 * MINUTE), remove("auth.json")),
    steps: [],
    defaults: null,
    note: /auth.json of alice@example.com was deleted, not logged out: to have it back: codex-auth switch alice@example.com/,
    then: () => {
      expect(world.read(credentialFile("alice"))).toBe(TEXTS.alice);
      expect(world.read(`${homeOf("alice")}/auth.json`)).toBe(TEXTS.alice);
      expect(world.read(`codex-auth/env/${homeIdOf(accountKey("alice"))}`)).not.toContain("logged out");
    },
  },
  {
    found: "nothing in the base home, where a Codex has just started: it logged out",
    people: ["alice"],
    did: both(codexStarted(".", 5000), remove("auth.json")),
    steps: ["retire alice", "unlink home of alice"],
    defaults: null,
    note: /alice@example.com is logged out/,
  },
  {
    found: "nothing in an account home, and no Codex had started: it was only deleted, the login stays",
    people: ["carol", "alice"],
    did: both(codexStarted(homeOf("alice"), 10 * MINUTE), remove(`${homeOf("alice")}/auth.json`)),
    steps: [],
    defaults: "carol",
    note: /auth.json of the home of alice@example.com was deleted, not logged out: to have it back: codex-auth pin alice@example.com/,
    then: () => {
      expect(world.read(credentialFile("alice"))).toBe(TEXTS.alice);
      expect(world.read(`codex-auth/env/${homeIdOf(accountKey("alice"))}`)).toContain("logged out");
    },
  },
  {
    found: "nothing in an account home, where a Codex has just started: it logged out",
    people: ["carol", "alice"],
    did: both(codexStarted(homeOf("alice"), 5000), remove(`${homeOf("alice")}/auth.json`)),
    steps: ["retire alice"],
    defaults: "carol",
    note: /alice@example.com is logged out/,
  },
  {
    found: "nothing in the base home: an API key stays good",
    people: ["carol"],
    did: remove("auth.json"),
    steps: [],
    defaults: null,
    then: () => expect(world.read(credentialFile("carol"))).toBe(TEXTS.carol),
  },
  {
    found: "nothing in an account home: config.toml excludes the account",
    people: ["alice", "carol"],
    did: both(config('forced_login_method = "chatgpt"\n'), remove(`${homeOf("carol")}/auth.json`)),
    steps: ["link home of carol carol"],
    defaults: "alice",
    note: /config.toml makes Codex log carol@example.com API_KEY out/,
  },
  {
    found: "nothing in an account home: a ChatGPT login is retired",
    people: ["carol", "alice"],
    did: remove(`${homeOf("alice")}/auth.json`),
    steps: ["retire alice"],
    defaults: "carol",
    note: /alice@example.com is logged out/,
  },
  {
    found: "nothing in the home of the default account: the base home is logged out with it",
    people: ["alice"],
    did: remove(`${homeOf("alice")}/auth.json`),
    steps: ["retire alice", "unlink base"],
    defaults: null,
  },
  {
    found: "nothing in an account home: an API key's home stays without a link",
    people: ["alice", "carol"],
    did: remove(`${homeOf("carol")}/auth.json`),
    steps: [],
    defaults: "alice",
    then: () => expect(world.read(`codex-auth/env/${homeIdOf(accountKey("carol"))}`)).toContain("API_KEY logged out"),
  },
  {
    found: "a logout in an account home, then a login in the base home: the new login stays and the home has it",
    people: ["alice"],
    did: both(remove(`${homeOf("alice")}/auth.json`), through("alice", TEXTS.aliceLater), () =>
      touch(credentialFile("alice"), 2000),
    ),
    steps: ["link home of alice alice", "backup alice"],
    defaults: "alice",
  },
  {
    found: "base: a link to elsewhere: left alone",
    people: ["alice"],
    did: both(() => world.write("dotfiles/auth.json", TEXTS.alice), relink("auth.json", "dotfiles/auth.json")),
    steps: [],
    defaults: "alice",
    note: /a link of yours; left as it is/,
  },
  {
    found: "base: a link that leads nowhere: left alone",
    people: ["carol"],
    did: relink("auth.json", "no/such/file"),
    steps: [],
    defaults: null,
    note: /leads nowhere; left as it is/,
  },
  {
    found: "home: a link to elsewhere: left alone, and the label warns",
    people: ["alice", "bob"],
    did: relink(`${homeOf("bob")}/auth.json`, "../../../accounts/../elsewhere.json"),
    steps: [],
    defaults: "alice",
    note: /home of bob@example.com is a link that leads nowhere; left as it is/,
    then: () =>
      expect(world.read(`codex-auth/env/${homeIdOf(accountKey("bob"))}`)).toContain(
        "CODEX_AUTH_LABEL=bob@example.com !",
      ),
  },
  {
    found: "base: a login of a kind that is not managed: left alone, and named",
    people: ["alice"],
    did: put("auth.json", '{"agent_identity": {"a": 1}}'),
    steps: [],
    defaults: null,
    note: /a login that codex-auth does not manage \(agent identity\); left as it is/,
  },
  {
    found: "base: a file that is no credential: left exactly as it is",
    people: ["carol"],
    did: put("auth.json", TEXTS.broken),
    steps: [],
    defaults: null,
    note: /no credential .*left as it is/,
    then: () => expect(world.read("auth.json")).toBe(TEXTS.broken),
  },
  {
    found: "home: a file that is no credential: left exactly as it is",
    people: ["alice", "bob"],
    did: put(`${homeOf("bob")}/auth.json`, TEXTS.broken),
    steps: [],
    defaults: "alice",
    note: /no credential .*left as it is/,
    then: () => expect(world.read(`${homeOf("bob")}/auth.json`)).toBe(TEXTS.broken),
  },
  {
    found: "a credential that is none any more: left exactly as it is",
    people: ["alice", "bob"],
    did: through("bob", TEXTS.broken),
    steps: [],
    defaults: "alice",
    damaged: ["bob"],
    then: () => expect(world.read(credentialFile("bob"))).toBe(TEXTS.broken),
  },
  {
    found: "a parked key whose owner is known now: stored",
    people: ["alice"],
    did: () => world.write(`codex-auth/pending/${hashKey(secretOf(TEXTS.dave))}.auth.json`, TEXTS.dave),
    identities: new Map([[hashKey(secretOf(TEXTS.dave)), owner("dave")]]),
    steps: ["store dave", "unpark"],
    defaults: "alice",
    then: () => expect(world.read(credentialFile("dave"))).toBe(TEXTS.dave),
  },
];

for (const { found, people, did, identities = new Map(), steps, defaults, note, damaged = [], then } of ROWS) {
  test(found, async () => {
    await settle(people);
    did();
    const planned = plan(identities);
    expect(told([...planned.early, ...planned.late])).toEqual(steps);
    expect([...planned.damaged]).toEqual(damaged.map(accountKey));
    if (note) expect([...planned.events, ...planned.leftAlone].join("\n")).toMatch(note);

    // asked for, an owner is known as the API would tell it
    const ctx = { ...world.ctx, openai: { ...world.ctx.openai, me: meOf(identities) } };
    await changeState(ctx, ASKING, () => {});
    const registry = loadRegistry(world.ctx);
    const expected = steps.includes("link base stranger") ? accountKey("stranger") : defaults && accountKey(defaults);
    expect(registry.active_account_key).toBe(expected);
    for (const who of people) expect(findAccount(registry, accountKey(who))).toBeDefined();
    then?.();

    const again = plan(identities);
    expect(told([...again.early, ...again.late])).toEqual([]);
    const before = contentsOf(world.path);
    await changeState(ctx, ASKING, () => {});
    expect(contentsOf(world.path)).toEqual(before);
  });
}

const meOf = (identities: ReadonlyMap<string, Identity>) => async (apiKey: string) => {
  const identity = identities.get(hashKey(apiKey));
  if (identity) return identity;
  throw new Error("cannot be asked");
};

test("what is left alone is said once", async () => {
  await settle(["carol"]);
  put("auth.json", TEXTS.broken)();
  await changeState(world.ctx, WITHOUT_ASKING, () => {});
  expect(world.printed.err).toContain("left as it is");
  world.printed.err = "";
  await changeState(world.ctx, WITHOUT_ASKING, () => {});
  expect(world.printed.err).toBe("");
});

test("a crash behind any step: running it again ends in the same place", async () => {
  await settle(["alice", "bob"]);
  const { runStep } = await import("../../../src/core/reconcile/execute.ts");
  const did = both(put("auth.json", login("erin")), put(`${homeOf("bob")}/auth.json`, TEXTS.carol));
  const identities = new Map([[hashKey(secretOf(TEXTS.carol)), owner("carol")]]);
  const ctx = () => ({ ...world.ctx, openai: { ...world.ctx.openai, me: meOf(identities) } });
  did();
  const count = plan(identities).early.length + plan(identities).late.length;
  expect(count).toBeGreaterThan(3);
  await changeState(ctx(), ASKING, () => {});
  const states = (path: string) =>
    Object.keys(contentsOf(path))
      .filter((name) => !name.includes(".bak.") && !name.includes("/now/"))
      .sort();
  const wanted = states(world.path);
  for (let crashed = 1; crashed <= count; crashed++) {
    world.remove();
    await settle(["alice", "bob"]);
    did();
    const steps = [...plan(identities).early, ...plan(identities).late];
    for (const step of steps.slice(0, crashed)) runStep(world.ctx, step);
    await changeState(ctx(), ASKING, () => {});
    expect(states(world.path)).toEqual(wanted);
  }
});

test("what somebody writes while a command runs is taken up by it, and marked as seen", async () => {
  await settle(["carol"]);
  await changeState(world.ctx, WITHOUT_ASKING, put("auth.json", TEXTS.bob));
  const registry = loadRegistry(world.ctx);
  expect(registry.active_account_key).toBe(accountKey("bob"));
  expect(isSynced(world.ctx, authPaths(world.ctx.layout, registry))).toBe(true);
});
