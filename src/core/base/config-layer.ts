import { parse, TomlError } from "smol-toml";
import * as v from "valibot";
import type { Files } from "../../io/files.ts";

const Headers = v.record(v.string(), v.string());

/** What of a provider's table decides whom a request is billed to. */
const ProviderSchema = v.looseObject({
  env_key: v.optional(v.string()),
  experimental_bearer_token: v.optional(v.string()),
  auth: v.optional(v.unknown()),
  aws: v.optional(v.unknown()),
  gateway_oauth: v.optional(v.unknown()),
  requires_openai_auth: v.optional(v.boolean()),
  http_headers: v.optional(Headers),
  env_http_headers: v.optional(Headers),
});
export type Provider = v.InferOutput<typeof ProviderSchema>;

/** What of Codex's configuration decides who is logged in and who is billed; another type than these stops Codex. */
const LayerSchema = v.looseObject({
  model_provider: v.optional(v.string()),
  model_providers: v.optional(v.record(v.string(), ProviderSchema)),
  profile: v.optional(v.string()),
  cli_auth_credentials_store: v.optional(v.string()),
  forced_login_method: v.optional(v.picklist(["chatgpt", "api"])),
  forced_chatgpt_workspace_id: v.optional(v.union([v.string(), v.array(v.string())])),
  projects: v.optional(v.record(v.string(), v.looseObject({ trust_level: v.optional(v.unknown()) }))),
});
export type LayerSettings = v.InferOutput<typeof LayerSchema>;

/** A file of Codex's configuration: what it says, or why that is not known. */
export type Layer =
  { path: string; text: string; settings: LayerSettings } | { path: string; at: string; unknown: string };

/** Returns what a configuration file says, or why that cannot be told; undefined when there is none. No part of the file is in the reason. */
export function readLayer(files: Files, path: string): Layer | undefined {
  let text: string | undefined;
  try {
    text = files.read(path);
  } catch {
    return { path, at: path, unknown: "cannot be read" };
  }
  if (text === undefined) return undefined;
  try {
    // Codex reads integers of 64 bits
    const parsed = v.safeParse(LayerSchema, parse(text, { integersAsBigInt: "asNeeded" }));
    if (parsed.success) return { path, text, settings: parsed.output };
    const key = parsed.issues[0].path?.map((item) => String(item.key)).join(".") ?? "";
    return { path, at: `${path}${lineOf(text, key)}`, unknown: `has a value for ${key} that Codex does not take` };
  } catch (error) {
    const line = error instanceof TomlError ? `:${error.line}` : "";
    return { path, at: `${path}${line}`, unknown: "is no TOML" };
  }
}

/** Returns `:LINE` of the first line of a TOML text that sets a key, or nothing where it cannot be told. */
export function lineOf(text: string, key: string): string {
  const last = key.slice(key.lastIndexOf(".") + 1);
  const index = text.split("\n").findIndex((line) => line.replace(/^[\ufeff\s]+/, "").split(/[\s=]/, 1)[0] === last);
  return index === -1 ? "" : `:${index + 1}`;
}
