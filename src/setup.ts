import { SHELLS, type Shell } from "./shell.ts";

/** The lines that set a shell up, and the file that they belong in. */
export interface Setup {
  line: string;
  /** The same for what Tab offers. */
  completion: string;
  file: string;
}

export const SETUP: Record<Shell, Setup> = {
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
};

/** Takes the name of a program, or its path, as SHELL has it; returns which shell that is, or undefined for one that is not known. */
export function shellNamed(program: string | undefined): Shell | undefined {
  const name = program?.slice(program.lastIndexOf("/") + 1);
  return SHELLS.find((shell) => shell === name);
}

/** Takes the environment; returns how the user's shell is set up, bash's way where that is not known. */
export const setupHere = ({ SHELL }: Record<string, string | undefined>): Setup => SETUP[shellNamed(SHELL) ?? "bash"];
