import { join } from "node:path";
import type { Files } from "../../io/files.ts";
import { type Account, isApiKey, isToken } from "../accounts/account.ts";
import { type CodexConfig, readCodexConfig } from "../base/codex-config.ts";
import type { Provider } from "../base/config-layer.ts";
import { homePath, type Layout } from "../base/layout.ts";
import type { Settings } from "../base/settings.ts";
import { STRAYS } from "./environment.ts";
import { baseLink } from "./homes.ts";

/** One thing beside auth.json that decides who is billed. */
export interface Override {
  /** Codex bills another, logs the account out, does not start, or nobody knows. */
  does: "bills" | "logs out" | "stops" | "unknown";
  /** The place: `FILE:LINE`. */
  at: string;
  /** What stands there; no secret. */
  says: string;
  /** What mends it. */
  remedy: string;
}

/** Whose home it is that Codex reads: the base home's, or an account's; and how homes are shared. */
export interface HomeOf {
  homeId: string | undefined;
  share: Settings["share"];
}

/** A login, as the settings that exclude one see it; a workspace only of a ChatGPT login. */
export interface Login {
  isKey: boolean;
  workspace: string | undefined;
}

export const loginOf = (account: Account): Login => ({
  // to Codex an access token is a ChatGPT login
  isKey: isApiKey(account) && !isToken(account),
  workspace: isApiKey(account) && !isToken(account) ? undefined : account.chatgpt_account_id,
});

type OverrideContext = { files: Files; layout: Layout };

/**
 * Returns what in the files that Codex reads keeps a login of this home from being billed, in a directory (physical; undefined: everywhere).
 * `login` undefined: whoever it is.
 */
export function overridesInFiles(
  ctx: OverrideContext,
  home: HomeOf,
  login: Login | undefined,
  directory: string | undefined,
): Override[] {
  const { homeId } = home;
  const dotEnv = join(homeId === undefined ? ctx.layout.base : homePath(ctx.layout, homeId), ".env");
  // the base home's is no account home's: the link goes at the next sync
  const isLink = homeId !== undefined && ctx.files.linkText(dotEnv) === baseLink(".env");
  const places = { config: configHome(ctx, home), dotEnv: isLink ? undefined : dotEnv };
  return overridesIn(ctx.files, places, login, directory);
}

/** Returns the same for any home: by the directory of its config.toml, and its `.env`. */
export function overridesIn(
  files: Files,
  { config, dotEnv }: { config: string; dotEnv: string | undefined },
  login: Login | undefined,
  directory: string | undefined,
): Override[] {
  const dotEnvOverrides = dotEnv === undefined ? [] : overridesInDotEnv(files, dotEnv);
  return [...overridesOf(readCodexConfig(files, config, directory), login), ...dotEnvOverrides];
}

/**
 * Returns whether Codex itself may have logged a login out of this home because a configuration excludes it: the home's, that of a project which
 * the user trusts, or that of the directory (physical) it was started in. Such a login has not been revoked.
 */
export function isExcluded(ctx: OverrideContext, home: HomeOf, login: Login, directory: string | undefined): boolean {
  const path = configHome(ctx, home);
  const everywhere = readCodexConfig(ctx.files, path, undefined);
  const loggedOutBy = (config: CodexConfig) => loggingOut(config, login).length > 0;
  if (loggedOutBy(everywhere)) return true;
  const places = [...(directory === undefined ? [] : [directory]), ...everywhere.trusted];
  return places.some((place) => loggedOutBy(readCodexConfig(ctx.files, path, place)));
}

/** Returns the home whose config.toml counts: a home that is not there yet, or that lacks the link, will get the base home's. */
function configHome({ files, layout }: OverrideContext, { homeId, share }: HomeOf): string {
  if (homeId === undefined) return layout.base;
  const home = homePath(layout, homeId);
  const text = files.linkText(join(home, "config.toml"));
  const isOwn = text === undefined ? files.exists(join(home, "config.toml")) : text !== baseLink("config.toml");
  return isOwn || share === "none" ? home : layout.base;
}

