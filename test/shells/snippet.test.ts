import { expect } from "bun:test";
import { join } from "node:path";
import { renderSnippet, type Shell } from "../../src/shell.ts";
import { Home } from "../home.ts";
import { mustSucceed, run } from "../run.ts";
import { findShell, KINDS, shellTest } from "./shells.ts";

// What `init` prints is the snippet as it lies in shell/, but for comments and the values.

const FILES: Record<Shell, string> = { zsh: "init.zsh", bash: "init.bash", fish: "init.fish", pwsh: "init.ps1" };
/** Prints all that FILE comes to. fish keeps comments. */
const TELL: Record<Shell, string> = {
  zsh: ". FILE; functions",
  bash: ". FILE; declare -f",
  fish: String.raw`source FILE
for each in (functions --all | string match '*codex?auth*')
    functions --no-details $each | string match --regex --invert '^\s*(#.*)?$' | string replace --regex '^\s+' ''
end`,
  pwsh: `$tokens = $errors = $null
$ast = [System.Management.Automation.Language.Parser]::ParseFile(FILE, [ref]$tokens, [ref]$errors)
$values = $ast.EndBlock.Statements[3].Extent.EndOffset
foreach ($each in $tokens) { if ($each.Extent.StartOffset -gt $values -and $each.Kind -notin 'Comment', 'NewLine') { $each.Text } }`,
};

for (const shell of Object.keys(FILES) as Shell[])
  shellTest(shell, "what init prints is the snippet without its comments", async () => {
    using home = new Home();
    const printed = home.write(
      "printed.ps1",
      renderSnippet(shell, { program: ["x"], base: home.at("x"), prompt: true, hook: true }),
    );
    const lies = join(import.meta.dir, "../../shell", FILES[shell]);
    const [a, b] = await Promise.all([lies, printed].map((file) => told(shell, home, file)));
    expect(a).toContain("__codex_auth_hook");
    expect(b).toBe(a ?? "");
    expect(await Bun.file(printed).text()).not.toMatch(/.\n[ \t]*(?:# (?!init: |codex-auth: )|\n)/);
  });

async function told(shell: Shell, home: Home, file: string): Promise<string> {
  const script = TELL[shell].replace("FILE", KINDS[shell].word(file));
  const command = KINDS[shell].script(findShell(shell) ?? shell, script);
  return mustSucceed(shell, await run(command, { cwd: home.path, env: home.env() })).out;
}
