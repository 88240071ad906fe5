import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { ApiKeyAuth, ChatgptAuth } from "../fake/accounts.ts";
import { linkHome, writeAuth, type World } from "./world.ts";

/** Made in the base home first, because Codex would make them in the account home. */
export const SHARED_DIRECTORIES = [
  "sessions",
  "archived_sessions",
  "thread-writer-locks",
  "packages",
  "shell_snapshots",
  "skills",
  "memories",
  "rules",
  "prompts",
  "mcp-oauth-locks",
  "tui-thread-reference-capabilities",
] as const;

/** Linked even while they do not exist. */
export const SHARED_FILES = [
  "history.jsonl",
  "config.toml",
  "session_index.jsonl",
  "session_index.jsonl.lock",
  "installation_id",
] as const;

export interface AccountHome {
  readonly path: string;
  /** the one live copy that its auth.json leads to */
  readonly credential: string;
  /** what a shell sets for it */
  readonly env: { CODEX_HOME: string; CODEX_SQLITE_HOME: string };
}

/** An account home as codex-auth makes it, but by hand: these tests say what Codex does, not what codex-auth does. */
export function accountHome(world: World, name: string, auth: ApiKeyAuth | ChatgptAuth): AccountHome {
  const credential = writeAuth(join(world.base, "accounts", `${name}.auth.json`), auth);
  for (const directory of SHARED_DIRECTORIES) mkdirSync(join(world.base, directory), { recursive: true });
  const shared = [...SHARED_DIRECTORIES, ...SHARED_FILES].map((entry) => [entry, join(world.base, entry)]);
  const links = Object.fromEntries([["auth.json", credential], ...shared]);
  const path = linkHome(join(world.base, "codex-auth", "homes", name), links);
  return { path, credential, env: { CODEX_HOME: path, CODEX_SQLITE_HOME: world.base } };
}

/** Logs the base home in by a link to a credential. */
export function linkBase(world: World, credential: string): void {
  symlinkSync(credential, join(world.base, "auth.json"));
}
