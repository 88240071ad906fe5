import { test } from "bun:test";

/** The version that the tests in this folder, and what codex-auth relies on, were measured with. */
export const CODEX_VERSION = "0.169.0";

/** The Codex on PATH, or null. */
export function findCodex(): string | null {
  return Bun.which("codex");
}

/**
 * `test` for what needs the real Codex. Without one it skips and says how to get it; with CODEX_AUTH_TEST_CODEX=1 it
 * fails instead, so that CI cannot pass by having none.
 */
export function codexTest(name: string, body: () => Promise<void>, timeout = 60_000): void {
  if (findCodex()) return test(name, body, timeout);
  const remedy = `no codex on PATH: npm install -g @openai/codex@${CODEX_VERSION}`;
  if (process.env["CODEX_AUTH_TEST_CODEX"] === "1") {
    test(name, () => {
      throw new Error(remedy);
    });
    return;
  }
  if (!warned) console.warn(`skipping the tests of test/codex: ${remedy}`);
  warned = true;
  test.skip(name, () => {});
}

let warned = false;