function overridesOf(config: CodexConfig, login: Login | undefined): Override[] {
  const unknown = config.unknown.map(({ at, reason }): Override => ({
    does: "unknown",
    at,
    says: reason,
    remedy: "mend that file",
  }));
  const { profile } = config;
  const stops: Override[] = profile
    ? [
        {
          does: "stops",
          at: profile.at,
          says: `profile = ${JSON.stringify(profile.value)}`,
          remedy: `remove that line; codex --profile NAME does it now`,
        },
      ]
    : [];
  return [...unknown, ...stops, ...byProvider(config), ...byStore(config), ...loggingOut(config, login)];
}

// Codex's own provider; the others that it brings need no login of OpenAI's
const OPENAI = "openai";
const BUILT_IN = ["ollama", "lmstudio", "amazon-bedrock"];

function byProvider({ provider, providers }: CodexConfig): Override[] {
  if (!provider || provider.value === OPENAI) return [];
  const says = `model_provider = ${JSON.stringify(provider.value)}`;
  const remedy = "remove that line, or give it to one command: codex -c model_provider=NAME";
  const chosen = providers.get(provider.value);
  if (!chosen) return [{ does: BUILT_IN.includes(provider.value) ? "bills" : "stops", at: provider.at, says, remedy }];
  const why = reasonOfProvider(chosen.value);
  return why === undefined ? [] : [{ does: "bills", at: provider.at, says: `${says}, which has ${why}`, remedy }];
}

const IDENTIFYING = ["openai-organization", "openai-project", "chatgpt-account-id"];

/** Returns what of a provider's table makes Codex bill another than who is logged in. */
function reasonOfProvider(provider: Provider): string | undefined {
  const own = (["env_key", "experimental_bearer_token", "auth", "aws", "gateway_oauth"] as const).find(
    (key) => provider[key] !== undefined,
  );
  if (own !== undefined) return own;
  if (provider.requires_openai_auth !== true) return "no requires_openai_auth";
  const headers = [...Object.keys(provider.http_headers ?? {}), ...Object.keys(provider.env_http_headers ?? {})];
  return headers.find((name) => IDENTIFYING.includes(name.toLowerCase()));
}

function byStore({ store }: CodexConfig): Override[] {
  if (!store || store.value === "file" || store.value === "auto") return [];
  return [
    {
      does: "bills",
      at: store.at,
      says: `cli_auth_credentials_store = ${JSON.stringify(store.value)}`,
      remedy: 'set cli_auth_credentials_store = "file" there',
    },
  ];
}

function loggingOut({ loginMethod, workspaces }: CodexConfig, login: Login | undefined): Override[] {
  if (!login) return [];
  const remedy = "change or remove that line";
  if (loginMethod && loginMethod.value === (login.isKey ? "chatgpt" : "api"))
    return [{ does: "logs out", at: loginMethod.at, says: `forced_login_method = "${loginMethod.value}"`, remedy }];
  const allowed = [workspaces?.value ?? []].flat();
  if (!workspaces || allowed.length === 0 || login.workspace === undefined || allowed.includes(login.workspace))
    return [];
  const says = `forced_chatgpt_workspace_id = ${JSON.stringify(workspaces.value)}`;
  return [{ does: "logs out", at: workspaces.at, says, remedy }];
}

// Codex takes no variable of its own name from there
const IN_DOT_ENV: readonly string[] = STRAYS.filter((name) => !name.startsWith("CODEX_"));

/** Codex reads `.env` of its home over the environment, with `export`, quotes and comments. */
function overridesInDotEnv(files: Files, path: string): Override[] {
  let text: string | undefined;
  try {
    text = files.read(path);
  } catch {
    return [{ does: "unknown", at: path, says: "cannot be read", remedy: "mend that file" }];
  }
  return (text ?? "").split(/\r?\n/).flatMap((line, index): Override[] => {
    const [, name = "", value = ""] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (!IN_DOT_ENV.includes(name) || /^(?:""|''|#.*)?\s*$/.test(value)) return [];
    return [{ does: "bills", at: `${path}:${index + 1}`, says: name, remedy: "remove that line" }];
  });
}

/** Returns what to say of an override: the place, what stands there, and what Codex does. */
export function tellOverride({ does, at, says }: Override, label: string): string {
  if (does === "unknown") return `${at} ${says}: whom Codex bills is not known`;
  if (does === "stops") return `${at} says ${says}: Codex does not start`;
  return `${at} says ${says}: Codex would not be ${label}`;
}
