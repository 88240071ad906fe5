import { labelOf } from "../../core/accounts/names.ts";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf, homeIdOf, isApiKey, isRefused, isToken } from "../../core/accounts/account.ts";
import { findAuthFile } from "../../core/accounts/auth-file.ts";
import { mintedLogin } from "../../core/accounts/minted.ts";
import { currentAccount } from "../../core/here/current.ts";
import { tellMoved } from "../../core/here/moved.ts";
import { baseLink, obstacleAt } from "../../core/homes/homes.ts";
import { isShared } from "../../core/homes/sharing.ts";
import { backupPath, credentialPath, envPath, homePath } from "../../core/base/layout.ts";
import { listPins } from "../../core/active/pins.ts";
import { restoredPath } from "../../core/reconcile/execute.ts";
import { loadSettings } from "../../core/base/settings.ts";
import { systemFault, UserError } from "../../core/errors.ts";
import { asWord, inQuotes } from "../../core/printable.ts";
import { loadRegistry } from "../../core/state/state.ts";
import type { State } from "../../core/state/state.ts";
import { hasCredential } from "../../core/state/usable.ts";
import { config, strays } from "./billing.ts";
import { codexProgram, shims } from "./codex.ts";
import { kept } from "./kept.ts";
import { baseHome, permissions } from "./places.ts";
import { type Check, fail, type Finding, ok, orOk, warn } from "./finding.ts";

const accounts: Check = (ctx, state) => {
  const { accounts: all } = state.registry;
  if (all.length === 0) return [warn("account", "there are no accounts yet", "codex-auth login, or codex-auth import")];
  const found = all.flatMap((account) => accountFinding(ctx, state, account) ?? []);
  return orOk(found, "account", `${all.length} account${all.length === 1 ? "" : "s"}, all logged in`);
};

function accountFinding(
  { files, layout }: Context,
  { registry, loggedOut, damaged, strange }: State,
  account: Account,
) {
  const key = account.account_key;
  const label = labelOf(registry, account);
  if (damaged.has(key) || loggedOut.has(key)) {
    const what = damaged.has(key)
      ? `the login of ${label} is damaged: ${credentialPath(layout, fileKeyOf(key))}`
      : `${label} is logged out`;
    return fail("account", what, remedyOfLogout(files, layout, account));
  }
  if (strange.has(key))
    return fail(
      "account",
      `the home of ${label} holds another login, left alone`,
      `look at ${homePath(layout, homeIdOf(key))}/auth.json, then remove it`,
    );
  if (!hasCredential({ files, layout }, account))
    return warn("account", `the key of ${label} is gone or damaged, and its backup is not`, "codex-auth sync");
  const credential = credentialPath(layout, fileKeyOf(key));
  if (mintedLogin(account, findAuthFile(files, credential)))
    return warn("account", `${label} is a ChatGPT login that was taken for an API key`, "codex-auth sync");
  if (isRefused(account)) {
    const remedy = isToken(account) ? "login --with-access-token" : `rotate ${inQuotes(label)}`;
    return fail(
      "account",
      `OpenAI refuses the key of ${label}`,
      `codex-auth ${remedy}; is it good again: codex-auth check`,
    );
  }
  const login = files.read(credential);
  if (!isUnchangedSinceRestored(files.read(restoredPath(layout, key)), login)) return undefined;
  return warn(
    "account",
    `the login of ${label} came back from its backup and may be used up`,
    "if codex says so: codex-auth login",
  );
}

/** Returns what logs an account in again: a key is as good as its backup. */
function remedyOfLogout(files: Context["files"], layout: Context["layout"], account: Account): string {
  const backup = backupPath(layout, fileKeyOf(account.account_key));
  const isBackedUp = files.entry(backup) !== undefined;
  if (isApiKey(account) && isBackedUp) return `codex-auth import ${backup}`;
  if (isApiKey(account))
    return isToken(account) ? "codex-auth login --with-access-token" : "codex-auth login --with-api-key";
  return isBackedUp
    ? `codex-auth login, or if auth.json was only deleted: codex-auth import ${backup}`
    : "codex-auth login";
}

function isUnchangedSinceRestored(mark: string | undefined, login: string | undefined): boolean {
  return mark !== undefined && login !== undefined && Bun.SHA256.hash(login, "hex") === mark;
}

