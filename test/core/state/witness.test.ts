import { afterEach, expect, test } from "bun:test";
import {
  cpSync,
  linkSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileKeyOf, homeIdOf } from "../../../src/core/accounts/account.ts";
import { isCredential, parseCredential } from "../../../src/core/accounts/credential.ts";
import { markingConfig } from "../../../src/core/base/witness.ts";
import { parseEnvFile } from "../../../src/core/homes/environment.ts";
import { removeAccounts } from "../../../src/core/state/removal.ts";
import { changeState, WITHOUT_ASKING } from "../../../src/core/state/change.ts";
import { loadRegistry } from "../../../src/core/state/state.ts";
import { type BaseHome, makeBaseHome } from "../../base-home.ts";
import { chatgptAuth } from "../../fake/accounts.ts";

const texts = new Map<string, string>();
/** The login of a person, the same each time it is asked for. */
function text(name: string, session = name): string {
  const made = texts.get(name + session);
  const auth = { email: `${name}@example.com`, name, session, lastRefresh: "2026-01-01T00:00:00Z" };
  const login = made ?? JSON.stringify(chatgptAuth(auth));
  texts.set(name + session, login);
  return login;
}
const keyOf = (name: string) => {
  const credential = parseCredential(text(name));
  if (!isCredential(credential) || credential.kind !== "chatgpt") throw new Error(name);
  return credential.accountKey;
};
const OLD = new Date("2024-01-01T00:00:00Z");
const OLDER = new Date("2023-01-01T00:00:00Z");
const FUTURE = new Date(Date.now() + 1e9);

let home: BaseHome;
afterEach(() => home?.remove());

/** A base home that is alice's, with a home of bob's, and carol as a third account. */
async function settle(): Promise<void> {
  home = makeBaseHome();
  await changeState(home.ctx, WITHOUT_ASKING, async (store) => {
    for (const name of ["alice", "bob", "carol"]) {
      const credential = parseCredential(text(name));
      if (isCredential(credential)) await store.adopt(credential, { mtimeMs: Date.now() });
    }
    for (const account of store.registry.accounts) {
      if (account.email === "bob@example.com") await store.needHome(account);
      if (account.email === "alice@example.com") await store.setDefault(account);
    }
  });
}

const PLACES = {
  base: ["@default", ""],
  home: [homeIdOf(keyOf("bob")), `codex-auth/homes/${homeIdOf(keyOf("bob"))}`],
} as const;
type Place = keyof typeof PLACES;
const authOf = (place: Place) => join(home.path, PLACES[place][1], "auth.json");
const credentialOf = (name: string) => join(home.path, "accounts", `${fileKeyOf(keyOf(name))}.auth.json`);

/** Whether a shell finds the login of a place as its env file tells it: as `[[ a -ef w && ! a -nt w.to && ! a -ot w.from ]]`. */
function isAsSeen(place: Place): boolean {
  const { witness } = parseEnvFile(home.read(`codex-auth/env/${PLACES[place][0]}`) ?? "") ?? {};
  return isSame(authOf(place), witness);
}

function isSame(path: string, witness: string | undefined): boolean {
  const file = statSync(path, { throwIfNoEntry: false });
  const seen = witness === undefined ? undefined : statSync(witness, { throwIfNoEntry: false });
  if (!file || !seen) return file === undefined && witness === undefined;
  const [from, to] = [statSync(`${witness}.from`), statSync(`${witness}.to`)];
  return file.ino === seen.ino && file.dev === seen.dev && file.mtimeMs <= to.mtimeMs && file.mtimeMs >= from.mtimeMs;
}

function saved(name: string, at: Date): string {
  const path = join(home.path, `saved-${name}.json`);
  writeFileSync(path, text(name), { mode: 0o600 });
  utimesSync(path, at, at);
  return path;
}

/** What somebody does at a path, and who is logged in there afterwards, if that can be told. */
const HANDS: [what: string, act: (auth: string) => void, who: string | null][] = [
  ["mv of an old login", (auth) => renameSync(saved("carol", OLD), auth), "carol"],
  ["mv of one from the future", (auth) => renameSync(saved("carol", FUTURE), auth), "carol"],
  [
    "cp -p, which writes through the link",
    (auth) => (writeFileSync(auth, text("carol")), utimesSync(auth, OLD, OLD)),
    "carol",
  ],
  [
    "the same with a time from the future",
    (auth) => (writeFileSync(auth, text("carol")), utimesSync(auth, FUTURE, FUTURE)),
    "carol",
  ],
  ["ln -sf to another credential", (auth) => (rmSync(auth), symlinkSync(credentialOf("carol"), auth)), "carol"],
  ["rm, then mv", (auth) => (rmSync(auth), renameSync(saved("carol", OLD), auth)), "carol"],
  ["a login through the link, by rename", (auth) => renameSync(saved("carol", new Date()), statPath(auth)), "carol"],
  ["an old login put where the credential is", (auth) => renameSync(saved("carol", OLD), statPath(auth)), "carol"],
  ["a login of nobody known", (auth) => renameSync(saved("dave", OLD), auth), "dave"],
  ["touch -d", (auth) => utimesSync(auth, OLD, OLD), null],
];
const statPath = (auth: string) =>
  join(home.path, "accounts", `${fileKeyOf(keyOf(auth === authOf("base") ? "alice" : "bob"))}.auth.json`);

