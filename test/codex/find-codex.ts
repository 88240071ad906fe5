import { test } from "bun:test";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The version that codex-auth was measured with, and that these tests hold it to. */
export const CODEX_VERSION = "0.169.0";

const CACHED = resolve(import.meta.dir, "../../node_modules/.cache/codex/node_modules/.bin/codex");
const REMEDY = `no codex on PATH; try: npm install -g @openai/codex@${CODEX_VERSION}`;

/** The Codex on PATH, else one that was put into the cache of node_modules, or null. */
export function findCodex(): string | null {
  return Bun.which("codex") ?? (existsSync(CACHED) ? CACHED : null);
}

/**
 * `test` for what needs the real Codex, and other programs if `needs` names some. Where one is missing it skips and says
 * how to get Codex; with CODEX_AUTH_TEST_CODEX=1 it fails instead, so that CI cannot pass by having none.
 */
export function codexTest(
  name: string,
  body: () => Promise<void>,
  { needs = [], milliseconds = 300_000 }: { needs?: string[]; milliseconds?: number } = {},
): void {
  const missing = [findCodex() ? [] : REMEDY, needs.filter((program) => !Bun.which(program))].flat();
  if (missing.length === 0) return test.concurrent(name, body, milliseconds);
  if (process.env["CODEX_AUTH_TEST_CODEX"] === "1") {
    return test(name, () => {
      throw new Error(`missing: ${missing.join(", ")}`);
    });
  }
  for (const one of missing) warnOnce(one);
  test.skip(name, () => {});
}

const warned = new Set<string>();

function warnOnce(missing: string): void {
  if (!warned.has(missing)) console.warn(`test/codex: skipping tests: missing: ${missing}`);
  warned.add(missing);
}
