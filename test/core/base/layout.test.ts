import { expect, test } from "bun:test";
import { baseHomeOfShell, findBaseHome } from "../../../src/core/base/layout.ts";

const home = "/h/.codex/codex-auth/homes/0123456789abcdef";
const inherited = { CODEX_HOME: home, _CODEX_AUTH_SET_CODEX_HOME: `+${home}`, _CODEX_AUTH_OLD_CODEX_HOME: "-" };

const shells: [title: string, env: Record<string, string>, base: string][] = [
  ["nothing special", { HOME: "/h" }, "/h/.codex"],
  ["below a pin of the outer shell's", { HOME: "/h", ...inherited }, "/h/.codex"],
  ["the same with another HOME", { HOME: "/other", ...inherited }, "/other/.codex"],
  ["a HOME whose name begins alike", { HOME: "/h/.cod", ...inherited }, "/h/.cod/.codex"],
  [
    "another HOME, and a CODEX_HOME of the user's own from before",
    { HOME: "/other", ...inherited, _CODEX_AUTH_OLD_CODEX_HOME: "+/mine" },
    "/mine",
  ],
  ["another HOME, and CODEX_HOME set by hand", { HOME: "/other", CODEX_HOME: home }, "/h/.codex"],
  [
    "another HOME, and CODEX_HOME changed since",
    { HOME: "/other", ...inherited, _CODEX_AUTH_SET_CODEX_HOME: "+/x" },
    "/h/.codex",
  ],
  ["CODEX_AUTH_BASE", { HOME: "/other", ...inherited, CODEX_AUTH_BASE: "/base" }, "/base"],
];

test.each(shells)("the base home of a shell: %s", (_title, env, base) => {
  expect(baseHomeOfShell(env, findBaseHome(env).base)).toBe(base);
});
