import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { homeIdOf } from "../../src/core/accounts/account.ts";
import { apiKey, login, savedRegistry, stock } from "./stock.ts";
import { User } from "./user.ts";

const now = Math.floor(Date.now() / 1000);
const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => login({ email: `${name}@example.com` }));
if (!alice || !bob || !carol) throw new Error("nobody");
const window = (usedPercent: number, minutes: number) => ({ usedPercent, minutes, resetAt: now + 3600 });
/** How much is used of the five hours and of the week. */
const used = (five: number, week: number) => ({ primary: window(five, 300), secondary: window(week, 10_080) });

let user: User;
beforeEach(() => {
  user = new User();
  stock(user.base, [alice, bob, carol, apiKey("ada")]);
  for (const [name, usage] of [
    ["alice", used(10, 95)],
    ["bob", used(60, 30)],
    ["carol", used(50, 20)],
  ] as const)
    user.fake.setUsage(`${name}@example.com`, usage);
});
afterEach(() => user[Symbol.asyncDispose]());

const WHY = "codex-auth: carol@example.com has 50% left of its 5 hours: the most of 3 accounts\n";

describe("--best", () => {
  test("switch: the account whose lower limit has the most left, and why", async () => {
    const { code, out, err } = await user.run(["switch", "--best"]);
    expect({ code, out, err }).toEqual({ code: 0, out: "the default account is carol@example.com\n", err: WHY });
    expect(savedRegistry(user.base).active_account_key).toBe(carol.account.account_key);
  });

  test("switch --json: the document alone on standard output", async () => {
    const { switched_to } = await user.json(["switch", "--best"]);
    expect(switched_to.email).toBe("carol@example.com");
  });

  test("use: in this shell, and the default stays", async () => {
    const { out, err } = await user.run(["use", "--best"], { env: { CODEX_AUTH_SNIPPET: "bash" } });
    expect(out).toBe(`${homeIdOf(carol.account.account_key)}\n`);
    expect(err).toStartWith(WHY);
    expect(savedRegistry(user.base).active_account_key).toBe(alice.account.account_key);
  });

  test("switch to one of which little is left, and the overview there, say who has more", async () => {
    await user.auth(["list"]);
    const more = "alice@example.com has 5% left of its week, carol@example.com has 50%";
    expect((await user.run(["switch", "alice"])).err).toBe(`codex-auth: ${more}\n  try: codex-auth switch --best\n`);
    expect(await user.auth(["overview"])).toContain(`\n  ${more}: codex-auth switch --best\n`);
    await user.auth(["use", "alice"], { env: { CODEX_AUTH_SNIPPET: "bash" } });
    const env = { CODEX_AUTH_USE: homeIdOf(alice.account.account_key) };
    expect(await user.auth(["overview"], { env })).toContain(`\n  ${more}: codex-auth use --best\n`);
    expect((await user.run(["switch", "bob"])).err).toBe("");
  });

  test("nobody whose login is refused", async () => {
    user.fake.behave("usage", { status: 401, body: {}, as: "carol@example.com" });
    expect((await user.run(["switch", "--best"])).err).toStartWith(
      "codex-auth: bob@example.com has 40% left of its 5 hours: the most of 2 accounts\n",
    );
  });

  test("where nothing is known: exit 1", async () => {
    user.fake.behave("usage", { status: 500, body: {} });
    const { code, out, err } = await user.run(["switch", "--best"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("nobody knows what is left of any ChatGPT account\n  try: codex-auth list");
  });

  test.each([[["switch", "--best", "alice"]], [["switch", "--best", "--live"]], [["use", "--best", "alice"]]])(
    "%j: exit 2",
    async (words) => {
      expect((await user.run(words, { env: { CODEX_AUTH_SNIPPET: "bash" } })).code).toBe(2);
    },
  );
});
