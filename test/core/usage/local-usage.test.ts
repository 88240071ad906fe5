import { afterAll, expect, test } from "bun:test";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { homeIdOf } from "../../../src/core/accounts/account.ts";
import type { Active } from "../../../src/core/active/active.ts";
import { localViews } from "../../../src/core/usage/local-usage.ts";
import { writePin } from "../../../src/core/active/pins.ts";
import { makeBaseHome } from "../../base-home.ts";
import { record, registryOf } from "../registries.ts";

const HOUR = 3600;
const now = 1_785_000_000;
const alice = record({ account_key: "u1::w1", email: "alice@example.com" });
const bob = record({ account_key: "u2::w2", email: "bob@example.com" });
const homes = [makeBaseHome()];
afterAll(() => homes.forEach((home) => home.remove()));

interface Told {
  /** Where the session was begun; the pinned directory is /pinned, pinned an hour before now. */
  cwd?: string;
  creator?: string;
  /** When the limits were told, in seconds before now. */
  ago?: number;
}
type Source = { source: Active["source"]; account: typeof alice };

/** Who a session is found to be of: with alice the default account, /pinned pinned to bob, alice the default for two hours. */
function ownerOf({ cwd = "/play", creator, ago = 60 }: Told, { source, account }: Source): string | undefined {
  const home = makeBaseHome();
  homes.push(home);
  const [user, workspace] = creator?.split("::") ?? [];
  const rate_limits = { primary: { used_percent: 7, window_minutes: 300, resets_at: now + HOUR } };
  const lines = [
    { type: "session_meta", payload: { cwd, creator_user_id: user, creator_account_id: workspace } },
    {
      timestamp: new Date((now - ago) * 1000).toISOString(),
      type: "event_msg",
      payload: { type: "token_count", rate_limits },
    },
  ];
  home.write("sessions/2026/07/26/rollout-1.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
  const { files, layout } = home.ctx;
  writePin(files, layout, "/pinned", homeIdOf(bob.account_key));
  utimesSync(join(layout.pins, "pinned", "%account"), now - HOUR, now - HOUR);
  const registry = { ...registryOf([alice, bob], "u1::w1"), active_account_activated_at_ms: (now - 2 * HOUR) * 1000 };
  const active: Active = { account, source, pin: source === "pin" ? "/pinned" : null, homeId: null, missing: false };
  const views = localViews(home.ctx, registry.accounts, { registry, settings: { share: "all" }, active });
  return [...views].find(([, view]) => view.source === "local")?.[0];
}

const byDefault: Source = { source: "default", account: alice };
const byPin: Source = { source: "pin", account: bob };
const byUse: Source = { source: "use", account: bob };

test.each<[string, Told, Source, string | undefined]>([
  ["who began it, whatever is active", { creator: "u2::w2" }, byDefault, "u2::w2"],
  ["who began it, in another's directory", { creator: "u1::w1", cwd: "/pinned" }, byPin, "u1::w1"],
  ["somebody who is gone", { creator: "u9::w9" }, byDefault, undefined],
  ["the default account, where nothing is pinned", {}, byDefault, "u1::w1"],
  ["not the default account below a pin", { cwd: "/pinned/below" }, byDefault, undefined],
  ["not the default account before it was that", { ago: 3 * HOUR }, byDefault, undefined],
  ["the pinned account below its pin", { cwd: "/pinned/below" }, byPin, "u2::w2"],
  ["not the pinned account elsewhere", {}, byPin, undefined],
  ["not the pinned account before the pin", { cwd: "/pinned", ago: 2 * HOUR }, byPin, undefined],
  ["with `use` it can't be told", { cwd: "/pinned" }, byUse, undefined],
])("a session is of %s", (_what, told, source, expected) => {
  expect(ownerOf(told, source)).toBe(expected as string);
});
