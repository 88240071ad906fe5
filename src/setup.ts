import { PROCESS_SHELLS, type ProcessShell } from "./process-shell.ts";
import { SHELLS, type Shell } from "./shell.ts";

/** All shells that `init` serves. */
export const SERVED = [...SHELLS, ...PROCESS_SHELLS] as const;
export type ServedShell = Shell | ProcessShell;

/** The lines that set a shell up, and the file that they belong in. */
export interface Setup {
  line: string;
  /** The same for what Tab offers. */
  completion: string;
  file: string;
}

/** What nushell's lines write, below its own data: the snippet and the completions. */
export const NU_FILES = ["codex-auth.nu", "codex-auth-completion.nu"] as const;

// nushell reads what lies in vendor/autoload behind config.nu, so that is made anew at each start: by a rename, as others may start at the same time.
const nuLine = (verb: string, name: string) =>
  `do { let file = $nu.data-dir | path join vendor/autoload/${name}; mkdir ($file | path dirname); ` +
  `codex-auth ${verb} nu | collect | save --force $"($file).($nu.pid)"; mv --force $"($file).($nu.pid)" $file }`;

// What $(…) captures in an interactive xonsh is at times cut short, or empty: it is read in a thread (0.13.4, once in a hundred times).
const xonshLine = (verb: string) =>
  `execx(__import__("subprocess").check_output("codex-auth ${verb} xonsh".split(), env=${"$"}{...}.detype(), errors="surrogateescape"))`;

export const SETUP: Record<ServedShell, Setup> = {
  zsh: {
    line: 'eval "$(codex-auth init zsh)"',
    completion: 'eval "$(codex-auth completion zsh)"',
    file: "~/.zshrc",
  },
  bash: {
    line: 'eval "$(codex-auth init bash)"',
    completion: 'eval "$(codex-auth completion bash)"',
    file: "~/.bashrc",
  },
  fish: {
    line: "codex-auth init fish | source",
    completion: "codex-auth completion fish | source",
    file: "~/.config/fish/config.fish",
  },
  pwsh: {
    // Out-String and Invoke-Expression would do too, but load a module, which takes longer than all the rest.
    line: 'if ($function:__codex_auth_init = (codex-auth init pwsh) -join "`n") { . __codex_auth_init }',
    completion:
      'if ($function:__codex_auth_completion = (codex-auth completion pwsh) -join "`n") { . __codex_auth_completion }',
    file: "$PROFILE",
  },
  elvish: {
    line: "eval (codex-auth init elvish | slurp)",
    completion: "eval (codex-auth completion elvish | slurp)",
    file: "~/.config/elvish/rc.elv",
  },
  nu: {
    line: nuLine("init", NU_FILES[0]),
    completion: nuLine("completion", NU_FILES[1]),
    file: "$nu.config-path",
  },
  xonsh: {
    line: xonshLine("init"),
    completion: xonshLine("completion"),
    file: "~/.xonshrc",
  },
  tcsh: {
    // .cshrc is csh's too, and what is no terminal reads it as well
    line: 'if ($?tcsh) eval "`codex-auth init tcsh`"',
    completion: 'if ($?tcsh && $?prompt) eval "`codex-auth completion tcsh`"',
    file: "~/.tcshrc",
  },
};

/** Takes the name of a program, or its path, as SHELL has it; returns which shell that is, or undefined for one that is not known. */
export function shellNamed(program: string | undefined): ServedShell | undefined {
  const name = program?.slice(program.lastIndexOf("/") + 1);
  return SERVED.find((shell) => shell === name);
}

/** Takes the environment; returns how the user's shell is set up, bash's way where that is not known. */
export const setupHere = ({ SHELL }: Record<string, string | undefined>): Setup => SETUP[shellNamed(SHELL) ?? "bash"];

/** Returns the lines of all shells with the files that they belong in, for a help; what stands in a column is as wide as most are. */
export function setupExamples(which: "line" | "completion"): string[] {
  const usual = Object.values(SETUP).filter((setup) => setup !== SETUP.nu && setup !== SETUP.xonsh);
  const width = Math.max(...usual.map((setup) => setup[which].length));
  return Object.values(SETUP).map((setup) => `${setup[which].padEnd(width)}  # in ${setup.file}`);
}
