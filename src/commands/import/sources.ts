import { basename, join, resolve } from "node:path";
import type { Context } from "../../context.ts";
import { withoutControls } from "../../core/printable.ts";
import { authOfCpa } from "../../core/accounts/cpa.ts";
import {
  type Credential,
  type CredentialFault,
  isCredential,
  parseCredential,
} from "../../core/accounts/credential.ts";
import { UserError } from "../../core/errors.ts";
import { parseJson } from "../../core/json.ts";

/** Why a file or an element of one was not taken; the older tool's names where it has them. */
export type Reason =
  | CredentialFault
  | "InvalidApiKey"
  | "IdentityUnavailable"
  | "SupersededByNewerSnapshot"
  | "FileNotFound"
  | "AccessDenied"
  | "IsDir";

/** A credential that was found, or why it is none. `mtimeMs`: when its file was written, in milliseconds since 1970. */
export interface Candidate {
  /** The file's name, with `[N]` behind it for the Nth of several in it. */
  name: string;
  mtimeMs: number;
  found: Credential | Reason;
}

/** Where credentials are taken from. */
export interface Source {
  /** What was scanned; undefined for a single file. */
  scanned: string | undefined;
  candidates: Candidate[];
}

export type SourceContext = Pick<Context, "files" | "cwd" | "now" | "terminal">;

/** Returns the credentials in a file, in the `*.json` of a folder, or in standard input (`-`). Throws UserError when there is nothing at the path. */
export async function readSource(ctx: SourceContext, path: string, { cpa = false } = {}): Promise<Source> {
  if (path === "-") {
    const text = await ctx.terminal.readInput();
    return { scanned: undefined, candidates: candidatesIn("standard input", text, ctx.now(), cpa) };
  }
  const full = resolvePath(ctx, path);
  const real = ctx.files.physical(full);
  if (real === undefined)
    throw new UserError(`there is no ${path}`, { hint: "give a file, a folder, or - for standard input" });
  if (ctx.files.entry(real)?.kind !== "directory") {
    return { scanned: undefined, candidates: readFile(ctx, full, cpa) };
  }
  return { scanned: path, candidates: readFolder(ctx, full, (name) => name.endsWith(".json"), { cpa }) };
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

function resolvePath({ cwd }: SourceContext, path: string): string {
  if (cwd === undefined && !path.startsWith("/")) {
    throw new UserError("the working directory is gone", { hint: "give an absolute path" });
  }
  return resolve(cwd ?? "/", path);
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

function candidatesIn(name: string, raw: string, mtimeMs: number, cpa: boolean): Candidate[] {
  const text = raw.replace(/^\ufeff/, "");
  const document = parseJson(text);
  if (!Array.isArray(document))
    return [{ name, mtimeMs, found: cpa ? credentialOfCpa(document) : parseCredential(text) }];
  const elements: unknown[] = document;
  return elements.map((element, at) => ({
    name: elements.length === 1 ? name : `${name}[${at + 1}]`,
    mtimeMs,
    found: cpa ? credentialOfCpa(element) : parseCredential(JSON.stringify(element, null, 2)),
  }));
}

function credentialOfCpa(document: unknown): Credential | CredentialFault {
  const auth = authOfCpa(document);
  return "fault" in auth ? auth.fault : parseCredential(auth.text);
}

/** A candidate that is a credential. */
export type Found = Candidate & { found: Credential };

/** Whether a candidate is a credential. */
export const isFound = (candidate: Candidate): candidate is Found =>
  typeof candidate.found === "object" && isCredential(candidate.found);
