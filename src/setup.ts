import type { Shell } from "./shell.ts";

/** The line that sets a shell up, and the file that it belongs in. */
export interface Setup {
  line: string;
  file: string;
}

export const SETUP: Record<Shell, Setup> = {
  zsh: { line: 'eval "$(codex-auth init zsh)"', file: "~/.zshrc" },
  bash: { line: 'eval "$(codex-auth init bash)"', file: "~/.bashrc" },
  fish: { line: "codex-auth init fish | source", file: "~/.config/fish/config.fish" },
  pwsh: { line: "codex-auth init pwsh | Out-String | Invoke-Expression", file: "$PROFILE" },
};

/** Takes the variable SHELL; returns how that shell is set up, or undefined for one that is not known. */
export function setupOf(shell: string | undefined): Setup | undefined {
  const name = shell?.slice(shell.lastIndexOf("/") + 1);
  return Object.entries(SETUP).find(([known]) => known === name)?.[1];
}

/** Takes the environment; returns how the user's shell is set up, bash's way where that is not known. */
export const setupHere = ({ SHELL }: Record<string, string | undefined>): Setup => setupOf(SHELL) ?? SETUP.bash;
