import { expect } from "bun:test";
import { chatgptAuth, fakeKey, apiKeyAuth } from "../fake/accounts.ts";
import { startAppServer } from "./app-server.ts";
import { codexTest } from "./find-codex.ts";
import { accountHome } from "./homes.ts";
import { createWorld } from "./world.ts";

// how codex-auth has Codex refresh a login and tell its limits

const usage = {
  primary: { usedPercent: 12, minutes: 300, resetAt: 1_900_000_000 },
  secondary: { usedPercent: 29, minutes: 10_080, resetAt: 1_900_500_000 },
};

for (const [title, exp, refreshed] of [
  ["a good login", undefined, []],
  ["an expired login, which it refreshes", 1_700_000_000, ["bob@example.com"]],
] as const) {
  codexTest(`codex app-server tells the limits of ${title}`, async () => {
    await using world = createWorld({ usage });
    const home = accountHome(world, "bob", chatgptAuth({ email: "bob@example.com", ...(exp && { exp }) }));
    await using server = await startAppServer(world, home.env);
    const limits = {
      limitId: "codex",
      primary: { usedPercent: 12, windowDurationMins: 300, resetsAt: 1_900_000_000 },
      secondary: { usedPercent: 29, windowDurationMins: 10_080, resetsAt: 1_900_500_000 },
      credits: { hasCredits: false, unlimited: false, balance: null },
      planType: "plus",
    };
    expect(await server.request("account/rateLimits/read")).toMatchObject({
      rateLimits: limits,
      rateLimitsByLimitId: { codex: limits },
      accountId: "acct-bob",
    });
    expect(world.fake.tokens).toMatchObject({ refreshed, reused: [] });
    expect(await server.request("account/read")).toMatchObject({
      account: { type: "chatgpt", email: "bob@example.com", planType: "plus" },
      userId: "user-bob",
    });
  });
}

codexTest("codex app-server refuses to tell the limits of an API key", async () => {
  const ada = fakeKey("ada");
  await using world = createWorld({ keys: [ada] });
  const home = accountHome(world, "ada", apiKeyAuth(ada));
  await using server = await startAppServer(world, home.env);
  await expect(server.request("account/rateLimits/read")).rejects.toThrow("chatgpt authentication required");
  expect(await server.request("account/read")).toMatchObject({ account: { type: "apiKey" } });
});
