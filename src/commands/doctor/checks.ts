import { labelOf } from "../../core/accounts/names.ts";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { readCredential } from "../../core/accounts/auth-file.ts";
import { holdsMcpLogins, keptPaths } from "../../core/base/kept.ts";
import { type Account, fileKeyOf, homeIdOf, maskedLabel } from "../../core/accounts/account.ts";
import { currentAccount } from "../../core/here/current.ts";
import { baseLink, isPrivate, obstacleAt } from "../../core/homes/homes.ts";
import { credentialPath, homePath } from "../../core/base/layout.ts";
import { listPins } from "../../core/active/pins.ts";
import { restoredPath } from "../../core/reconcile/execute.ts";
import { setupOf } from "../../setup.ts";
import type { State } from "../../core/state/state.ts";
import { config, strays } from "./billing.ts";
import { type Check, fail, type Finding, ok, orOk, warn } from "./finding.ts";

const codexProgram: Check = (ctx) => {
  const program = ctx.codex.find();
  return [
    program
      ? ok("codex", `codex is ${program}`)
      : fail("codex", "there is no codex on PATH", "npm install -g @openai/codex"),
  ];
};

const baseHome: Check = ({ files, layout }) => {
  if (files.mtimeMs(layout.base) === undefined)
    return [warn("base_home", `${layout.base} does not exist yet`, "codex-auth login")];
  return [ok("base_home", `the base home is ${layout.base}`)];
};

const accounts: Check = (ctx, state) => {
  const { accounts: all } = state.registry;
  const found = all.flatMap((account) => accountFinding(ctx, state, account) ?? []);
  return orOk(found, "account", `${all.length} account${all.length === 1 ? "" : "s"}, all logged in`);
};

function accountFinding({ files, layout }: Context, { registry, loggedOut, strange }: State, account: Account) {
  const key = account.account_key;
  const label = labelOf(registry, account);
  if (loggedOut.has(key))
    return fail("account", `${label} is logged out`, "codex-auth login, or codex-auth import its backup");
  if (strange.has(key))
    return fail(
      "account",
      `the home of ${label} holds another login, left alone`,
      `look at ${homePath(layout, homeIdOf(key))}/auth.json, then remove it`,
    );
  const login = files.read(credentialPath(layout, fileKeyOf(key)));
  if (!isUnchangedSinceRestored(files.read(restoredPath(layout, key)), login)) return undefined;
  return warn(
    "account",
    `the login of ${label} came back from its backup and may be used up`,
    "if codex says so: codex-auth login",
  );
}

function isUnchangedSinceRestored(mark: string | undefined, login: string | undefined): boolean {
  return mark !== undefined && login !== undefined && Bun.SHA256.hash(login, "hex") === mark;
}

const waiting: Check = ({ files, layout }, { leftAlone }) => [
  ...files
    .names(layout.pending)
    .map(() => warn("pending", "an API key waits until its owner can be asked", "codex-auth sync")),
  ...leftAlone.map((note) => warn("left_alone", note, "see what it is; move it away if it should not be there")),
];

const kept: Check = (ctx) =>
  keptPaths(ctx).map((path) =>
    warn(
      "kept",
      `${path} is kept: ${holdsMcpLogins(path) ? "logins to MCP servers" : "a login"} of ${whoseAt(ctx, path)} that is nowhere else`,
      holdsMcpLogins(path) ? `codex-auth remove ${path}` : `codex-auth import ${path}, or codex-auth remove ${path}`,
    ),
  );

/** Returns whose login lies in `kept/`, for people. */
function whoseAt({ files }: Context, path: string): string {
  if (holdsMcpLogins(path)) return "an account home";
  const credential = readCredential(files, path);
  if (!credential) return "an unknown kind";
  return credential.kind === "apikey" ? maskedLabel(credential.keyHash) : credential.email;
}

const homes: Check = ({ files, layout }, { registry, settings }) => {
  const found = registry.accounts.flatMap((account) => {
    const home = homePath(layout, homeIdOf(account.account_key));
    const obstacle = obstacleAt(files, layout, homeIdOf(account.account_key));
    if (obstacle !== undefined)
      return [fail("home", `${obstacle} is not a directory of the base home itself`, `move it away: ${obstacle}`)];
    if (settings.share === "none") return [];
    const own = files
      .names(home)
      .filter((name) => !isPrivate(name) && files.linkText(join(home, name)) !== baseLink(name));
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

const permissions: Check = ({ files, layout, uid }) => {
  const paths = [
    layout.ours,
    layout.accounts,
    ...[layout.accounts, layout.backup, layout.env, layout.pending, layout.kept].flatMap((directory) =>
      files.names(directory).map((name) => join(directory, name)),
    ),
  ];
  const found = paths.flatMap((path) => {
    const entry = files.entry(path);
    if (!entry || entry.kind === "link") return [];
    if (entry.uid !== uid) return [fail("permission", `${path} belongs to another user`, `chown it to you`)];
    return entry.mode & 0o077 ? [fail("permission", `${path} can be read by others`, `chmod go= ${path}`)] : [];
  });
  return orOk(found, "permission", "logins are for you alone");
};

const pins: Check = ({ files, layout }, { registry }) => {
  const ids = new Set(registry.accounts.map((account) => homeIdOf(account.account_key)));
  const found = listPins(files, layout).flatMap(({ path, homeId }) => {
    if (homeId === undefined || !ids.has(homeId))
      return [
        fail(
          "pin",
          `${path} is pinned to an account that is not there`,
          `codex-auth pin SELECTOR ${path}, or codex-auth unpin ${path}`,
        ),
      ];
    return files.mtimeMs(path) === undefined
      ? [warn("pin", `${path} is pinned but gone`, "codex-auth pins --prune")]
      : [];
  });
  return orOk(found, "pin", "every pin has its account");
};

const shell: Check = ({ env }) => {
  if (env.CODEX_AUTH_SNIPPET) return [ok("shell", `the snippet runs in this ${env.CODEX_AUTH_SNIPPET}`)];
  const setup = setupOf(env.SHELL);
  return [
    warn(
      "shell",
      "the snippet does not run in this shell",
      setup ? `add to ${setup.file}: ${setup.line}` : 'eval "$(codex-auth init SHELL)"',
    ),
  ];
};

const CHECKS: readonly Check[] = [
  codexProgram,
  baseHome,
  accounts,
  waiting,
  kept,
  config,
  homes,
  permissions,
  pins,
  shell,
  strays,
];

/** Looks at everything that may be wrong; changes nothing. */
export const examine = (ctx: Context): Finding[] => {
  const { state } = currentAccount(ctx);
  return CHECKS.flatMap((check) => check(ctx, state));
};
