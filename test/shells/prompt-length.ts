import type { Shell } from "../../src/shell.ts";

/** A command that prints how long what makes the prompt is. */
export const LENGTH: Record<Shell, string> = {
  zsh: "print $#PROMPT $#RPROMPT $#precmd_functions $#chpwd_functions",
  bash: 'echo "${#PS1} ${#PROMPT_COMMAND}"',
  fish: "functions fish_prompt | count; functions fish_prompt | string join x | string length; functions fish_right_prompt | count",
  pwsh: '"$((Get-Item function:prompt).ScriptBlock.ToString().Length)"',
};
