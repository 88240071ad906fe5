import { join } from "node:path";
import { type Account, type Environment, labelOf } from "./accounts.ts";
import type { Home } from "../home.ts";
import { mustSucceed, run } from "../run.ts";
import { Session, type SessionOptions } from "./session.ts";
import { type AnyShell, KIND_OF } from "./shells.ts";

/** A HOME with accounts, and a codex-auth that knows them: made by hand (`Fixture`) or by the program (`Program`). */
export interface World extends AsyncDisposable {
  readonly home: Home;
  /** The base home. */
  readonly base: string;
  /** The words that start codex-auth. */
  readonly program: string[];
  /** What it needs in its environment beside that of `home`. */
  readonly env: Record<string, string>;
  /** What names an account on its command line. */
  selector(account: Account): string;
  /** The changes that a person makes in another terminal. */
  pin(directory: string, account: Account): Promise<void>;
  unpin(directory: string): Promise<void>;
  /** Makes it the default account. */
  switchTo(account: Account): Promise<void>;
  /** Gives it an alias, none with "". */
  alias(account: Account, alias: string): Promise<void>;
  remove(account: Account): Promise<void>;
  /** Adds it, with its alias, after it was removed. */
  add(account: Account): Promise<void>;
}

/** The start-up line that users paste, as this shell has it. */
export const initLine = (world: World, shell: AnyShell, ...options: string[]): string =>
  KIND_OF[shell].evaluate([...world.program, "init", shell, ...options]);

/** Starts a shell whose start-up file, and that of every other shell inside, holds the line for codex-auth behind `options.rc`. */
export async function startShell(world: World, shell: AnyShell, options: SessionOptions = {}): Promise<Session> {
  const { rc = "", nested = {}, init = [] } = options;
  if (shell === "nu") await writeNuSnippet(world, init);
  const withInit = (each: AnyShell, text = "") => (each === "nu" ? text : `${text}\n${initLine(world, each, ...init)}`);
  return Session.start(shell, world.home, {
    ...options,
    env: { ...world.env, ...options.env },
    rc: withInit(shell, rc),
    nested: {
      zsh: withInit("zsh", nested.zsh),
      bash: withInit("bash", nested.bash),
      fish: withInit("fish", nested.fish),
      pwsh: withInit("pwsh", nested.pwsh),
    },
  });
}

/** nushell reads a script where it parses the start-up file: the line of the README has written it before. */
async function writeNuSnippet({ home, program, env }: World, options: readonly string[]): Promise<void> {
  const ran = await run([...program, "init", "nu", ...options], { cwd: home.path, env: home.env(env) });
  home.write(".data/nushell/vendor/autoload/codex-auth.nu", mustSucceed("init nu", ran).out);
}

/** The environment of an account that is active by pin or use: all of what `relevant` returns. */
export function accountEnv(
  world: World,
  account: Account,
  source: "pin" | "use",
  label = labelOf(account),
): Environment {
  return {
    CODEX_HOME: join(world.base, "codex-auth/homes", account.id),
    CODEX_SQLITE_HOME: world.base,
    ...(account.apiKey !== undefined && { OPENAI_API_KEY: account.apiKey }),
    ...told(account, source, label),
  };
}

/** The environment of the default account, for a user who has no variables of his own. */
export function defaultEnv(account: Account, label = labelOf(account)): Environment {
  return {
    ...(account.apiKey !== undefined && { OPENAI_API_KEY: account.apiKey }),
    ...told(account, "default", label),
  };
}

/** What the default account tells of itself, and nothing it sets; a mark goes behind the label. */
export function toldDefault(account: Account, mark = ""): Environment {
  return told(account, "default", labelOf(account) + mark);
}

/** The environment where the account is missing. */
export function missingEnv(world: World, id: string, source: "pin" | "use"): Environment {
  return {
    CODEX_HOME: join(world.base, "codex-auth/homes", `${id}.missing`),
    CODEX_AUTH_LABEL: "missing account",
    CODEX_AUTH_SOURCE: source,
  };
}

function told({ key, email, plan }: Account, source: string, label: string): Environment {
  return {
    CODEX_AUTH_ACCOUNT: key,
    CODEX_AUTH_EMAIL: email,
    CODEX_AUTH_PLAN: plan,
    CODEX_AUTH_LABEL: label,
    CODEX_AUTH_SOURCE: source,
  };
}
