import { test } from "bun:test";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { TESTED_CODEX } from "../../src/core/codex-versions.ts";
import { limitTurns } from "./turns.ts";
import { programs } from "../../src/io/programs.ts";

/** The version that codex-auth was measured with, and that these tests hold it to. */
export const CODEX_VERSION = TESTED_CODEX[0];

const CACHED = resolve(import.meta.dir, "../../node_modules/.cache/codex/node_modules/.bin/codex");
const REMEDY = `no codex on PATH; try: npm install -g @openai/codex@${CODEX_VERSION}`;

/** The Codex that CODEX_AUTH_TEST_CODEX_PROGRAM names, else the real one on PATH, else one that was put into the cache of node_modules, or null. */
export function findCodex(): string | null {
  const given = process.env["CODEX_AUTH_TEST_CODEX_PROGRAM"];
  if (given) return given;
  for (const { path, shim } of programs.named("codex", process.env["PATH"], undefined)) if (!shim) return path;
  return existsSync(CACHED) ? CACHED : null;
}

/**
 * `test` for what needs the real Codex, and other programs if `needs` names some; `lacks` says what else is missing. Where one is missing it
 * skips and says how to get Codex; two run at a time, as more would only wait for each other; with CODEX_AUTH_TEST_CODEX=1 it fails instead, so that CI cannot pass by having none.
 */
export function codexTest(
  name: string,
  body: () => Promise<void>,
  {
    needs = [],
    lacks = [],
    milliseconds = 600_000,
  }: { needs?: readonly string[]; lacks?: readonly string[]; milliseconds?: number } = {},
): void {
  const missing = [findCodex() ? [] : REMEDY, needs.filter((program) => !Bun.which(program)), lacks].flat();
  if (missing.length === 0) return test.concurrent(name, () => inTurn(body), milliseconds);
  if (process.env["CODEX_AUTH_TEST_CODEX"] === "1") {
    return test(name, () => {
      throw new Error(`missing: ${missing.join(", ")}`);
    });
  }
  for (const one of missing) warnOnce(one);
  test.skip(name, () => {});
}

const turn = limitTurns(2);

async function inTurn(body: () => Promise<void>): Promise<void> {
  using _turn = await turn();
  await body();
}

const warned = new Set<string>();

function warnOnce(missing: string): void {
  if (!warned.has(missing)) console.warn(`test/codex: skipping tests: missing: ${missing}`);
  warned.add(missing);
}
