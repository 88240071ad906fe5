import { dirname, join } from "node:path";
import type { Files } from "../../io/files.ts";
import { type Layer, type LayerSettings, lineOf, type Provider, readLayer } from "./config-layer.ts";

/** A setting that is in force, and the place that says so: `FILE:LINE`. */
export interface Setting<T> {
  value: T;
  at: string;
}

/** What Codex's configuration says of who is logged in and billed: measured, see the table in test/codex. */
export interface CodexConfig {
  provider: Setting<string> | undefined;
  /** Providers by name, and the file of each that was read last. */
  providers: ReadonlyMap<string, Setting<Provider>>;
  store: Setting<string> | undefined;
  loginMethod: Setting<"chatgpt" | "api"> | undefined;
  workspaces: Setting<string | string[]> | undefined;
  /** A setting that Codex knows no longer, and refuses to start with. */
  profile: Setting<string> | undefined;
  /** Files of which it is not known what they say. */
  unknown: { at: string; reason: string }[];
  /** Directories whose own configuration counts. */
  trusted: string[];
}

const SYSTEM = "/etc/codex";

/**
 * Returns what a Codex with this home would read when it starts in a directory (physical; undefined: what does not depend on one). The later
 * wins: the system's file, the home's, those of a trusted project from its root down, the administrator's. A project decides only where
 * logins are kept and which are allowed.
 */
export function readCodexConfig(files: Files, home: string, directory: string | undefined): CodexConfig {
  const own = [join(SYSTEM, "config.toml"), join(home, "config.toml")].flatMap((path) => readLayer(files, path) ?? []);
  const trusted = own.flatMap((layer) => trustedIn(layer));
  const projects = directory === undefined ? [] : projectDirectories(files, directory, new Set(trusted));
  // the home's own file is no project's, also where the home lies in one
  const paths = projects.map((project) => join(project, ".codex", "config.toml"));
  const project = paths
    .filter((path) => path !== join(home, "config.toml"))
    .flatMap((path) => readLayer(files, path) ?? [])
    .map(onlyLogins);
  const managed = readLayer(files, join(SYSTEM, "managed_config.toml")) ?? [];
  return { ...merge([...own, ...project, managed].flat()), trusted };
}

function trustedIn(layer: Layer): string[] {
  if ("unknown" in layer) return [];
  const projects = Object.entries(layer.settings.projects ?? {});
  return projects.filter(([, { trust_level: level }]) => level === "trusted").map(([path]) => path);
}

/** Returns the directories from the project's root down to this one, where they are trusted: by themselves, or by the root or its repository. */
function projectDirectories(files: Files, directory: string, trusted: ReadonlySet<string>): string[] {
  if (trusted.size === 0) return [];
  const upwards: string[] = [];
  let root: string | undefined;
  for (let path = directory; ; path = dirname(path)) {
    upwards.push(path);
    if (files.exists(join(path, ".git"))) root = path;
    if (root !== undefined || path === "/") break;
  }
  if (root === undefined) return trusted.has(directory) ? [directory] : [];
  const all = trusted.has(root) || trusted.has(repositoryOf(files, root));
  return upwards.filter((path) => all || trusted.has(path)).toReversed();
}

/** Returns the repository of a linked worktree's root; the root itself where it is none. */
function repositoryOf(files: Files, root: string): string {
  const gitDir = /^gitdir: ([^\n]+)/.exec(files.readQuietly(join(root, ".git")) ?? "")?.[1];
  const [, repository] = /^(.+)\/\.git\/worktrees\/[^/]+$/.exec(gitDir ?? "") ?? [];
  return repository ?? root;
}

function onlyLogins(layer: Layer): Layer {
  if ("unknown" in layer) return layer;
  const { cli_auth_credentials_store, forced_login_method, forced_chatgpt_workspace_id } = layer.settings;
  return { ...layer, settings: { cli_auth_credentials_store, forced_login_method, forced_chatgpt_workspace_id } };
}

function merge(layers: Layer[]): Omit<CodexConfig, "trusted"> {
  const known = layers.filter((layer) => "settings" in layer);
  const setting = <K extends keyof LayerSettings & string>(
    key: K,
  ): Setting<NonNullable<LayerSettings[K]>> | undefined =>
    known.reduce<Setting<NonNullable<LayerSettings[K]>> | undefined>((before, { path, text, settings }) => {
      const value = settings[key];
      return value === undefined || value === null ? before : { value, at: `${path}${lineOf(text, key)}` };
    }, undefined);
  const providers = new Map<string, Setting<Provider>>();
  for (const { path, settings } of known) {
    for (const [name, provider] of Object.entries(settings.model_providers ?? {}))
      providers.set(name, { value: { ...providers.get(name)?.value, ...provider }, at: path });
  }
  return {
    provider: setting("model_provider"),
    providers,
    store: setting("cli_auth_credentials_store"),
    loginMethod: setting("forced_login_method"),
    workspaces: setting("forced_chatgpt_workspace_id"),
    profile: setting("profile"),
    unknown: layers.flatMap((layer) => ("unknown" in layer ? [{ at: layer.at, reason: layer.unknown }] : [])),
  };
}
