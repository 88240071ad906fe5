import { afterAll, describe, expect, test } from "bun:test";
import { utimesSync } from "node:fs";
import { parseRegistry, renderRegistry } from "../../../src/core/accounts/registry.ts";
import { saveRefreshed, withRefreshed } from "../../../src/core/usage/save-usage.ts";
import { cachedView, type UsageView } from "../../../src/core/usage/view.ts";
import { parseUsage } from "../../../src/core/accounts/usage.ts";
import { makeBaseHome } from "../../base-home.ts";
import { record, registryOf } from "../registries.ts";
import { at, snapshot } from "../tables.ts";

const alice = record({
  account_key: "u1::w1",
  email: "alice@example.com",
  last_usage: snapshot(12, 29),
  last_usage_at: at(-60),
});
const view = (used: number): UsageView => ({
  ...cachedView(alice),
  usage: parseUsage(snapshot(used, 29)),
  updatedAt: at(0),
  source: "api",
});
const refreshed = (used: number) => ({ views: new Map([["u1::w1", view(used)]]), names: new Map() });

describe("the registry with what has been refreshed", () => {
  const after = (account: typeof alice, used: number) =>
    withRefreshed(registryOf([account]), refreshed(used)).accounts[0];

  test("more is used", () => {
    expect(after(alice, 13)).toMatchObject({ last_usage: { primary: { used_percent: 13 } }, last_usage_at: at(0) });
  });
  test("the same is used: it stays as it is", () => expect(after(alice, 12)).toBe(alice));
  test("fields that others keep survive", () => {
    const account = { ...alice, last_usage: { ...snapshot(12, 29), reset_credit_details: { total: 2 } } };
    expect(after(account, 13)?.last_usage).toMatchObject({ reset_credit_details: { total: 2 } });
  });
  test("a damaged snapshot is replaced", () => {
    expect(after({ ...alice, last_usage: 7 }, 13)?.last_usage).toEqual(view(13).usage);
  });
  test("what is only known stays", () => {
    const views = new Map([["u1::w1", cachedView(alice)]]);
    expect(withRefreshed(registryOf([alice]), { views, names: new Map() }).accounts).toEqual([alice]);
  });
});

describe("saving", () => {
  const homes: ReturnType<typeof makeBaseHome>[] = [];
  afterAll(() => homes.forEach((home) => home.remove()));
  const SAVED = 1_700_000_000_000;
  const home = (text = renderRegistry(registryOf([alice]))) => {
    const made = makeBaseHome();
    homes.push(made);
    made.write("accounts/registry.json", text, SAVED);
    return made;
  };
  const saved = ({ path, ctx }: ReturnType<typeof makeBaseHome>) =>
    parseRegistry(ctx.files.read(`${path}/accounts/registry.json`) ?? "", path, () => undefined);

  test("what others changed meanwhile stays", async () => {
    const made = home(
      renderRegistry(registryOf([{ ...alice, alias: "work" }, record({ account_key: "u2::w2" })], "u2::w2")),
    );
    await saveRefreshed(made.ctx, refreshed(13));
    const { accounts, active_account_key } = saved(made);
    expect(active_account_key).toBe("u2::w2");
    expect(accounts.map(({ alias, last_usage_at }) => [alias, last_usage_at])).toEqual([
      ["work", at(0)],
      ["", null],
    ]);
  });

  test("nothing new writes nothing, and makes nothing", async () => {
    const made = home();
    await saveRefreshed(made.ctx, refreshed(12));
    expect(made.ctx.files.mtimeMs(made.ctx.layout.registry)).toBe(SAVED);
    expect(made.ctx.files.entry(made.ctx.layout.ours)).toBeUndefined();
  });

  test("an account that is not in the file is not added", async () => {
    const made = home(renderRegistry(registryOf([])));
    await saveRefreshed(made.ctx, refreshed(13));
    expect(saved(made).accounts).toEqual([]);
  });

  test("a registry of an older version waits for a command that changes accounts", async () => {
    const text = renderRegistry(registryOf([alice])).replace('"schema_version": 4', '"schema_version": 3');
    const made = home(text);
    await saveRefreshed(made.ctx, refreshed(13));
    expect(made.read("accounts/registry.json")).toBe(text);
  });

  test("the name of a workspace that is part of a label: the next hook syncs", async () => {
    const team = ["a", "b"].map((id) => record({ account_key: `u1::${id}`, email: "carol@example.com", plan: "team" }));
    const made = home(renderRegistry(registryOf(team)));
    const { files, layout } = made.ctx;
    files.makeDirectory(layout.ours);
    files.touch(layout.synced, SAVED + 1);
    await saveRefreshed(made.ctx, { views: new Map(), names: new Map([["u1::a", "Acme"]]) });
    expect((files.mtimeMs(layout.synced) ?? 0) >= (files.mtimeMs(layout.registry) ?? 0)).toBe(false);
  });

  test.each([
    ["all was synced: it still is", SAVED, SAVED + 1, true],
    ["a login is newer: the next hook syncs", SAVED + 5000, SAVED + 1, false],
    ["the registry was newer: likewise", SAVED, SAVED - 5000, false],
  ])("%s", async (_what, login, synced, isSynced) => {
    const made = home();
    const { files, layout } = made.ctx;
    made.write("auth.json", "{}", login);
    files.makeDirectory(layout.ours);
    files.touch(layout.synced, synced);
    utimesSync(layout.registry, SAVED / 1000, SAVED / 1000);
    await saveRefreshed(made.ctx, refreshed(13));
    expect((files.mtimeMs(layout.synced) ?? 0) >= (files.mtimeMs(layout.registry) ?? 0)).toBe(isSynced);
  });
});
