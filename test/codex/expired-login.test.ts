import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { login, stock } from "../commands/stock.ts";
import { User } from "../commands/user.ts";
import { codexConfig } from "../fake/config.ts";
import { codexTest, findCodex } from "./find-codex.ts";

const now = Math.floor(Date.now() / 1000);
const window = { usedPercent: 25, minutes: 300, resetAt: now + 3600 };
const expired = (email: string) => login({ email, exp: now - 60, lastRefresh: "2026-01-01T00:00:00Z" });

function userWithCodex(): User {
  const user = new User({ usage: { primary: window } });
  stock(user.base, [expired("alice@example.com"), expired("bob@example.com"), login({ email: "carol@example.com" })]);
  user.write(".codex/config.toml", codexConfig(user.fake.url));
  return user;
}
const withCodex = { env: { PATH: `${dirname(findCodex() ?? "")}:/usr/bin:/bin` } };
const tokens = (user: User, key: string) =>
  readFileSync(join(user.base, "accounts", `${fileKeyOf(key)}.auth.json`), "utf8");

/** What `list` says; Codex has 5 s for an answer, and where the machine is too slow for that it is asked again. */
async function listed(user: User): Promise<string> {
  for (let tries = 1; ; tries++) {
    const out = await user.auth(["list"], withCodex);
    if (tries === 4 || !out.includes("TimedOut")) return out;
  }
}

codexTest(
  "list has Codex refresh expired logins, in the base home and in an account home, and saves nothing itself",
  async () => {
    await using user = userWithCodex();
    const keys = ["user-alice::acct-alice", "user-bob::acct-bob", "user-carol::acct-carol"];
    const before = keys.map((key) => tokens(user, key));
    const out = await listed(user);
    expect(out.match(/75% \(/g)).toHaveLength(3);
    expect(user.fake.tokens.refreshed.toSorted()).toEqual(["alice@example.com", "bob@example.com"]);
    expect(keys.map((key, at) => tokens(user, key) === before[at])).toEqual([false, false, true]);
    user.fake.forget();
    expect((await user.auth(["list"], withCodex)).match(/75% \(/g)).toHaveLength(3);
    expect(user.fake.requestsTo("token")).toEqual([]);
  },
);

codexTest("a login that is used up stays expired, and is there still", async () => {
  await using user = userWithCodex();
  const key = "user-bob::acct-bob";
  const before = tokens(user, key);
  user.fake.behave("token", { status: 401, body: { error: { code: "refresh_token_reused" } } });
  const out = await listed(user);
  expect(out.match(/expired +expired/g)).toHaveLength(2);
  expect(tokens(user, key)).toBe(before);
});
