import { join } from "node:path";
import * as v from "valibot";
import type { Context } from "../../context.ts";
import { parseJson } from "../json.ts";

// Shims lie where the user wants them; those that were installed are written down, as a name says nothing.

type ShimsContext = Pick<Context, "env" | "home" | "files" | "programs" | "layout">;

/** Where a shim goes when nobody says another place; undefined without a HOME. */
export const usualShimDirectory = ({ home }: Pick<Context, "home">): string | undefined =>
  home ? join(home, ".local", "bin") : undefined;

/** Returns the paths of the shims of this base home that are still there: those written down, and any on PATH or in the usual place. */
export function listShims(ctx: ShimsContext): string[] {
  const { programs, env, layout } = ctx;
  const usual = usualShimDirectory(ctx);
  const paths = [
    ...readShims(ctx),
    ...[...programs.named("codex", env.PATH, undefined)].map(({ path }) => path),
    ...(usual === undefined ? [] : [join(usual, "codex")]),
  ];
  return [...new Set(paths)].filter((path) => programs.shimAt(path)?.base === layout.base);
}

/** Writes down a shim that is about to be there. */
export function rememberShim(ctx: ShimsContext, path: string): void {
  const known = readShims(ctx);
  if (!known.includes(path)) writeShims(ctx, [...known.filter((one) => ctx.programs.shimAt(one)), path]);
}

/** Removes shims and what was written down of them. */
export function removeShims(ctx: ShimsContext, paths: readonly string[]): void {
  for (const path of paths) ctx.files.remove(path);
  const known = readShims(ctx);
  if (known.length > 0)
    writeShims(
      ctx,
      known.filter((path) => ctx.programs.shimAt(path)),
    );
}

function readShims({ files, layout }: ShimsContext): string[] {
  const value = parseJson(files.readQuietly(layout.shims) ?? "[]");
  return v.is(v.array(v.string()), value) ? value : [];
}

function writeShims({ files, layout }: ShimsContext, paths: readonly string[]): void {
  files.write(layout.shims, `${JSON.stringify(paths, null, 2)}\n`);
}
