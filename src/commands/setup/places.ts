import { isAbsolute, join } from "node:path";
import type { Context } from "../../context.ts";
import { UserError } from "../../core/errors.ts";
import type { Shell } from "../../shell.ts";

/** Where a shell's line may stand. */
export interface Places {
  /** Where it belongs. */
  file: string;
  /** What each interactive shell reads beside that. */
  always: string[];
  /** What only some do: a login shell. */
  sometimes: string[];
}

type Where = Pick<Context, "env" | "home" | "platform" | "files">;

/** Returns the start files of a shell. Throws UserError without a HOME. */
export function placesOf(ctx: Where, shell: Shell): Places {
  const home = ctx.home;
  if (!home || !isAbsolute(home)) throw new UserError("HOME is not set", { hint: "set HOME" });
  return FIND[shell](ctx, home);
}

const FIND: Record<Shell, (ctx: Where, home: string) => Places> = {
  zsh({ env }, home) {
    const directory = absolute(env.ZDOTDIR) ?? home;
    const at = (name: string) => join(directory, name);
    const always = [...new Set([at(".zshenv"), join(home, ".zshenv")])];
    return { file: at(".zshrc"), always, sometimes: [at(".zprofile"), at(".zlogin")] };
  },
  bash({ platform, files }, home) {
    const rc = join(home, ".bashrc");
    const logins = [".bash_profile", ".bash_login", ".profile"].map((name) => join(home, name));
    const [first = rc] = logins;
    // a terminal of macOS starts a login shell, which reads the first of these that is there, and .bashrc only where that says so
    const login = logins.find((path) => files.exists(path)) ?? first;
    const readsRc = (files.bytes(login) ?? "").split("\n").some((line) => /^[^#]*\.bashrc/.test(line));
    const file = platform === "darwin" && !readsRc ? login : rc;
    return { file, always: [], sometimes: [...logins, rc].filter((path) => path !== file) };
  },
  fish({ env, files }, home) {
    const directory = join(configHome(env, home), "fish");
    const snippets = join(directory, "conf.d");
    const names = files.names(snippets).filter((name) => name.endsWith(".fish"));
    return { file: join(directory, "config.fish"), always: names.map((name) => join(snippets, name)), sometimes: [] };
  },
  // about_Profiles: $PROFILE is that of this user and this host
  pwsh({ env }, home) {
    const directory = join(configHome(env, home), "powershell");
    const file = join(directory, "Microsoft.PowerShell_profile.ps1");
    return { file, always: [join(directory, "profile.ps1")], sometimes: [] };
  },
};

const absolute = (path: string | undefined) => (path && isAbsolute(path) ? path : undefined);
const configHome = (env: Where["env"], home: string) => absolute(env.XDG_CONFIG_HOME) ?? join(home, ".config");
