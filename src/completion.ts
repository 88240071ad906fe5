import bash from "../shell/completions/codex-auth.bash" with { type: "text" };
import fish from "../shell/completions/codex-auth.fish" with { type: "text" };
import pwsh from "../shell/completions/codex-auth.ps1" with { type: "text" };
import zsh from "../shell/completions/codex-auth.zsh" with { type: "text" };
import { quote, type Shell } from "./shell.ts";

const SCRIPTS: Record<Shell, string> = { zsh, bash, fish, pwsh };
const LISTS: Record<Shell, (words: string[]) => string> = {
  zsh: (words) => `(${words.join(" ")})`,
  bash: (words) => `(${words.join(" ")})`,
  fish: (words) => words.join(" "),
  pwsh: (words) => `@(${words.join(", ")})`,
};

/** Takes the words that start this program and the base home; returns a shell's completion script with its marked lines filled in. */
export function renderCompletion(shell: Shell, program: readonly string[], base: string): string {
  const values: Record<string, string> = {
    program: LISTS[shell](program.map((word) => quote(shell, word))),
    base: quote(shell, base),
  };
  const assignment = /^(set -g \w+ |[^=\n]+=\s*).*?(\s+# init: (\w+))$/gm;
  return SCRIPTS[shell].replace(assignment, (_line, before, mark, name) => `${before}${values[name]}${mark}`);
}
