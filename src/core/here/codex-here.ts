import { isAbsolute } from "node:path";
import type { Context } from "../../context.ts";
import type { Program } from "../../io/programs.ts";

type ProgramContext = Pick<Context, "env" | "cwd" | "home" | "files" | "programs" | "program">;

/** Returns what a bare `codex` runs here, by PATH: a shim of ours, or another program; undefined where there is none. */
export function codexHere({ programs, env, cwd }: Pick<Context, "programs" | "env" | "cwd">): Program | undefined {
  for (const program of programs.named("codex", env.PATH, cwd)) return program;
  return undefined;
}

/** Says what a bare `codex` runs here, and whether that is a shim. */
export function tellCodex(ctx: ProgramContext): string {
  const first = codexHere(ctx);
  if (first === undefined) return "there is no codex on PATH";
  if (!first.shim) return `codex is ${first.path}, no shim`;
  return `codex is ${first.path}, a shim in front of ${nextCodex(ctx, [ctx.cwd]).path ?? "no other codex"}`;
}

/** The codex that a shim becomes, and those on PATH before it that it does not run, because a stranger may have put them there. */
export interface NextCodex {
  path: string | undefined;
  passed: string[];
}

/**
 * Returns the next `codex` on PATH that is no shim of ours and does not lie in one of these directories (physical): what somebody works in, he
 * may have from a stranger. HOME, and what holds our own program, is the user's own.
 */
export function nextCodex(ctx: ProgramContext, directories: readonly (string | undefined)[]): NextCodex {
  const strange = directories.filter((directory) => directory !== undefined && !isOwn(ctx, directory));
  const passed: string[] = [];
  for (const program of ctx.programs.named("codex", ctx.env.PATH, undefined)) {
    const { path, directory } = program;
    const physical = ctx.files.physical(directory);
    const isStrange = strange.some((place) => place !== undefined && isInside(physical ?? directory, place));
    // it is not even looked into
    if (isStrange) passed.push(path);
    else if (!program.shim) return { path, passed };
  }
  return { path: undefined, passed };
}

function isOwn({ home, files, program: [runtime = "/"] }: ProgramContext, directory: string): boolean {
  return [home, runtime].some((path) => {
    const physical = path && isAbsolute(path) ? files.physical(path) : undefined;
    return physical !== undefined && isInside(physical, directory);
  });
}

const isInside = (path: string, directory: string) => directory === "/" || `${path}/`.startsWith(`${directory}/`);
