import * as v from "valibot";
import { basename, join, resolve } from "node:path";
import type { Context } from "../../context.ts";
import { withoutControls } from "../../core/printable.ts";
import { authOfCpa } from "../../core/accounts/cpa.ts";
import {
  type Credential,
  type CredentialFault,
  isCredential,
  parseCredential,
  renderApiKeyFile,
} from "../../core/accounts/credential.ts";
import { UserError } from "../../core/errors.ts";
import { parseJson } from "../../core/json.ts";
import { type Manifest, MANIFEST_NAME, parseManifest } from "../../core/accounts/manifest.ts";

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
  /** The reason in words, where there are more. */
  why?: string;
}

/** Where credentials are taken from. */
export interface Source {
  /** What was scanned; undefined for a single file. */
  scanned: string | undefined;
  candidates: Candidate[];
  /** What an export has told beside them. */
  manifest?: Manifest | undefined;
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
  const manifest = parseManifest(ctx.files.readQuietly(join(full, MANIFEST_NAME)));
  return { scanned: path, candidates: readFolder(ctx, full, (name) => name.endsWith(".json"), { cpa }), manifest };
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
  const several = elementsIn(text);
  if (!several) return [{ name, mtimeMs, found: credentialIn(text, parseJson(text), cpa) }];
  return several.map((element, at) => ({
    name: several.length === 1 ? name : `${name}[${at + 1}]`,
    mtimeMs,
    found: credentialIn(JSON.stringify(element, null, 2), element, cpa),
  }));
}

const ListSchema = v.looseObject({ accounts: v.array(v.unknown()), tokens: v.optional(v.undefined()) });

/** Returns the credentials of a file that holds several: an array, `{"accounts": […]}`, or a JSON document a line. */
function elementsIn(text: string): unknown[] | undefined {
  const document = parseJson(text);
  if (Array.isArray(document)) return document;
  const list = v.safeParse(ListSchema, document);
  if (list.success && list.output.accounts.length > 0) return list.output.accounts;
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const documents = document === undefined && lines.length > 1 ? lines.map(parseJson) : [];
  return documents.length > 0 && documents.every(isObject) ? documents : undefined;
}

const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** Takes the text of one credential and what it says as JSON; what it is is told from that. `cpa`: it is CLIProxyAPI's, whatever it looks like. */
function credentialIn(text: string, document: unknown, cpa: boolean): Credential | CredentialFault {
  if (cpa || (isFlat(document) && parseCredential(text) === "MalformedJson")) return credentialOfCpa(document);
  const key = document === undefined ? keyIn(text) : undefined;
  return parseCredential(key === undefined ? text : renderApiKeyFile(key));
}

/** Whether a document has its tokens as CLIProxyAPI keeps them, at the top. */
const isFlat = (document: unknown) =>
  v.is(
    v.looseObject({ access_token: v.string(), refresh_token: v.string(), tokens: v.optional(v.undefined()) }),
    document,
  );

/** Returns the API key of a file that holds nothing else: bare, or as `OPENAI_API_KEY=…` among the lines of an `.env`. */
function keyIn(text: string): string | undefined {
  const assigned = /^\s*(?:export\s+)?OPENAI_API_KEY\s*=\s*(["']?)([^\s"'#]+)\1\s*(?:#.*)?$/m.exec(text)?.[2];
  return assigned ?? /^\s*(sk-[\w-]+)\s*$/.exec(text)?.[1];
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
