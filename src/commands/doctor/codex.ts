import { basename, dirname } from "node:path";
import type { Context } from "../../context.ts";
import { missingHomePath, NO_HOME_ID } from "../../core/base/layout.ts";
import { listShims } from "../../core/base/shims.ts";
import { isTestedCodex, TESTED_CODEX } from "../../core/codex-versions.ts";
import { codexHere } from "../../core/here/codex-here.ts";
import { inQuotes } from "../../core/printable.ts";
import { renderShim } from "../../shim-script.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

/** The real Codex, and whether its version is one that was tested. */
export const codexProgram = ({ codex, layout }: Context): Finding[] => {
  const program = codex.find();
  if (program === undefined) return [fail("codex", "there is no codex on PATH", "npm install -g @openai/codex")];
  const version = codex.version(program, missingHomePath(layout, NO_HOME_ID));
  const [oldest, newest] = [TESTED_CODEX[0], TESTED_CODEX.at(-1)];
  const remedy = `should an account not be what it says here: npm install -g @openai/codex@${newest}`;
  if (version === undefined) return [warn("codex", `codex is ${program}, which does not tell its version`, remedy)];
  return isTestedCodex(version)
    ? [ok("codex", `codex is ${program}, version ${version}`)]
    : [warn("codex", `codex is ${program}, version ${version}; tested are ${oldest} to ${newest}`, remedy)];
};

/** Whether a shim stands in front of it: what a bare `codex` runs where there is no hook; and whether each shim starts this very program. */
export const shims = (ctx: Context): Finding[] => [
  ...listShims(ctx).flatMap((path) => staleShim(ctx, path)),
  ...inFront(ctx),
];

/** A shim that was made by a program elsewhere: by an older one, or one that is gone. */
function staleShim({ files, programs, program }: Context, path: string): Finding[] {
  const shim = programs.shimAt(path);
  if (!shim || files.readQuietly(path) === renderShim({ program }, shim)) return [];
  const as = shim.homeId === undefined ? "" : ` --account SELECTOR --as ${inQuotes(basename(path))}`;
  return [
    warn(
      "shim",
      `the shim ${path} starts another codex-auth than this one`,
      `codex-auth shim install ${inQuotes(dirname(path))}${as}`,
    ),
  ];
}

const inFront = (ctx: Context): Finding[] => {
  const first = codexHere(ctx);
  if (first?.shim?.base === ctx.layout.base)
    return [ok("shim", `${first.path} is a shim: without the snippet too, codex is the account of its directory`)];
  if (first?.shim)
    return [warn("shim", `${first.path} is a shim of another base home, ${first.shim.base}`, "codex-auth shim")];
  const behind = listShims(ctx).find((path) => ctx.programs.shimAt(path)?.homeId === undefined);
  if (behind !== undefined && first)
    return [warn("shim", `the shim ${behind} does not stand before ${first.path} in PATH`, "codex-auth shim install")];
  return [ok("shim", "no shim stands in front of codex: what starts it without the snippet is the default account")];
};
