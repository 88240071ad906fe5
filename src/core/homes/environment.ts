import { type Account, homeIdOf, isApiKey, planName } from "../accounts/account.ts";
import { withoutControls } from "../printable.ts";
import { cutMiddle } from "../width.ts";
import { homePath, type Layout, missingHomePath, NO_HOME_ID } from "../base/layout.ts";
import type { Settings } from "../base/settings.ts";

/** Variables beside which Codex would bill another account or organization than the prompt shows: unset for an account that is active by pin or use. */
export const STRAYS = [
  "CODEX_API_KEY",
  "CODEX_ACCESS_TOKEN",
  "CODEX_AUTHAPI_BASE_URL",
  "OPENAI_FEDERATION_RULE_ID",
  "OPENAI_IDENTITY_TOKEN_FILE",
  "OPENAI_ORGANIZATION",
  "OPENAI_PROJECT",
] as const;

/** Returns which of them are set in an environment. */
export const straysIn = (env: Record<string, string | undefined>): string[] => STRAYS.filter((name) => env[name]);

/** The variables of the user's that an account takes over, and gives back when it is left. */
export const MANAGED = ["CODEX_HOME", "CODEX_SQLITE_HOME", "OPENAI_API_KEY", ...STRAYS] as const;

/** The variables that tell of the account; ours alone. */
export const TOLD = [
  "CODEX_AUTH_ACCOUNT",
  "CODEX_AUTH_EMAIL",
  "CODEX_AUTH_PLAN",
  "CODEX_AUTH_SOURCE",
  "CODEX_AUTH_LABEL",
] as const;

/** A default login that is no account: a key whose owner is not known yet, or what a link of the user's leads to. */
export interface Unregistered {
  label: string;
  apiKey: string | undefined;
  /** A kind of login that codex-auth does not manage: it says what Codex bills, but not whom. */
  isOtherKind?: boolean;
}

/** What a process gets: variables to set and names to unset. */
export interface Environment {
  set: Record<string, string>;
  unset: string[];
  /** The witness of the login that this is told of; none where nobody is logged in. */
  witness?: string | undefined;
}

/** What an account's environment is made of. `note` goes behind the label: ` !`, ` logged out` or nothing. */
export interface EnvironmentInput {
  layout: Layout;
  account: Account;
  /** The account's label in its registry. */
  label: string;
  settings: Settings;
  /** The key, of an API-key account that has one here. */
  apiKey: string | undefined;
  note: string;
}

/** Returns what a shell sets for an account that is active by pin or use. */
export function accountEnvironment(input: EnvironmentInput): Environment {
  const { layout, account, settings } = input;
  const set: Record<string, string> = { CODEX_HOME: homePath(layout, homeIdOf(account.account_key)) };
  if (settings.share === "all") set.CODEX_SQLITE_HOME = layout.base;
  return { set: { ...set, ...exportedKey(input), ...told(input) }, unset: [...STRAYS] };
}

/** Returns what a shell sets for the default account: CODEX_HOME is left alone. */
export function defaultEnvironment(input: EnvironmentInput): Environment {
  return { set: { ...exportedKey(input), ...told(input) }, unset: [] };
}

/** Returns the default account's environment beside the user's own variables: his key stays his, and with a stray one the label says that it is not all. */
export function besideOwn({ set, unset }: Environment, own: Record<string, string | undefined>): Environment {
  const { OPENAI_API_KEY: key, CODEX_AUTH_LABEL: label, ...rest } = set;
  return {
    set: {
      ...(key !== undefined && !own.OPENAI_API_KEY && { OPENAI_API_KEY: key }),
      ...rest,
      ...(label !== undefined && {
        CODEX_AUTH_LABEL: straysIn(own).length === 0 || label.endsWith(" !") ? label : `${label} !`,
      }),
    },
    unset,
  };
}

