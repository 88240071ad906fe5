import { defineVerb } from "../command.ts";
import { dirname, join, resolve } from "node:path";
import type { Context } from "../context.ts";
import { renderDocument } from "../core/documents/render.ts";
import { dropTaken } from "../core/base/kept.ts";
import { UserError } from "../core/errors.ts";
import { underOurLock } from "../core/state/our-lock.ts";
import { hasFailed, importDocument, lacksNamed, reportImport } from "./import/report.ts";
import { readSource, readSources, type Source } from "./import/sources.ts";
import { importAccounts } from "./import/adopt.ts";
import { purgeRegistry, readOwnFolder } from "./import/purge.ts";

export default defineVerb({
  args: {
    alias: { type: "string", description: "name the account, when there is only one", valueHint: "ALIAS" },
    cpa: { type: "boolean", description: "import CLIProxyAPI's files (without a path: those of ~/.cli-proxy-api)" },
    purge: { type: "boolean", description: "rebuild the registry (without a path: from the credentials in accounts/)" },
    unverified: { type: "boolean", description: "take restricted API keys too, whose owner OpenAI does not tell" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  rest: {
    name: "path",
    description:
      "files with logins or keys, folders of them, or - for standard input; what each is, is told from what it holds",
    offers: "files",
  },
  examples: [
    "codex-auth import ~/Downloads/auth.json --alias work",
    "codex-auth import ~/backup",
    "codex-auth import --cpa",
    "codex-auth import --purge",
  ],
  async run(ctx, { alias, cpa, purge, unverified, json, _: paths }) {
    if (cpa && purge) throw usage("--cpa and --purge exclude each other", "give one of them");
    const source = paths.length === 0 ? await defaultSource(ctx, cpa, purge) : await readSources(ctx, paths, cpa);
    const isOne = source.scanned === undefined && source.candidates.length === 1 && !purge;
    if (alias !== undefined && !isOne) ctx.log.warn("--alias is for a single account; it is not used here");
    const imported = purge
      ? await purgeRegistry(ctx, source, unverified)
      : await importAccounts(ctx, source, { alias: isOne ? alias : undefined, unverified });
    if (paths.some((path) => isInKept(ctx, path))) await underOurLock(ctx, async () => void dropTaken(ctx));
    if (json) ctx.terminal.write(renderDocument(importDocument(imported)));
    else reportImport(ctx, imported);
    return hasFailed(imported) || lacksNamed(imported) ? 1 : 0;
  },
});

/** Whether a path is `kept/` or lies in it: what has been taken up from there has its place now. */
function isInKept({ files, layout, cwd }: Context, path: string): boolean {
  const physical = files.physical(resolve(cwd ?? "/", path));
  const kept = files.physical(layout.kept);
  return kept !== undefined && physical !== undefined && [physical, dirname(physical)].includes(kept);
}

async function defaultSource(ctx: Context, cpa: boolean, purge: boolean): Promise<Source> {
  if (purge) return readOwnFolder(ctx);
  if (!cpa) throw usage("missing argument PATH", "codex-auth import ~/Downloads/auth.json");
  if (!ctx.home) throw usage("HOME is not set", "codex-auth import --cpa PATH");
  return { ...(await readSource(ctx, join(ctx.home, ".cli-proxy-api"), { cpa })), scanned: "~/.cli-proxy-api" };
}

const usage = (message: string, hint: string) => new UserError(message, { exitCode: 2, hint });
