import { type Shell, SHELLS } from "../../src/shell.ts";
import { Home } from "../home.ts";
import { findShell, KINDS } from "../shells/shells.ts";
import { processTimes, type Row, type Timed } from "./timing.ts";

/** What our line may add to the start of a shell, in milliseconds. */
const GOALS: Record<Shell, number> = { zsh: 6, bash: 6, fish: 12, pwsh: 40 };

/** The words that print a tool's script for a shell. */
const TOOLS: Record<string, { words: (shell: Shell) => string[]; shells: readonly Shell[] }> = {
  zoxide: { words: (shell) => ["init", shell === "pwsh" ? "powershell" : shell], shells: SHELLS },
  direnv: { words: (shell) => ["hook", shell], shells: ["zsh", "bash", "fish"] },
  mise: { words: (shell) => ["activate", shell], shells: SHELLS },
  starship: { words: (shell) => ["init", shell === "pwsh" ? "powershell" : shell], shells: SHELLS },
};

const RUN: Record<Shell, (program: string, home: Home) => string[]> = {
  zsh: (program) => [program, "-d", "-i", "-c", "exit"],
  bash: (program, home) => [program, "--rcfile", home.at(".bashrc"), "-i", "-c", "exit"],
  fish: (program) => [program, "-i", "-c", "exit"],
  pwsh: (program) => [program, "-NoLogo", "-Command", "exit"],
};

/** Measures what our line adds to the start of each shell, beside those of other tools, all in turns. */
export async function measureStarts(program: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const shell of SHELLS.filter((each) => findShell(each))) {
    using place = new AllHomes();
    const lines = new Map([
      ["", ""],
      ["codex-auth", evaluate(shell, program, ["init", shell])],
    ]);
    for (const [tool, { words, shells }] of Object.entries(TOOLS)) {
      const path = Bun.which(tool);
      if (path && shells.includes(shell)) lines.set(tool, theirs(shell, path, words(shell)));
    }
    const timed = [...lines.values()].map((line) => place.start(shell, line));
    const [bare = 0, ...times] = await processTimes(timed, shell === "pwsh" ? 11 : 40);
    rows.push({ what: `${shell}: start`, ms: bare });
    for (const [at, tool] of [...lines.keys()].slice(1).entries()) {
      const beside = { what: `a bare ${shell}`, ms: bare };
      const goal = tool === "codex-auth" ? { goal: { more: GOALS[shell] } } : {};
      rows.push({ what: `${shell}: start with ${tool}'s line`, ms: times[at] ?? 0, beside, ...goal });
    }
  }
  return rows;
}

const evaluate = (shell: Shell, program: string, words: string[]) => KINDS[shell].evaluate([program, ...words]);

/** The line that another tool tells its users. */
const theirs = (shell: Shell, program: string, words: string[]) =>
  shell === "pwsh"
    ? `${KINDS.pwsh.call([program, ...words])} | Out-String | Invoke-Expression`
    : evaluate(shell, program, words);

/** A HOME for each line, as its shell reads it. */
class AllHomes implements Disposable {
  private readonly homes: Home[] = [];

  start(shell: Shell, line: string): Timed {
    const home = new Home("codex-auth-bench-");
    this.homes.push(home);
    home.write(KINDS[shell].rcFile, `${line}\n`);
    return { command: RUN[shell](findShell(shell) ?? shell, home), env: home.env({ PATH: process.env.PATH ?? "" }) };
  }

  [Symbol.dispose](): void {
    for (const home of this.homes) home[Symbol.dispose]();
  }
}
