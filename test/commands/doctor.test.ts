import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileKeyOf, homeIdOf } from "../../src/core/accounts/account.ts";
import { ALICE, BOB, KEY, KEY_ACCOUNT, storeOf } from "./credentials.ts";
import { User } from "./user.ts";

let user: User;
beforeEach(async () => {
  user = new User({ keys: [KEY] });
  for (const who of [ALICE, BOB, KEY]) await user.add(who);
  await user.auth(["switch", "alice"]);
  await user.auth(["pin", "bob@example.com"]);
});
afterEach(() => user[Symbol.asyncDispose]());

interface Finding {
  id: string;
  level: string;
  message: string;
  remedy: string | null;
}

async function findings(): Promise<Finding[]> {
  const { out, err } = await user.run(["doctor", "--json"]);
  expect(err).toBe("");
  return JSON.parse(out).findings;
}

const base = (...path: string[]) => join(user.base, ...path);
const DEEP = `{"schema_version": 4, "accounts": [], "x": ${"[".repeat(50_000)}${"]".repeat(50_000)}}`;

interface Break {
  what: string;
  by: () => void;
  id: string;
  says: string;
  remedy: () => string;
  /** Words of ours that mend it. */
  mends?: () => string[];
}

const BREAKS: Break[] = [
  {
    what: "a damaged registry",
    by: () => writeFileSync(base("accounts/registry.json"), "{"),
    id: "registry",
    says: "registry.json is damaged",
    remedy: () => "import --purge",
    mends: () => ["import", "--purge"],
  },
  {
    what: "a registry nested without end",
    by: () => writeFileSync(base("accounts/registry.json"), DEEP),
    id: "registry",
    says: "registry.json is damaged",
    remedy: () => "import --purge",
    mends: () => ["import", "--purge"],
  },
  {
    what: "damaged settings",
    by: () => writeFileSync(base("codex-auth/settings.json"), "{"),
    id: "settings",
    says: "settings.json is damaged",
    remedy: () => "remove it to have the defaults",
  },
  {
    what: "settings nested without end",
    by: () => writeFileSync(base("codex-auth/settings.json"), DEEP),
    id: "settings",
    says: "settings.json is damaged",
    remedy: () => "remove it to have the defaults",
  },
  {
    what: "a base home that others can write",
    by: () => chmodSync(user.base, 0o777),
    id: "base_home",
    says: "can be written by others",
    remedy: () => `chmod go-w ${user.base}`,
  },
  {
    what: "a file in the place of codex-auth",
    by() {
      rmSync(base("codex-auth"), { recursive: true });
      writeFileSync(base("codex-auth"), "");
    },
    id: "base_home",
    says: "codex-auth is not a directory",
    remedy: () => `mv ${base("codex-auth")} ${base("codex-auth.old")}`,
  },
  {
    what: "env files that are gone",
    by: () => rmSync(base("codex-auth/env"), { recursive: true }),
    id: "pin",
    says: "what shells need for its account is missing",
    remedy: () => "codex-auth sync",
    mends: () => ["sync"],
  },
  {
    what: "a key that is logged out, without a backup",
    by() {
      for (const kept of ["accounts", "codex-auth/backup"])
        rmSync(base(kept, `${fileKeyOf(KEY_ACCOUNT)}.auth.json`), { force: true });
    },
    id: "account",
    says: "is logged out",
    remedy: () => "codex-auth login --with-api-key",
  },
];

describe("doctor finds each break, names it, and its remedy does only the repair", () => {
  test.each(BREAKS)("$what", async ({ by, id, says, remedy, mends }) => {
    const whole = (await findings()).filter((one) => one.level === "fail" && one.id === id);
    expect(whole).toEqual([]);
    const keys = storeOf(user).keys();
    by();
    const found = (await findings()).find((one) => one.level === "fail" && one.id === id);
    expect(found?.message).toContain(says);
    expect(found?.remedy).toContain(remedy());
    if (!mends) return;
    await user.auth(mends());
    expect((await findings()).filter((one) => one.level === "fail" && one.id === id)).toEqual([]);
    expect(storeOf(user).keys().toSorted()).toEqual(keys.toSorted());
    expect((await user.json(["pins"])).pins).toMatchObject([{ account: { email: BOB.email } }]);
  });

  test("a damaged registry and damaged settings are told together, with what can be looked at all the same", async () => {
    for (const path of ["accounts/registry.json", "codex-auth/settings.json"]) writeFileSync(base(path), "{");
    const ids = (await findings()).map(({ id }) => id);
    for (const id of ["registry", "settings", "codex", "base_home", "permission", "shell"]) expect(ids).toContain(id);
  });
});

test("10 000 pins of one account are told in a document of their size", async () => {
  const id = homeIdOf("user-bob::acct-bob");
  for (let at = 0; at < 10_000; at++) {
    mkdirSync(base("codex-auth/pins/many", String(at)), { recursive: true });
    writeFileSync(base("codex-auth/pins/many", String(at), "%account"), `${id}\n`);
  }
  const out = await user.auth(["pins", "--json"]);
  expect(JSON.parse(out).pins).toHaveLength(10_001);
  expect(out.length).toBeLessThan(20_000_000);
});

describe("a key pasted where something else belongs is not shown", () => {
  test.each([
    [["switch", KEY.key], 1],
    [["pin", KEY.key], 1],
    [["import", KEY.key], 1],
    [["alias", "set", "bob", KEY.key], 2],
    [["remove", KEY.key, "--json"], 1],
    [[KEY.key], 2],
  ])("%j", async (words, code) => {
    const ran = await user.run(words);
    expect(ran.code).toBe(code);
    expect(ran.out + ran.err).not.toContain(KEY.key);
    expect(ran.out + ran.err).not.toBe("");
  });
});

describe("why it is not known whose a key is", () => {
  test.each([["refused", "http://127.0.0.1:9/v1", "the connection is refused"]])("%s", async (_, url, why) => {
    const other = user.write("key.json", JSON.stringify({ OPENAI_API_KEY: "sk-fake-another-0123456789abcdef" }));
    const env = { CODEX_AUTH_OPENAI_URL: url };
    const { err } = await user.run(["import", other], { env });
    expect(err).toContain(`IdentityUnavailable: ${why}`);
    const login = await user.run(["login", "--with-api-key"], { env, stdin: "sk-fake-another-0123456789abcdef" });
    expect(login.err).toContain(why);
  });

  test.each([
    [403, "IdentityUnavailable: OpenAI answered 403: a restricted key"],
    [401, "InvalidApiKey: OpenAI answered 401"],
  ])("%i", async (status, why) => {
    user.fake.behave("me", { status });
    const file = user.write("key.json", JSON.stringify({ OPENAI_API_KEY: "sk-fake-another-0123456789abcdef" }));
    expect((await user.run(["import", file])).err).toContain(why);
  });

  test("a slash behind CODEX_AUTH_OPENAI_URL does no harm", async () => {
    await user.auth(["remove", "billing@acme.example"]);
    const file = user.write("key.json", JSON.stringify({ OPENAI_API_KEY: KEY.key }));
    await user.auth(["import", file], { env: { CODEX_AUTH_OPENAI_URL: `${user.fake.openaiUrl}/` } });
    expect(readdirSync(base("accounts"))).toContain(`${fileKeyOf(KEY_ACCOUNT)}.auth.json`);
  });
});
