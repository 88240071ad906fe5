import type { Settings } from "../base/settings.ts";

// What account homes share with the base home, and what each Codex home has of its own

/** Directories that Codex would make in an account home: made in the base home first, and linked. */
export const SHARED_DIRECTORIES = [
  "sessions",
  "archived_sessions",
  "thread-writer-locks",
  "packages",
  "shell_snapshots",
  "skills",
  "memories",
  "memories_v2",
  "rules",
  "prompts",
  "plugins",
  "themes",
  "generated_images",
  "mcp-oauth-locks",
  "tui-thread-reference-capabilities",
];

/** Files that Codex writes through a link, also one that leads nowhere yet. */
export const SHARED_FILES = [
  "history.jsonl",
  "config.toml",
  "session_index.jsonl",
  "session_index.jsonl.lock",
  "memories_v2.lock",
  "installation_id",
];

/** What tells of sessions: with `share` config each home has its own. */
const OF_SESSIONS = new Set([
  "sessions",
  "archived_sessions",
  "thread-writer-locks",
  "shell_snapshots",
  "memories",
  "memories_v2",
  "memories_v2.lock",
  "generated_images",
  "tui-thread-reference-capabilities",
  "history.jsonl",
  "session_index.jsonl",
  "session_index.jsonl.lock",
]);

const PRIVATE_NAMES = new Set([
  "auth.lock",
  "app-server-control",
  "app-server-daemon",
  ".tmp",
  "tmp",
  "log",
  ".sandbox_migration",
  "models_cache.json",
  "cloud-config-bundle-cache.json",
  "cache",
  "codex-auth",
  "accounts",
  // an organization or a workload identity in it is billed: the base home's is not every account's
  ".env",
  // logins to MCP servers: Codex refuses to write this one through a link, and would lose a refreshed token
  ".credentials.json",
]);
const PRIVATE_PATTERN = /^auth\.json|\.sqlite|^\..*\.tmp$/;

/** What keeps old sessions resumable when a home is removed: Codex's database names them by their path in it. */
export const SESSION_LINKS = ["sessions", "archived_sessions"];

/** Whether an entry of the base home belongs to it alone: credentials, caches with an identity, sockets, SQLite state. */
export const isPrivate = (name: string) => PRIVATE_NAMES.has(name) || PRIVATE_PATTERN.test(name);

/** Whether account homes share an entry of the base home, under this setting. */
export const isShared = (name: string, share: Settings["share"]): boolean =>
  !isPrivate(name) && (share === "all" || (share === "config" && !OF_SESSIONS.has(name)));

/** Whether an entry of a home is of its sessions: needed to resume them. */
export const isOfSessions = (name: string): boolean =>
  SESSION_LINKS.includes(name) ||
  name === "history.jsonl" ||
  name === "session_index.jsonl" ||
  name.includes(".sqlite");
