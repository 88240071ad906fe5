import { join } from "node:path";
import type { Context } from "../../context.ts";
import type { Identity } from "../accounts/credential.ts";
import type { Known } from "../homes/derive.ts";
import { UserError } from "../errors.ts";
import { type Disk, readDisk } from "../reconcile/disk.ts";
import { planReconcile } from "../reconcile/plan.ts";
import type { Move } from "../accounts/migrate.ts";
import { emptyRegistry, readRegistry, type Registry, renderRegistry } from "../accounts/registry.ts";
import { dropBackups, writeBackup } from "../base/backups.ts";
import { loadSettings } from "../base/settings.ts";

type StateContext = Pick<Context, "files" | "layout" | "chosen" | "now" | "cwd">;

/** What a reading command works on: the registry as reconciling would leave it. Nothing on disk is changed. */
export interface State extends Known {
  /** What reconciling would tell. */
  events: readonly string[];
  leftAlone: readonly string[];
}

/** Returns the state. Throws UserError for a registry that is damaged or newer, and for a CODEX_HOME that is not there. */
export function viewState(ctx: StateContext): State {
  checkBaseHome(ctx);
  const plan = planReconcile(loadDisk(ctx, new Map()));
  return { ...plan, settings: loadSettings(ctx.files, ctx.layout) };
}

/** Returns what is on disk, with the owners just asked for. */
export function loadDisk(ctx: StateContext, identities: ReadonlyMap<string, Identity>): Disk {
  const { registry, moves } = loadMigrated(ctx);
  return readDisk(ctx, registry, identities, moves);
}

/** Returns the registry; an empty one where there is no file. */
export const loadRegistry = (ctx: Pick<Context, "files" | "layout">): Registry => loadMigrated(ctx).registry;

/** Returns the registry, with the credentials that have another name than it tells because the file is of version 2. */
export function loadMigrated({ files, layout }: Pick<Context, "files" | "layout">): {
  registry: Registry;
  moves: Move[];
} {
  const text = files.read(layout.registry);
  if (text === undefined) return { registry: emptyRegistry(), moves: [] };
  if (text === parsed?.text) return { registry: parsed.registry, moves: [] };
  const read = readRegistry(text, layout.registry, (name) => files.read(join(layout.accounts, name)));
  // version 2 is told from other files too
  if (read.moves.length === 0) parsed = { text, registry: read.registry };
  return read;
}

/** The registry that was parsed last: a command looks at it more than once. */
let parsed: { text: string; registry: Registry } | undefined;

/** How the backups of the registry are named: `registry.json.bak.YYYYMMDD-hhmmss[.N]`. */
export const REGISTRY_BACKUP = "registry.json.bak.";

/**
 * Writes the registry. The newest five backups stay: the newest is what the registry is, so that with it alone nothing is lost; the one before
 * it is what it was. Broken off anywhere, nothing that was known is in neither.
 */
export function saveRegistry(
  { files, layout, now }: Pick<Context, "files" | "layout" | "now">,
  registry: Registry,
): void {
  files.makeDirectory(layout.accounts);
  const text = renderRegistry(registry);
  const before = files.read(layout.registry);
  for (const one of before === undefined ? [text] : [before, text])
    writeBackup(files, layout.accounts, REGISTRY_BACKUP, one, now());
  files.write(layout.registry, text);
  dropBackups(files, layout.accounts, REGISTRY_BACKUP);
}

/** Throws UserError when the user named a base home that is not there, and when it is no directory. */
export function checkBaseHome({ files, layout, chosen }: StateContext): void {
  const physical = files.physical(layout.base);
  if (physical !== undefined && files.entry(physical)?.kind !== "directory") {
    throw new UserError(`${layout.base} is not a directory`, {
      hint: "set CODEX_HOME, or CODEX_AUTH_BASE, to a directory",
    });
  }
  if (!chosen || physical !== undefined) return;
  throw new UserError(`CODEX_HOME names ${layout.base}, which does not exist`, {
    hint: "make the directory, or unset CODEX_HOME",
  });
}
