import { basename, dirname, join, resolve } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, homeIdOf } from "../accounts/account.ts";
import type { Identity } from "../accounts/credential.ts";
import { backupPath, credentialPath, envPath, fileKeyAt, homePath, type Layout } from "../base/layout.ts";
import { loadSettings } from "../base/settings.ts";
import { isExcluded, loginOf } from "../homes/overrides.ts";
import type { Move } from "../accounts/migrate.ts";
import { findAccount, type Registry } from "../accounts/registry.ts";
import { type AuthFile, findAuthFile } from "../accounts/auth-file.ts";

/** What lies where Codex looks for its login. */
export type AuthEntry =
  | { is: "nothing" }
  /** A link to the credential with this file key, which may be missing. */
  | { is: "linked"; fileKey: string; file: AuthFile | undefined }
  /** A link to anywhere else; `file` where it leads to one. */
  | { is: "elsewhere"; file: AuthFile | undefined }
  | { is: "file"; file: AuthFile }
  /** A directory, or a file that cannot be read. */
  | { is: "unreadable" };

/** A Codex home with what its login is. Times in milliseconds since 1970. */
export interface Slot {
  /** Where its auth.json lies. */
  path: string;
  auth: AuthEntry;
  /** When `codex login` ran in it last. */
  loginMs: number;
  /** When an entry of the directory itself came or went last: a logout removes one. */
  changedMs: number;
  /** When a Codex started in it last; undefined where that leaves no trace. */
  startedMs: number | undefined;
}

/** The account home of a registered account. */
export interface HomeSlot extends Slot {
  account: Account;
  /** When what shells show of the account was written last. */
  shownMs: number;
}

/** A credential that waits in `pending/` until its owner can be asked. */
export interface Pending {
  path: string;
  file: AuthFile;
}

/** All that reconciling looks at. */
export interface Disk {
  layout: Layout;
  registry: Registry;
  base: Slot;
  homes: HomeSlot[];
  /** The live credential of each account that has one, by account key. */
  live: ReadonlyMap<string, AuthFile>;
  /** The backups, by account key. */
  backups: ReadonlyMap<string, AuthFile>;
  pending: Pending[];
  /** Account keys whose login is gone from a home, and that a configuration makes Codex log out. */
  excluded: ReadonlySet<string>;
  /** Nobody has reconciled this base home before: what is missing may never have been here. */
  isNew: boolean;
  /** Owners of API keys as the API has just told them, by sha256. */
  identities: ReadonlyMap<string, Identity>;
  /** Milliseconds since 1970. */
  now: number;
}

type DiskContext = Pick<Context, "files" | "layout" | "now" | "cwd">;

/** Takes the registry, the owners just asked for, and the credentials that have another name still; returns what is on disk now. */
export function readDisk(
  ctx: DiskContext,
  registry: Registry,
  identities: ReadonlyMap<string, Identity>,
  moves: readonly Move[] = [],
): Disk {
  const { layout } = ctx;
  const oldNames = new Map(moves.map(({ from, to }) => [to, from]));
  const base = readSlot(ctx, layout.base);
  const homes = readHomes(ctx, registry);
  const credentials = (path: (layout: Layout, fileKey: string) => string) =>
    new Map(
      registry.accounts.flatMap(({ account_key: key }) => {
        const names = [fileKeyOf(key), oldNames.get(key) ?? []].flat();
        const [file] = names.flatMap((name) => findAuthFile(ctx.files, path(layout, name)) ?? []);
        return file ? [[key, file] as const] : [];
      }),
    );
  return {
    layout,
    registry,
    base,
    homes,
    live: credentials(credentialPath),
    backups: credentials(backupPath),
    pending: readPending(ctx),
    excluded: excludedFrom(ctx, registry, base, homes),
    isNew: ctx.files.entry(layout.synced) === undefined,
    identities,
    now: ctx.now(),
  };
}

