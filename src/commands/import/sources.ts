import { basename, dirname, join } from "node:path";
import type { Context } from "../../context.ts";
import { withoutControls } from "../../core/printable.ts";
import { type Credential, isCredential } from "../../core/accounts/credential.ts";
import { candidatesIn } from "./contents.ts";
import { UserError } from "../../core/errors.ts";
import { pathFromHere } from "../../core/here/directory.ts";
import type { Reason } from "./reasons.ts";
import { type Manifest, MANIFEST_NAME, parseManifest } from "../../core/accounts/manifest.ts";

/** A credential that was found, or why it is none. `mtimeMs`: when its file was written, in milliseconds since 1970. */
export interface Candidate {
  /** The file's name, with `[N]` behind it for the Nth of several in it. */
  name: string;
  mtimeMs: number;
  found: Credential | Reason;
  /** The reason in words, where there are more. */
  why?: string;
  /** The file that it is of, where that was named by itself. */
  named?: string;
  /** The auth.json of a Codex home of another tool's: a second live copy, and what that tool calls the account. */
  home?: { path: string; alias: string };
}

/** Where credentials are taken from. */
export interface Source {
  /** What was scanned; undefined for a single file. */
  scanned: string | undefined;
  candidates: Candidate[];
  /** What an export has told beside them. */
  manifest?: Manifest | undefined;
}

export type SourceContext = Pick<Context, "files" | "layout" | "cwd" | "now" | "terminal">;

/** Returns the credentials in a file, in the `*.json` of a folder, or in standard input (`-`). Throws UserError when there is nothing at the path. */
export async function readSource(ctx: SourceContext, path: string, { cpa = false } = {}): Promise<Source> {
  if (path === "-") {
    const text = await ctx.terminal.readInput();
    const candidates = candidatesIn("standard input", text, ctx.now(), cpa);
    return { scanned: undefined, candidates: candidates.map((one) => ({ ...one, named: path })) };
  }
  const full = pathFromHere(ctx, path);
  const real = ctx.files.physical(full);
  if (real === undefined)
    throw new UserError(`there is no ${path}`, { hint: "give a file, a folder, or - for standard input" });
  if (ctx.files.entry(real)?.kind !== "directory") {
    const home = isLiveElsewhere(ctx, full) ? { home: { path: full, alias: "" } } : {};
    return {
      scanned: undefined,
      candidates: readFile(ctx, full, cpa).map((one) => ({ ...one, named: full, ...home })),
    };
  }
  const manifest = parseManifest(ctx.files.readQuietly(join(full, MANIFEST_NAME)));
  const candidates = readFolder(ctx, full, (name) => name.endsWith(".json"), { cpa });
  return { scanned: path, candidates: [...candidates, ...readHomes(ctx, full)], manifest };
}

/** Whether a file is the login of another Codex home than ours. */
function isLiveElsewhere({ files, layout }: SourceContext, path: string): boolean {
  const home = dirname(path);
  const isHome = basename(path) === "auth.json" && files.exists(join(home, "config.toml"));
  return isHome && files.entry(path)?.kind === "file" && files.physical(home) !== files.physical(layout.base);
}

/** Returns the logins in a folder of Codex homes, as other tools keep them: `NAME/auth.json`, where the name calls the account. */
function readHomes(ctx: SourceContext, folder: string): Candidate[] {
  return ctx.files.names(folder).flatMap((name) => {
    const path = join(folder, name, "auth.json");
    if (!isFile(ctx, path)) return [];
    return readFile(ctx, path, false).map((candidate) => ({
      ...candidate,
      name: withoutControls(join(name, candidate.name)),
      home: { path, alias: name },
    }));
  });
}

/** Whether there is a file; what cannot be looked at, as it is a loop of links or another user's, is none. */
function isFile({ files }: SourceContext, path: string): boolean {
  try {
    return files.entry(path)?.kind === "file";
  } catch {
    return false;
  }
}

/** Returns the credentials at several paths as one source. Throws UserError when there is nothing at one of them. */
export async function readSources(ctx: SourceContext, paths: readonly string[], cpa: boolean): Promise<Source> {
  const sources: Source[] = [];
  for (const path of paths) sources.push(await readSource(ctx, path, { cpa }));
  const [only] = sources;
  if (sources.length === 1 && only) return only;
  const accounts = sources.flatMap(({ manifest }) => manifest?.accounts ?? []);
  return {
    scanned: paths.join(", "),
    candidates: sources.flatMap(({ candidates }) => candidates),
    manifest: { schema_version: 1, accounts },
  };
}

/** Returns the credentials in those files of a folder whose name is wanted, in byte order; folders in it are left out. */
export function readFolder(
  ctx: SourceContext,
  folder: string,
  isWanted: (name: string) => boolean,
  { cpa = false } = {},
): Candidate[] {
  const paths = ctx.files
    .names(folder)
    .filter(isWanted)
    .map((name) => join(folder, name));
  return paths
    .filter((path) => ctx.files.entry(path)?.kind !== "directory")
    .flatMap((path) => readFile(ctx, path, cpa));
}

function readFile({ files }: SourceContext, path: string, cpa: boolean): Candidate[] {
  const name = withoutControls(basename(path));
  try {
    const text = files.read(path);
    if (text === undefined) return [{ name, mtimeMs: 0, found: "FileNotFound" }];
    return candidatesIn(name, text, files.mtimeMs(path) ?? 0, cpa);
  } catch (error) {
    const isFolder = error instanceof Error && "code" in error && error.code === "EISDIR";
    return [{ name, mtimeMs: 0, found: isFolder ? "IsDir" : "AccessDenied" }];
  }
}

/** A candidate that is a credential. */
export type Found = Candidate & { found: Credential };

/** Whether a candidate is a credential. */
export const isFound = (candidate: Candidate): candidate is Found =>
  typeof candidate.found === "object" && isCredential(candidate.found);
