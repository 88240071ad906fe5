import bash from "../shell/completions/codex-auth.bash" with { type: "text" };
import fish from "../shell/completions/codex-auth.fish" with { type: "text" };
import pwsh from "../shell/completions/codex-auth.ps1" with { type: "text" };
import zsh from "../shell/completions/codex-auth.zsh" with { type: "text" };
import { fillIn, quote, quoteList, type Shell } from "./shell.ts";

const SCRIPTS: Record<Shell, string> = { zsh, bash, fish, pwsh };

/** Takes the words that start this program and the base home; returns a shell's completion script with its marked lines filled in. */
export function renderCompletion(shell: Shell, program: string[], base: string): string {
  return fillIn(shell, SCRIPTS[shell], { program: quoteList(shell, program), base: quote(shell, base) });
}
