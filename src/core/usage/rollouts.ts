import { join } from "node:path";
import * as v from "valibot";
import type { Files } from "../../io/files.ts";
import { parseJson } from "../json.ts";
import { storedPlan } from "../accounts/plans.ts";
import { parseUsage, type Usage } from "../accounts/usage.ts";

/** What a session of Codex says of the limits of the account it ran as. Times in milliseconds since 1970. */
export interface LocalUsage {
  usage: Usage;
  path: string;
  timestampMs: number;
}

/** Where a session was begun, and by whom; older versions of Codex don't say. */
export interface Session {
  cwd: string | undefined;
  /** The account key of the ChatGPT login that began it. */
  accountKey: string | undefined;
}

const NEWEST = 40;
const TAIL_BYTES = 8 * 1024 * 1024;

const text = v.optional(v.nullable(v.string()));
const MetaSchema = v.looseObject({
  type: v.literal("session_meta"),
  payload: v.looseObject({ cwd: text, creator_user_id: text, creator_account_id: text }),
});
const CountSchema = v.looseObject({
  timestamp: v.string(),
  type: v.literal("event_msg"),
  payload: v.looseObject({
    type: v.literal("token_count"),
    rate_limits: v.looseObject({ limit_id: v.optional(v.nullable(v.picklist(["codex"]))) }),
  }),
});

/**
 * Takes the directory of Codex's sessions and who ran one; returns the newest usage that they tell for each of these accounts, by account
 * key. Only the newest sessions are opened, and read from their ends.
 */
export function readLocalUsage(
  files: Pick<Files, "names" | "entry" | "firstLine" | "linesFromEnd">,
  sessions: string,
  keys: readonly string[],
  ownerOf: (session: Session, timestampMs: number) => string | undefined,
): Map<string, LocalUsage> {
  const found = new Map<string, LocalUsage>();
  for (const { path } of newestRollouts(files, sessions)) {
    if (keys.every((key) => found.has(key))) break;
    const local = unlessUnreadable(() => readLast(files, path));
    if (!local) continue;
    const session = unlessUnreadable(() => readSession(files, path)) ?? { cwd: undefined, accountKey: undefined };
    const owner = ownerOf(session, local.timestampMs);
    if (owner === undefined || !keys.includes(owner)) continue;
    const known = found.get(owner);
    if (!known || known.timestampMs < local.timestampMs) found.set(owner, local);
  }
  return found;
}

/** Returns the newest `rollout-*.jsonl` below a directory, the last written first: an old session that goes on is written anew. */
function newestRollouts(files: Pick<Files, "names" | "entry">, directory: string) {
  const rollouts: { path: string; mtimeMs: number }[] = [];
  const visit = (folder: string) => {
    for (const name of unlessUnreadable(() => files.names(folder)) ?? []) {
      const path = join(folder, name);
      const isRollout = name.startsWith("rollout-") && name.endsWith(".jsonl");
      if (!isRollout && name.includes(".")) continue;
      const entry = files.entry(path);
      if (entry?.kind === "directory") visit(path);
      if (isRollout && entry?.kind === "file") rollouts.push({ path, mtimeMs: entry.mtimeMs });
    }
  };
  visit(directory);
  return rollouts.sort((a, b) => b.mtimeMs - a.mtimeMs).slice(0, NEWEST);
}

function readLast(files: Pick<Files, "linesFromEnd">, path: string): LocalUsage | undefined {
  for (const line of files.linesFromEnd(path, TAIL_BYTES)) {
    if (!line.includes('"token_count"')) continue;
    const event = v.safeParse(CountSchema, parseJson(line));
    if (!event.success) continue;
    const usage = parseUsage(event.output.payload.rate_limits);
    const timestampMs = Date.parse(event.output.timestamp);
    if (usage && Number.isFinite(timestampMs)) return { usage: stored(usage), path, timestampMs };
  }
  return undefined;
}

/** Takes what a session says of limits; returns what the registry keeps of it. */
function stored({ primary, secondary, credits, reset_credits, plan_type }: Usage): Usage {
  return { primary, secondary, credits, reset_credits, plan_type: plan_type && storedPlan(plan_type) };
}

function readSession(files: Pick<Files, "firstLine">, path: string): Session | undefined {
  const meta = v.safeParse(MetaSchema, parseJson(files.firstLine(path) ?? ""));
  if (!meta.success) return undefined;
  const { cwd, creator_user_id: user, creator_account_id: workspace } = meta.output.payload;
  return { cwd: cwd ?? undefined, accountKey: user && workspace ? `${user}::${workspace}` : undefined };
}

function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
