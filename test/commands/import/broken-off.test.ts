import { expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { purgeRegistry, readOwnFolder } from "../../../src/commands/import/purge.ts";
import type { Context } from "../../../src/context.ts";
import { makeBaseHome } from "../../base-home.ts";
import { breakEach } from "../../breaking-files.ts";
import { apiKey, login, savedRegistry, stock } from "../stock.ts";

const facts = (base: string) =>
  savedRegistry(base)
    .accounts.map((account) => [account.account_key, account.alias, account.email, account.team_color])
    .toSorted();

/** How the registry is lost. */
const LOSSES: Record<string, (registry: string) => void> = {
  "is there": () => {},
  "was deleted": (registry) => rmSync(registry),
  "is damaged": (registry) => writeFileSync(registry, readFileSync(registry, "utf8").slice(0, 300)),
  "is empty": (registry) => writeFileSync(registry, ""),
};

test.each(Object.keys(LOSSES))(
  "a purge where the registry %s, broken off at every change and run again",
  async (loss) => {
    const world = makeBaseHome();
    const accounts = [
      login({ email: "alice@example.com" }, { alias: "work", team_color: "red" }),
      login({ email: "bob@example.com" }, { alias: "play" }),
      apiKey("acme", { alias: "billing" }),
    ];
    stock(world.path, accounts, { interval_seconds: 77 });
    const purge = (ctx: Context) => purgeRegistry(ctx, readOwnFolder(ctx), false);
    await purge(world.ctx); // makes a backup as any change does
    const good = facts(world.path);
    expect(good.map(([, alias]) => alias).toSorted()).toEqual(["billing", "play", "work"]);
    const registry = join(world.path, "accounts", "registry.json");
    LOSSES[loss]?.(registry);
    const points = await breakEach(world, purge, (nth) => {
      expect({ nth, facts: facts(world.path) }).toEqual({ nth, facts: good });
      expect(savedRegistry(world.path)).toMatchObject({
        interval_seconds: 77,
        active_account_key: accounts[0]?.account.account_key,
      });
    });
    console.log(`${loss}: ${points} points at which the purge was broken off`);
    expect(points).toBeGreaterThan(3);
    const backups = readdirSync(join(world.path, "accounts")).filter((name) => name.startsWith("registry.json.bak."));
    expect(backups.length).toBeLessThanOrEqual(5);
    world.remove();
  },
);
