import { cpSync, rmSync } from "node:fs";
import type { Context } from "../src/context.ts";
import type { Files } from "../src/io/files.ts";
import type { BaseHome } from "./base-home.ts";

const CHANGING = [
  "makeDirectory",
  "write",
  "create",
  "link",
  "alias",
  "move",
  "remove",
  "removeTree",
  "removeEmpty",
  "touch",
];

/** Files whose Nth change, and every one behind it, fails, as if the process had been killed there. */
function breakingAt(files: Files, nth: number, count: { changes: number }): Files {
  return new Proxy(files, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== "function" || !CHANGING.includes(String(name))) return value;
      return (...words: unknown[]) => {
        count.changes++;
        if (count.changes >= nth) throw new Error("killed");
        return Reflect.apply(value, target, words);
      };
    },
  });
}

/**
 * Breaks a change off at each place where it changes something, six times in a row: each may leave something behind. Then runs it whole, and
 * `check` looks at what came of it. Each time the base home is as it was first. Returns how many places there are.
 */
export async function breakEach(
  { path, ctx }: BaseHome,
  change: (ctx: Context) => Promise<unknown>,
  check: (nth: number) => void,
): Promise<number> {
  const saved = `${path}.saved`;
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  };
  copy(path, saved);
  try {
    for (let nth = 1; ; nth++) {
      copy(saved, path);
      const count = { changes: 0 };
      const files = breakingAt(ctx.files, nth, count);
      await change({ ...ctx, files }).catch(() => {});
      if (count.changes < nth) return nth - 1;
      for (let times = 0; times < 5; times++) {
        count.changes = 0;
        await change({ ...ctx, files }).catch(() => {});
      }
      await change(ctx);
      check(nth);
    }
  } finally {
    rmSync(saved, { recursive: true, force: true });
  }
}
