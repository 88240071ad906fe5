import { basename, dirname, join } from "node:path";
import type { Context } from "../../context.ts";
import { keyHashOf } from "../accounts/account.ts";
import { isCredential, maskedLabelOf, parseCredential } from "../accounts/credential.ts";
import type { Note } from "../errors.ts";
import { stamp } from "./backups.ts";
import { asWord } from "../printable.ts";

type KeptContext = Pick<Context, "files" | "layout" | "now">;

/** Whether a text may log somebody in, also by a kind of login that codex-auth does not know: all but what holds nothing. */
export const mayLogIn = (text: string): boolean => !/^\s*(?:\{\s*\}|\[\s*\]|null|""|)\s*$/.test(text);

/** Whether a text is a credential of this very account, and nobody else's. */
export function isCredentialOf(text: string, accountKey: string): boolean {
  const credential = parseCredential(text);
  if (!isCredential(credential)) return false;
  return credential.kind === "chatgpt"
    ? credential.accountKey === accountKey
    : credential.keyHash === keyHashOf(accountKey);
}

/**
 * Keeps what may log in and lies in a file that is about to go, in `kept/`, where no command but `remove` of just that takes it away; returns
 * its path there. What cannot log in, or has another place (in `accounts/`, `pending/` or `kept/` itself), is not kept: undefined. `what`
 * begins its name. Throws what the system says of a file that cannot be read: then nothing may go.
 */
export function keepFile(ctx: KeptContext, path: string, what?: string): string | undefined {
  const { files, layout, now } = ctx;
  const text = files.entry(path)?.kind === "file" ? (files.read(path) ?? "") : "";
  if (!mayLogIn(text) || hasPlace(ctx, text, path)) return undefined;
  const prefix = `${what ?? whoseIn(text)}.`;
  const names = files.names(layout.kept).map((name) => name.replace(/\.json$/, ""));
  const kept = join(layout.kept, `${prefix}${stamp(names, prefix, now())}.json`);
  files.makeDirectory(layout.kept);
  files.write(kept, text);
  return kept;
}

/** Whether a text lies in another file than the one that goes. */
function hasPlace(ctx: KeptContext, text: string, leaving: string): boolean {
  const { files, layout } = ctx;
  const waiting = files.names(layout.pending).map((name) => join(layout.pending, name));
  const others = [...livePaths(ctx), ...waiting, ...keptPaths(ctx)].filter((path) => path !== leaving);
  return others.some((path) => files.entry(path)?.kind === "file" && files.readQuietly(path) === text);
}

const livePaths = ({ files, layout }: Pick<KeptContext, "files" | "layout">) =>
  files
    .names(layout.accounts)
    .filter((name) => name.endsWith(".auth.json"))
    .map((name) => join(layout.accounts, name));

/** Removes what is kept no longer for want of another place: an account's credential is the very same. Returns the paths. */
export function dropTaken(ctx: KeptContext): string[] {
  const { files } = ctx;
  const live = new Set(livePaths(ctx).map((path) => files.readQuietly(path)));
  const taken = keptPaths(ctx).filter((path) => live.has(files.readQuietly(path) ?? ""));
  for (const path of taken) files.remove(path);
  return taken;
}

/** Returns whose login a text is, as a part of a file's name. */
function whoseIn(text: string): string {
  const credential = parseCredential(text);
  if (!isCredential(credential)) return "unknown";
  if (credential.kind !== "chatgpt") return maskedLabelOf(credential).replace("***", "-");
  return credential.email
    .replace(/[^A-Za-z0-9@._+-]/g, "_")
    .slice(0, 100)
    .replace(/^\.+/, "_");
}

/** Returns the paths of all that is kept. */
export const keptPaths = ({ files, layout }: Pick<Context, "files" | "layout">): string[] =>
  files
    .names(layout.kept)
    .filter((name) => !name.startsWith("."))
    .map((name) => join(layout.kept, name));

/** Returns the path of what is kept under this name, or at this path, if it is. */
export function keptAt(ctx: Pick<Context, "files" | "layout">, word: string): string | undefined {
  const isThere = word.startsWith("/") ? dirname(word) === ctx.layout.kept : basename(word) === word;
  const path = join(ctx.layout.kept, basename(word));
  return isThere && keptPaths(ctx).includes(path) ? path : undefined;
}

/** Returns the file in which a home keeps logins to MCP servers. */
export const mcpLogins = (home: string): string => join(home, ".credentials.json");

/** Keeps a home's logins to MCP servers, as `keepFile` does. */
export const keepMcpLogins = (ctx: KeptContext, home: string): string | undefined =>
  keepFile(ctx, mcpLogins(home), MCP + basename(home));

const MCP = "mcp-";

/** Returns what to tell of what has gone to `kept/`. */
export const keptNote = (path: string): Note => ({
  message: `kept, because it is nowhere else: ${path}`,
  hint: holdsMcpLogins(path)
    ? `codex-auth remove ${asWord(path)}, when you need it no more`
    : `codex-auth import ${asWord(path)}`,
});

/** Whether a path in `kept/` holds logins to MCP servers. */
export const holdsMcpLogins = (path: string): boolean => basename(path).startsWith(MCP);