function excludedFrom(ctx: DiskContext, registry: Registry, base: Slot, homes: HomeSlot[]): Set<string> {
  const gone = homes.filter(({ auth }) => auth.is === "nothing").map(({ account }) => ({ account, isDefault: false }));
  const byDefault = base.auth.is === "nothing" && findAccount(registry, registry.active_account_key);
  if (byDefault) gone.push({ account: byDefault, isDefault: true });
  if (gone.length === 0) return new Set();
  const { share } = loadSettings(ctx.files, ctx.layout);
  const excluded = gone.filter(({ account, isDefault }) => {
    const homeId = isDefault ? undefined : homeIdOf(account.account_key);
    return isExcluded(ctx, { homeId, share }, loginOf(account), ctx.cwd);
  });
  return new Set(excluded.map(({ account }) => account.account_key));
}

function readPending({ files, layout }: DiskContext): Pending[] {
  return files.names(layout.pending).flatMap((name) => {
    const path = join(layout.pending, name);
    const file = findAuthFile(files, path);
    return file ? [{ path, file }] : [];
  });
}

function readHomes(ctx: DiskContext, { accounts }: Registry): HomeSlot[] {
  const present = new Set(ctx.files.names(ctx.layout.homes));
  return accounts.flatMap((account) => {
    const id = homeIdOf(account.account_key);
    return present.has(id) ? readHome(ctx, account, id) : [];
  });
}

function readHome(ctx: DiskContext, account: Account, id: string): HomeSlot[] {
  const { files, layout } = ctx;
  const home = homePath(layout, id);
  if (files.entry(home)?.kind !== "directory") return [];
  const slot = readSlot(ctx, home);
  // what a removed account leaves (links to sessions) is no home of the same account when it is added again
  const inUse = slot.auth.is !== "nothing" || files.entry(envPath(layout, id)) !== undefined;
  const shownMs = files.mtimeMs(envPath(layout, id)) ?? 0;
  return inUse ? [{ ...slot, account, shownMs }] : [];
}

function readSlot(ctx: DiskContext, home: string): Slot {
  const loginMs = ctx.files.mtimeMs(join(home, "log", "codex-login.log")) ?? 0;
  const path = join(home, "auth.json");
  const changedMs = ctx.files.mtimeMs(home) ?? 0;
  return { path, auth: readAuth(ctx, path), loginMs, changedMs, startedMs: startOfCodex(ctx, home) };
}

/** Each Codex, `codex logout` too, makes itself a directory in `tmp/arg0-SYSTEM` when it starts; not in a home below the system's directory for temporary files. */
function startOfCodex({ files }: DiskContext, home: string): number | undefined {
  const starts = files.names(join(home, "tmp")).filter((name) => name.startsWith("arg0"));
  const times = starts.map((name) => files.mtimeMs(join(home, "tmp", name)) ?? 0);
  return times.length > 0 ? Math.max(...times) : undefined;
}

/** Returns what lies at the path of an auth.json. */
export function readAuth(ctx: Pick<Context, "files" | "layout">, path: string): AuthEntry {
  const kind = ctx.files.entry(path)?.kind;
  if (kind === undefined) return { is: "nothing" };
  if (kind === "link") {
    const fileKey = linkedFileKey(ctx, path);
    const file = findAuthFile(ctx.files, path);
    return fileKey === undefined ? { is: "elsewhere", file } : { is: "linked", fileKey, file };
  }
  const file = kind === "file" ? findAuthFile(ctx.files, path) : undefined;
  return file ? { is: "file", file } : { is: "unreadable" };
}

function linkedFileKey({ files, layout }: Pick<Context, "files" | "layout">, path: string): string | undefined {
  const target = resolve(dirname(path), files.linkText(path) ?? "");
  const direct = fileKeyAt(layout, target);
  if (direct !== undefined) return direct;
  const accounts = files.physical(layout.accounts);
  const same = accounts !== undefined && files.physical(dirname(target)) === accounts;
  return same ? fileKeyAt(layout, join(layout.accounts, basename(target))) : undefined;
}
