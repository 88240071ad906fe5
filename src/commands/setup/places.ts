import { isAbsolute, join } from "node:path";
import type { Context } from "../../context.ts";
import { UserError } from "../../core/errors.ts";
import { NU_FILES, type ServedShell } from "../../setup.ts";

/** Where a shell's line may stand. */
export interface Places {
  /** Where it belongs. */
  file: string;
  /** What each interactive shell reads beside that. */
  always: string[];
  /** What only some do: a login shell. */
  sometimes: string[];
  /** What the line itself writes, in that file. */
  written?: string[];
}

type Where = Pick<Context, "env" | "home" | "platform" | "files">;

/** Returns the start files of a shell. Throws UserError without a HOME. */
export function placesOf(ctx: Where, shell: ServedShell): Places {
  const home = ctx.home;
  if (!home || !isAbsolute(home)) throw new UserError("HOME is not set", { hint: "set HOME" });
  return FIND[shell](ctx, home);
}

const FIND: Record<ServedShell, (ctx: Where, home: string) => Places> = {
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
  // elv.sh/ref/command.html: until 0.19 the one in ~/.elvish goes first, from 0.20 on it is not read
  elvish({ env, files }, home) {
    const old = join(home, ".elvish/rc.elv");
    const now = join(configHome(env, home), "elvish/rc.elv");
    return files.exists(old) && !files.exists(now)
      ? { file: old, always: [], sometimes: [now] }
      : { file: now, always: [], sometimes: [old] };
  },
  // $nu.config-path and $nu.data-dir
  nu({ env, platform }, home) {
    const library = platform === "darwin" ? join(home, "Library/Application Support") : undefined;
    const directory = join(absolute(env.XDG_CONFIG_HOME) ?? library ?? join(home, ".config"), "nushell");
    const data = join(absolute(env.XDG_DATA_HOME) ?? library ?? join(home, ".local/share"), "nushell");
    return {
      file: join(directory, "config.nu"),
      always: [join(directory, "env.nu")],
      sometimes: [join(directory, "login.nu")],
      written: NU_FILES.map((name) => join(data, "vendor/autoload", name)),
    };
  },
  // $XONSHRC and $XONSHRC_DIR: all of them are read
  xonsh({ env, files }, home) {
    const usual = join(home, ".xonshrc");
    const directory = join(configHome(env, home), "xonsh");
    const rc = join(directory, "rc.xsh");
    const snippets = files.names(join(directory, "rc.d")).filter((name) => /\.(?:xsh|py)$/.test(name));
    const [file, other] = files.exists(rc) && !files.exists(usual) ? [rc, usual] : [usual, rc];
    return { file, always: [other, ...snippets.map((name) => join(directory, "rc.d", name))], sometimes: [] };
  },
  // tcsh(1), «Startup and shutdown»: .cshrc only where there is no .tcshrc, which must not be made to hide it
  tcsh({ files }, home) {
    const own = join(home, ".tcshrc");
    const shared = join(home, ".cshrc");
    const [file, other] = files.exists(shared) && !files.exists(own) ? [shared, own] : [own, shared];
    return { file, always: [], sometimes: [other, join(home, ".login")] };
  },
};

const absolute = (path: string | undefined) => (path && isAbsolute(path) ? path : undefined);
const configHome = (env: Where["env"], home: string) => absolute(env.XDG_CONFIG_HOME) ?? join(home, ".config");