/** Returns what a shell sets for a default login that is no account: a key whose owner is not known yet, or what a link of the user's leads to. */
export function unregisteredEnvironment(
  { label, apiKey }: Unregistered,
  settings: Settings,
  note: string,
): Environment {
  const name = withoutControls(label);
  const shown = (text: string) => shortLabel(text, settings) + note;
  if (apiKey === undefined) return { set: { CODEX_AUTH_EMAIL: name, CODEX_AUTH_LABEL: shown(name) }, unset: [] };
  const key = settings.export_api_key ? { OPENAI_API_KEY: apiKey } : {};
  return { set: { ...key, CODEX_AUTH_PLAN: "API_KEY", CODEX_AUTH_LABEL: shown(`${name} API_KEY`) }, unset: [] };
}

/** Returns what keeps Codex from starting, where nobody knows as whom it should. */
export const failClosed = (layout: Layout): Environment => ({
  set: { CODEX_HOME: missingHomePath(layout, NO_HOME_ID), CODEX_AUTH_USE: NO_HOME_ID },
  unset: [...STRAYS],
});

/** The label of an account that is pinned or used but not there. */
export const MISSING_LABEL = "missing account";

/** Returns a label as prompts get it. What is cut names an account no more; its mark stays whole. */
const shortLabel = (label: string, { label_width: width }: Settings) => (width > 0 ? cutMiddle(label, width) : label);

function exportedKey({ account, settings, apiKey }: EnvironmentInput): Record<string, string> {
  return isApiKey(account) && settings.export_api_key && apiKey !== undefined ? { OPENAI_API_KEY: apiKey } : {};
}

function told({ account, label, settings, note }: EnvironmentInput): Record<string, string> {
  const email = withoutControls(account.email);
  return {
    CODEX_AUTH_ACCOUNT: account.account_key,
    ...(email && { CODEX_AUTH_EMAIL: email }),
    CODEX_AUTH_PLAN: planName(account),
    CODEX_AUTH_LABEL: shortLabel(label, settings) + note,
  };
}

/**
 * Returns the text of `env/<home id>`: `NAME=value` or `-NAME` a line. CODEX_AUTH_LABEL comes last, so that a shell can tell a
 * file that was cut off. A value that a line cannot hold (a base home with a line break in its name) leaves the text empty: it fails closed.
 */
export function renderEnvFile({ set, unset, witness }: Environment): string {
  const { CODEX_AUTH_LABEL: label, ...rest } = set;
  if ([...Object.values(set), witness ?? ""].some((value) => /[\n\r\0]/.test(value))) return "";
  const lines = [
    ...unset.map((name) => `-${name}`),
    ...Object.entries(rest).map(([name, value]) => `${name}=${value}`),
  ];
  if (witness !== undefined) lines.push(`${WITNESS}=${witness}`);
  return [...lines, `CODEX_AUTH_LABEL=${label}`].map((line) => `${line}\n`).join("");
}

/** Names the witness in an env file; no variable. */
const WITNESS = "CODEX_AUTH_CREDENTIAL";

const NAMES: ReadonlySet<string> = new Set([
  WITNESS,
  ...MANAGED,
  ...TOLD.filter((name) => name !== "CODEX_AUTH_SOURCE"),
]);

/** Takes the text of an env file; returns what it says, or undefined when it is damaged. */
export function parseEnvFile(text: string): Environment | undefined {
  if (!text.endsWith("\n")) return undefined;
  const environment: Environment = { set: {}, unset: [] };
  let last = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, minus, name, value] = /^(-?)([A-Z_]+)(?:=(.*))?$/.exec(line) ?? [];
    if (name === undefined || !NAMES.has(name) || (minus === "-") === (value !== undefined)) return undefined;
    if (value === undefined) environment.unset.push(name);
    else if (name === WITNESS) environment.witness = value;
    else environment.set[name] = value;
    last = name;
  }
  return last === "CODEX_AUTH_LABEL" ? environment : undefined;
}
