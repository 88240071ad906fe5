import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Account } from "../../src/core/accounts/account.ts";
import type { Active } from "../../src/core/active/active.ts";
import { type Current, currentAccount } from "../../src/core/here/current.ts";
import { renderOverview } from "../../src/commands/overview.ts";
import { SETUP, shellNamed } from "../../src/setup.ts";
import { type BaseHome, makeBaseHome } from "../base-home.ts";
import { keyRecord, record, registryOf } from "../core/registries.ts";

let home: BaseHome;
beforeEach(() => {
  home = makeBaseHome();
});
afterEach(() => home.remove());

const work = record({ account_key: "u1::a1", email: "alice@example.com", alias: "work", plan: "pro" });
const key = keyRecord({ email: "bob@example.com" });
const NOWHERE: Active = { account: undefined, source: null, pin: null, homeId: null, missing: false };

/** What is current in an empty base home, but for what is given. */
function current(accounts: Account[], active: Partial<Active>, rest: Partial<Current> = {}): Current {
  const empty = currentAccount(home.ctx);
  return {
    ...empty,
    state: { ...empty.state, registry: registryOf(accounts) },
    active: { ...NOWHERE, ...active },
    ...rest,
  };
}

const stray = {
  name: "CODEX_API_KEY",
  message: "CODEX_API_KEY is set: Codex would bill that instead",
  remedy: "unset CODEX_API_KEY",
};

const commands = (text: string) => [...text.matchAll(/^ {2}(\S.*?) {2,}\S/gm)].map(([, command]) => command);

test.each<[string, () => Current, string[], string[]]>([
  [
    "nothing",
    () => current([], {}),
    ["no account yet"],
    ["codex-auth login", "codex-auth setup", "codex-auth import PATH"],
  ],
  [
    "no default",
    () => current([work, key], {}),
    ["no account is active here, and there is no default one"],
    ["codex-auth setup", "codex-auth switch", "codex-auth list"],
  ],
  [
    "the only account",
    () => current([key], { account: key, source: "default" }, { label: "bob@example.com API_KEY" }),
    ["bob@example.com API_KEY", "  the default account"],
    ["codex-auth setup", "codex-auth list", "codex-auth login"],
  ],
  [
    "a pin",
    () => current([work, key], { account: work, source: "pin", pin: "/p", homeId: "x" }, { label: "work" }),
    ["work", "  alice@example.com, Pro, pinned in /p"],
    ["codex-auth setup", "codex-auth list", "codex-auth pin"],
  ],
  [
    "a pin of an account that is gone",
    () => current([work], { source: "pin", pin: "/p", homeId: "x", missing: true }, { label: "missing account" }),
    ["missing account", "  pinned in /p, codex is kept from starting"],
    ["codex-auth pin", "codex-auth setup", "codex-auth list"],
  ],
  [
    "a stray variable",
    () =>
      current(
        [work],
        { account: work, source: "default" },
        { label: "work !", billed: { account: undefined, label: "work", overriddenBy: [stray], follows: true } },
      ),
    [
      "work !",
      "  alice@example.com, Pro, the default account",
      "  CODEX_API_KEY is set: Codex would bill that instead",
    ],
    ["unset CODEX_API_KEY", "codex-auth setup", "codex-auth list"],
  ],
])("%s", (_what, make, head, next) => {
  const text = renderOverview(make(), SETUP.zsh);
  expect(text.split("\n\n")[0]?.split("\n")).toEqual(head);
  expect(commands(text)).toEqual(next);
});

test("with the snippet, `use` is left by the command that the shell has", () => {
  const used = current([work, key], { account: work, source: "use", homeId: "x" }, { label: "work" });
  expect(commands(renderOverview(used, undefined))).toEqual(["codex-auth list", "codex-auth pin", "codex-auth use -"]);
});

test.each([
  ["/bin/zsh", "zsh"],
  ["/usr/local/bin/fish", "fish"],
  ["bash", "bash"],
  ["/bin/dash", undefined],
  ["/x/toString", undefined],
  ["", undefined],
  [undefined, undefined],
] as const)("the program %j is the shell %p", (program, shell) => {
  expect(shellNamed(program)).toBe(shell);
});