test.each((["base", "home"] as const).flatMap((place) => HANDS.map((hand) => [place, ...hand] as const)))(
  "%s: %s: a shell sees it, and one sync puts it right",
  async (place, _what, act, who) => {
    await settle();
    expect([isAsSeen("base"), isAsSeen("home")]).toEqual([true, true]);
    act(authOf(place));
    expect(isAsSeen(place)).toBe(false);
    await changeState(home.ctx, WITHOUT_ASKING, () => {});
    expect([isAsSeen("base"), isAsSeen("home")]).toEqual([true, true]);
    const registry = loadRegistry(home.ctx);
    expect(registry.active_account_key).toBe(keyOf(place === "base" ? (who ?? "alice") : "alice"));
    expect(lstatSync(authOf("home")).isSymbolicLink()).toBe(true);
    expect(home.read(`accounts/${fileKeyOf(keyOf("bob"))}.auth.json`)).toBe(text("bob"));
    if (who !== null) expect(registry.accounts.map(({ account_key }) => account_key)).toContain(keyOf(who));
  },
);

test("rm in the base home: nobody is logged in, and that is seen too", async () => {
  await settle();
  rmSync(authOf("base"));
  expect(isAsSeen("base")).toBe(false);
  await changeState(home.ctx, WITHOUT_ASKING, () => {});
  expect(isAsSeen("base")).toBe(true);
});

test.each(["link", "file"])("a login of the base home that is the user's own %s", async (kind) => {
  await settle();
  const own = join(home.path, "../own.json");
  const lay = (session: string, at: Date) => {
    writeFileSync(`${own}.new`, text("eve", session));
    utimesSync(`${own}.new`, at, at);
    renameSync(`${own}.new`, own);
  };
  lay("one", OLD);
  rmSync(authOf("base"));
  if (kind === "link") symlinkSync(own, authOf("base"));
  else renameSync(own, authOf("base"));
  await changeState(home.ctx, WITHOUT_ASKING, () => {});
  expect(isAsSeen("base")).toBe(true);
  lay("two", OLDER);
  if (kind === "file") renameSync(own, authOf("base"));
  expect(isAsSeen("base")).toBe(false);
  await changeState(home.ctx, WITHOUT_ASKING, () => {});
  expect(isAsSeen("base")).toBe(true);
});

test("the registry is witnessed, and `synced` never lies ahead", async () => {
  await settle();
  const { layout } = home.ctx;
  const isRegistrySeen = () => isSame(layout.registry, join(layout.live, "registry.json"));
  expect(isRegistrySeen()).toBe(true);
  cpSync(layout.registry, `${layout.registry}.new`);
  renameSync(`${layout.registry}.new`, layout.registry);
  utimesSync(layout.registry, FUTURE, FUTURE);
  expect(isRegistrySeen()).toBe(false);
  await changeState(home.ctx, WITHOUT_ASKING, () => {});
  expect(isRegistrySeen()).toBe(true);
  expect(statSync(layout.synced).mtimeMs).toBeLessThan(Date.now() + 10);
});

test("a witness adds no name to a login: Codex refuses to write one that has two; one that does is replaced", async () => {
  await settle();
  const witness = join(home.ctx.layout.live, `${fileKeyOf(keyOf("bob"))}.auth.json`);
  rmSync(witness);
  linkSync(credentialOf("bob"), witness);
  await changeState(home.ctx, WITHOUT_ASKING, () => {});
  expect(lstatSync(witness).isSymbolicLink()).toBe(true);
  expect(["alice", "bob", "carol"].map((name) => statSync(credentialOf(name)).nlink)).toEqual([1, 1, 1]);
  expect([isAsSeen("base"), isAsSeen("home")]).toEqual([true, true]);
});

test("witnesses of accounts that are gone go with them", async () => {
  await settle();
  await changeState(home.ctx, WITHOUT_ASKING, async (store) => {
    await removeAccounts(
      home.ctx,
      store,
      store.registry.accounts.filter(({ email }) => email === "bob@example.com"),
    );
  });
  const names = readdirSync(home.ctx.layout.live).filter((name) => !/\.(from|to)$/.test(name));
  expect(names.sort()).toEqual([`${fileKeyOf(keyOf("alice"))}.auth.json`, "config", "registry.json"].sort());
});

test("what is written into config.toml while env files are made of it is looked at again", async () => {
  await settle();
  const { files, layout } = home.ctx;
  const isNew = () => (files.mtimeMs(layout.config) ?? 0) > (files.mtimeMs(join(layout.live, "config")) ?? 0);
  home.write("config.toml", "", Date.now() + 5000);
  expect(isNew()).toBe(true);
  await changeState(home.ctx, WITHOUT_ASKING, () => {});
  expect(isNew()).toBe(false);
  markingConfig(files, layout, () => home.write("config.toml", "", Date.now() + 9000));
  expect(isNew()).toBe(true);
  await changeState(home.ctx, WITHOUT_ASKING, () => {});
  rmSync(layout.config);
  await changeState(home.ctx, WITHOUT_ASKING, () => {});
  home.write("config.toml", "");
  expect(isNew()).toBe(true);
});

test.each(["env", "pin"])(
  "a change of an %s file that breaks off before the new generation: the next command makes it",
  async (what) => {
    await settle();
    const before = home.read("codex-auth/generation");
    const files = { ...home.ctx.files };
    files.write = (path, text) => {
      if (path === home.ctx.layout.generation) throw new Error("the disk is full");
      home.ctx.files.write(path, text);
    };
    const broken = changeState({ ...home.ctx, files }, WITHOUT_ASKING, async (store) => {
      const bob = store.registry.accounts.find(({ email }) => email === "bob@example.com");
      if (what === "env") await store.setDefault(bob);
      else if (bob) store.pin("/somewhere", bob);
    });
    await expect(broken).rejects.toThrow("the disk is full");
    expect(home.read("codex-auth/generation")).toBe(before);
    await changeState(home.ctx, WITHOUT_ASKING, () => {});
    expect(home.read("codex-auth/generation")).not.toBe(before);
  },
);
