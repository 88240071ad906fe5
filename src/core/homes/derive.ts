import { labelOf } from "../accounts/names.ts";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, homeIdOf, isApiKey } from "../accounts/account.ts";
import { readCredential } from "../accounts/auth-file.ts";
import {
  accountEnvironment,
  defaultEnvironment,
  type Environment,
  renderEnvFile,
  type Unregistered,
  unregisteredEnvironment,
} from "./environment.ts";
import { loginOf, overridesInFiles } from "./overrides.ts";
import { endGeneration } from "./generation.ts";
import { obstacleAt, prepareHome } from "./homes.ts";
import { replacedHomes } from "./rotated.ts";
import { credentialPath, envPath, homePath, type Layout } from "../base/layout.ts";
import { accountWitness, dropWitness, placeWitness, type Witness } from "../base/witness.ts";
import { findAccount, type Registry } from "../accounts/registry.ts";
import type { Settings } from "../base/settings.ts";

/** What the files for the shells are derived from. */
export interface Known {
  registry: Registry;
  settings: Settings;
  unregistered: Unregistered | undefined;
  strange: ReadonlySet<string>;
  loggedOut: ReadonlySet<string>;
  damaged: ReadonlySet<string>;
  /** Whether the base home's auth.json is something else than a link of ours. */
  isBaseForeign: boolean;
}

type DeriveContext = Pick<Context, "files" | "layout">;
/** The name of the default account's env file. */
export const DEFAULT = "@default";

/** Brings account homes and env files up to date; where that changes what a shell reads, the newest generation ends. */
export function deriveFiles(ctx: DeriveContext, known: Known): void {
  const { files, layout } = ctx;
  files.makeDirectory(layout.env);
  for (const { account_key: key } of known.registry.accounts)
    if (hasHome(ctx, homeIdOf(key))) prepareHome(files, layout, homeIdOf(key), known.settings.share);
  const wanted = envTexts(ctx, known);
  const changed = [...wanted].filter(([name, text]) => files.read(envPath(layout, name)) !== text);
  const stale = files.names(layout.env).filter((name) => !wanted.has(name));
  if (changed.length + stale.length > 0) endGeneration(ctx);
  // it is not bound to one login as the accounts' are: a shell shall not find the new one with the old env file
  if (changed.some(([name]) => name === DEFAULT)) dropWitness(files, placeWitness(layout, "default"));
  for (const [name, text] of changed) files.write(envPath(layout, name), text);
  for (const name of stale) files.removeTree(envPath(layout, name));
}

/** Returns the text of each env file, by its name: those of the default account, of account homes, and of what these were called before. */
export function envTexts(ctx: DeriveContext, known: Known): Map<string, string> {
  const texts = new Map<string, string>([[DEFAULT, defaultText(ctx, known)]]);
  for (const account of known.registry.accounts) {
    const id = homeIdOf(account.account_key);
    if (!hasHome(ctx, id)) continue;
    const witness = witnessOfHome(ctx.layout, known, account);
    texts.set(id, renderEnvFile({ ...environmentOf(ctx, known, account), witness }));
  }
  for (const [id, successor] of replacedHomes(ctx.files, ctx.layout, texts)) {
    const text = texts.get(successor);
    if (text !== undefined) texts.set(id, text);
  }
  return texts;
}

/** Returns what the login of an account home is judged by. */
export function witnessOfHome(layout: Layout, { strange, loggedOut }: Known, account: Account): Witness | undefined {
  const key = account.account_key;
  if (strange.has(key)) return placeWitness(layout, homeIdOf(key));
  return loggedOut.has(key) ? undefined : accountWitness(layout, key);
}

/** Returns what the login of the base home is judged by. */
export function witnessOfBase(layout: Layout, { registry, isBaseForeign }: Known): Witness | undefined {
  if (isBaseForeign) return placeWitness(layout, "default");
  const key = registry.active_account_key;
  return key === null ? undefined : accountWitness(layout, key);
}

/** Whether an account home is in use: it has an env file, or a login of its own. What a removed account leaves is no home. */
export function hasHome({ files, layout }: DeriveContext, id: string): boolean {
  const home = homePath(layout, id);
  if (files.entry(home)?.kind !== "directory" || obstacleAt(files, layout, id) !== undefined) return false;
  return files.entry(envPath(layout, id)) !== undefined || files.entry(join(home, "auth.json")) !== undefined;
}

/** Returns what a process gets for an account that is active by pin or use. */
export const environmentOf = (ctx: DeriveContext, known: Known, account: Account): Environment =>
  accountEnvironment({ ...inputOf(ctx, known, account), note: noteOf(ctx, known, account) });

/** Returns what a process gets for the default account, or undefined without one. */
export function environmentOfDefault(ctx: DeriveContext, known: Known): Environment | undefined {
  const account = findAccount(known.registry, known.registry.active_account_key);
  const home = { homeId: undefined, share: known.settings.share };
  if (account) {
    const isOther =
      known.strange.has(account.account_key) || overridesInFiles(ctx, home, loginOf(account), undefined).length > 0;
    const note = isOther ? " !" : "";
    return defaultEnvironment({ ...inputOf(ctx, known, account), note });
  }
  if (!known.unregistered) return undefined;
  const { apiKey, isOtherKind } = known.unregistered;
  const login = { isKey: apiKey !== undefined, workspace: undefined };
  const note = isOtherKind || overridesInFiles(ctx, home, login, undefined).length > 0 ? " !" : "";
  return unregisteredEnvironment(known.unregistered, known.settings, note);
}

function defaultText(ctx: DeriveContext, known: Known): string {
  const environment = environmentOfDefault(ctx, known);
  return environment ? renderEnvFile({ ...environment, witness: witnessOfBase(ctx.layout, known) }) : "";
}

function inputOf({ files, layout }: DeriveContext, { registry, settings }: Known, account: Account) {
  const key = account.account_key;
  const credential = isApiKey(account) ? readCredential(files, credentialPath(layout, fileKeyOf(key))) : undefined;
  const apiKey = credential?.kind === "apikey" ? credential.apiKey : undefined;
  return {
    layout,
    account,
    label: labelOf(registry, account),
    settings,
    apiKey,
  };
}

/** What goes behind the label of an account in its home; what depends on a directory only the commands see. */
function noteOf(ctx: DeriveContext, { settings, strange, loggedOut }: Known, account: Account): string {
  if (strange.has(account.account_key)) return " !";
  if (loggedOut.has(account.account_key)) return " logged out";
  const home = { homeId: homeIdOf(account.account_key), share: settings.share };
  return overridesInFiles(ctx, home, loginOf(account), undefined).length > 0 ? " !" : "";
}
