import * as v from "valibot";
import { type Account, isApiKey } from "../accounts/account.ts";

/** What of Codex's config.toml decides who is logged in. */
const ConfigSchema = v.looseObject({
  cli_auth_credentials_store: v.fallback(v.optional(v.string()), undefined),
  forced_login_method: v.fallback(v.optional(v.string()), undefined),
  forced_chatgpt_workspace_id: v.fallback(v.optional(v.union([v.string(), v.array(v.string())])), undefined),
});
export type CodexConfig = v.InferOutput<typeof ConfigSchema>;

/** Takes the text of config.toml, if there is one; what can't be read says nothing (Codex itself will complain). */
export function parseCodexConfig(text: string | undefined): CodexConfig {
  try {
    return v.parse(ConfigSchema, Bun.TOML.parse(text ?? ""));
  } catch {
    return {};
  }
}

/** Returns the line of config.toml that keeps auth.json from deciding, or that logs this account out; undefined when none does. */
export function excludingLine(config: CodexConfig, account: Account): string | undefined {
  const {
    cli_auth_credentials_store: store,
    forced_login_method: method,
    forced_chatgpt_workspace_id: workspaces,
  } = config;
  if (store === "keyring" || store === "ephemeral") return `cli_auth_credentials_store = "${store}"`;
  return loggingOutLine(method, workspaces, account);
}

/** Returns whether config.toml makes Codex log this account out when it starts. */
export const logsOut = (config: CodexConfig, account: Account): boolean =>
  loggingOutLine(config.forced_login_method, config.forced_chatgpt_workspace_id, account) !== undefined;

function loggingOutLine(
  method: string | undefined,
  workspaces: string | string[] | undefined,
  account: Account,
): string | undefined {
  const wrongMethod = isApiKey(account) ? "chatgpt" : "api";
  if (method === wrongMethod) return `forced_login_method = "${method}"`;
  if (workspaces === undefined || isApiKey(account)) return undefined;
  const allowed = [workspaces].flat();
  if (allowed.length === 0 || allowed.includes(account.chatgpt_account_id)) return undefined;
  return `forced_chatgpt_workspace_id = ${JSON.stringify(workspaces)}`;
}
