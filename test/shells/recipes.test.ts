import { expect } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Shell } from "../../src/shell.ts";
import { ACCOUNTS } from "./accounts.ts";
import { Fixture } from "./fixture.ts";
import { Session } from "./session.ts";
import { shellTest } from "./shells.ts";
import { initLine } from "./world.ts";

// the README's recipes for prompts, as they stand there, beside a stand-in of what they plug into

const README = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");

/** Returns the code of the recipe that begins so. */
function recipe(beginning: string): string {
  const [, code = ""] = /```\w+\n([^]*?)```/.exec(README.slice(README.indexOf(`- **${beginning}`))) ?? [];
  return code.replace(/^ {2}/gm, "");
}

const HOSTILE = "$(touch ~/x) %F{red} `touch ~/x` \\u";

/** What the tool does with a recipe: it shows what the recipe gives it. */
const RECIPES: [tool: string, shell: Shell, before: string, behind: string][] = [
  [
    "powerlevel10k",
    "zsh",
    // -c: shown where that expands to something; -e -t: the text is expanded when it is shown
    `p10k() { [[ -n \${(e)3} ]] && print -r -- "<\${(e)6}>"; }`,
    "precmd_functions+=(prompt_codex_auth)",
  ],
  [
    "tide",
    "fish",
    "set -U tide_right_prompt_items; function _tide_print_item; echo '<'$argv[3..]'>'; end",
    "function __show --on-event fish_prompt; for item in $tide_right_prompt_items; _tide_item_$item; end; end",
  ],
  [
    "A prompt that fills its line",
    "zsh",
    "",
    `precmd_functions+=(__show); __show() { print -r -- "<\${(e)RPROMPT}>" }`,
  ],
];

for (const [tool, shell, before, behind] of RECIPES) {
  shellTest(shell, `${tool}: the label as it is, and none where there is none; nothing in it runs`, async () => {
    await using world = await Fixture.create();
    const work = await world.home.mkdir("work");
    await world.pin(work, ACCOUNTS.acme);
    await world.alias(ACCOUNTS.acme, HOSTILE);
    await world.switchTo(null);
    const rc = [before, initLine(world, shell, "--no-prompt"), recipe(tool), behind].join("\n");
    expect(recipe(tool)).toContain("CODEX_AUTH_LABEL");
    await using session = await Session.start(shell, world.home, { rc });
    expect(session.greeting).not.toContain("touch");
    // zsh's prompt takes %% for %
    const shown = (await session.cd(work)).replaceAll("%%", "%");
    expect(shown).toContain(`<${HOSTILE}>`);
    expect(await session.cd(world.home.path)).not.toContain("touch");
    expect(existsSync(world.home.at("x"))).toBe(false);
    await session.nextPrompt();
  });
}
