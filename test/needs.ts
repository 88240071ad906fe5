import { test } from "bun:test";

/** A test that needs a program: where it is not on PATH the test is skipped, loudly, with how to get it. */
export function testWith(program: string, name: string, body: () => Promise<void> | void, milliseconds = 60_000): void {
  if (Bun.which(program)) return test(name, body, milliseconds);
  console.warn(`SKIPPED, no ${program} on PATH (install the package ${program}): ${name}`);
  test.skip(name, () => {});
}
