import type { Context } from "../../context.ts";
import { envPath } from "../base/layout.ts";
import { type Environment, MANAGED, parseEnvFile, TOLD } from "./environment.ts";

export type Variables = Record<string, string | undefined>;

/** Variables in which a shell keeps what the user had; never what is secret. */
export const SECRETS: readonly string[] = ["OPENAI_API_KEY", "CODEX_API_KEY", "CODEX_ACCESS_TOKEN"];
export const oldName = (name: string) => `_CODEX_AUTH_OLD_${name}`;
export const setName = (name: string) => `_CODEX_AUTH_SET_${name}`;
/** Names what is in force in a shell: a home id, `<home id>.missing`, or `@default`. */
export const APPLIED = "_CODEX_AUTH_APPLIED";

export const saved = (value: string | undefined) => (value === undefined ? "-" : `+${value}`);

/** Returns the user's own environment: without what an account in the calling shell has set, as the shell's hook would restore it. */
export function ownEnvironment({ env, files, layout }: Pick<Context, "env" | "files" | "layout">): Variables {
  const own: Variables = { ...env };
  for (const name of MANAGED) {
    const old = env[oldName(name)];
    if (old !== undefined && env[setName(name)] === saved(own[name]))
      own[name] = old.startsWith("+") ? old.slice(1) : undefined;
    delete own[oldName(name)];
    delete own[setName(name)];
  }
  const applied = env[APPLIED];
  if (applied !== undefined && /^(@default|[0-9a-f]{16})$/.test(applied)) {
    const theirs = parseEnvFile(files.read(envPath(layout, applied)) ?? "");
    if (theirs?.set.OPENAI_API_KEY !== undefined && theirs.set.OPENAI_API_KEY === own.OPENAI_API_KEY)
      delete own.OPENAI_API_KEY;
  }
  // CODEX_AUTH_SNIPPET: the hook of the calling shell runs behind a command of ours, not behind what that starts
  for (const name of [...TOLD, APPLIED, "CODEX_AUTH_SNIPPET"]) delete own[name];
  return own;
}

/**
 * Returns the user's environment with an account's on top. What it replaced is kept as a shell's hook keeps it, so that a shell
 * started in it gives it back; `applied` is the home id, or `@default`.
 */
export function withEnvironment(
  own: Variables,
  { set, unset }: Environment,
  applied: string,
  source: string,
): Record<string, string> {
  const result: Variables = { ...own };
  for (const name of unset) delete result[name];
  Object.assign(result, set);
  for (const name of MANAGED) {
    if (SECRETS.includes(name) || own[name] === result[name]) continue;
    result[oldName(name)] = saved(own[name]);
    result[setName(name)] = saved(result[name]);
  }
  const variables = { ...result, [APPLIED]: applied, CODEX_AUTH_SOURCE: source };
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