const waiting: Check = ({ files, layout }, { leftAlone }) => [
  ...(files.entry(layout.rotating) ? [warn("rotation", "replacing a key was broken off", "codex-auth sync")] : []),
  ...files
    .names(layout.pending)
    .map(() => warn("pending", "an API key waits until its owner can be asked", "codex-auth sync")),
  ...leftAlone.map((note) => warn("left_alone", note, "see what it is; move it away if it should not be there")),
];

const homes: Check = ({ files, layout }, { registry, settings }) => {
  const found = registry.accounts.flatMap((account) => {
    const home = homePath(layout, homeIdOf(account.account_key));
    const obstacle = obstacleAt(files, layout, homeIdOf(account.account_key));
    if (obstacle !== undefined)
      return [fail("home", `${obstacle} is not a directory of the base home itself`, `move it away: ${obstacle}`)];
    const own = files
      .names(home)
      .filter((name) => isShared(name, settings.share) && files.linkText(join(home, name)) !== baseLink(name));
    return own.map((name) =>
      warn(
        "home",
        `${join(home, name)} is not shared with the base home`,
        "move what it holds to the base home, remove it, then: codex-auth sync",
      ),
    );
  });
  return orOk(found, "home", "account homes share all they should");
};

const pins: Check = (ctx, { registry }) => {
  const { files, layout } = ctx;
  const ids = new Set(registry.accounts.map((account) => homeIdOf(account.account_key)));
  const found = listPins(files, layout).flatMap(({ path, homeId }) => {
    if (homeId === undefined || !ids.has(homeId))
      return [
        fail(
          "pin",
          `${path} is pinned to an account that is not there`,
          `codex-auth pin SELECTOR ${asWord(path)}, or codex-auth unpin ${asWord(path)}`,
        ),
      ];
    if (files.entry(envPath(layout, homeId)) === undefined)
      return [fail("pin", `${path} is pinned, but what shells need for its account is missing`, "codex-auth sync")];
    return files.mtimeMs(path) === undefined
      ? [
          warn(
            "pin",
            `${path} is pinned but gone`,
            `where it was moved: codex-auth pin there; else: codex-auth unpin ${asWord(path)}`,
          ),
        ]
      : [];
  });
  const { active } = currentAccount(ctx);
  const moved = tellMoved(ctx, registry, active);
  if (moved) found.push(fail("pin", moved.message, moved.hint ?? "codex-auth pin"));
  return orOk(found, "pin", "every pin has its account");
};

const shell = ({ env }: Context): Finding[] => {
  if (env.CODEX_AUTH_SNIPPET) return [ok("shell", `the snippet runs in this ${env.CODEX_AUTH_SNIPPET}`)];
  return [warn("shell", "the snippet does not run in this shell", "codex-auth setup, then open a new terminal")];
};

/** What needs to know the accounts. */
const CHECKS: readonly Check[] = [accounts, waiting, config, homes, pins, strays];

/** What can be looked at whatever is broken. */
const ALWAYS: readonly ((ctx: Context) => Finding[])[] = [codexProgram, shims, baseHome, kept, permissions, shell];

/** Looks at everything that may be wrong; changes nothing. What cannot be read is a finding, and keeps only what is told from it from being looked at. */
export function examine(ctx: Context): Finding[] {
  const broken = [
    ...findingOf("registry", () => loadRegistry(ctx)),
    ...findingOf("settings", () => loadSettings(ctx.files, ctx.layout)),
  ];
  const always = ALWAYS.flatMap((check) => check(ctx));
  if (broken.length > 0) return [...broken, ...always];
  const known: { state?: State } = {};
  const unknown = findingOf("state", () => (known.state = currentAccount(ctx).state));
  const { state } = known;
  return [...always, ...unknown, ...(state ? CHECKS.flatMap((check) => check(ctx, state)) : [])];
}

/** Returns what keeps something from being read, as a finding. */
function findingOf(id: string, read: () => unknown): Finding[] {
  try {
    read();
    return [];
  } catch (thrown) {
    const error = systemFault(thrown) ?? thrown;
    if (!(error instanceof UserError)) throw error;
    const remedy =
      error.hint === undefined || error.hint === "codex-auth doctor" ? "see what it is: ls -ld, file" : error.hint;
    return [fail(id, error.message, remedy)];
  }
}
