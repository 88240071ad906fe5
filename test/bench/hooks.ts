import { quote, type Shell } from "../../src/shell.ts";
import type { User } from "../commands/user.ts";
import { PROGRAM } from "../shells/program.ts";
import { findShell, KINDS } from "../shells/shells.ts";

/** An empty function is what a shell's own part in the cost of a hook is compared with. */
export type Tool = "codex-auth" | "direnv" | "zoxide" | "an empty function";

// its name has changed between versions
const ZOXIDE = "if typeset -f __zoxide_hook >/dev/null; then __zoxide_hook; else _zoxide_hook; fi";

/** What each tool runs before a prompt or at a change of directory; a tool that does not know a shell has none. */
export const HOOKS: Record<Tool, Partial<Record<Shell, string>>> = {
  "codex-auth": {
    zsh: "__codex_auth_hook",
    bash: "__codex_auth_hook",
    fish: "__codex_auth_hook",
    pwsh: "__codex_auth_hook",
  },
  direnv: { zsh: "_direnv_hook", bash: "_direnv_hook", fish: "__direnv_export_eval" },
  "an empty function": { zsh: "nothing", bash: "nothing", fish: "nothing", pwsh: "nothing" },
  zoxide: { zsh: ZOXIDE, bash: ZOXIDE, fish: "functions -q __zoxide_hook; and __zoxide_hook; or _zoxide_hook" },
};

export interface HookRun {
  shell: Shell;
  tool: Tool;
  /** Between two directories of different accounts; else again and again in one. */
  change: boolean;
  user: User;
  here: string;
  pinned: string;
}

const RUNS = 7;
/** How many runs a loop has: many of what takes microseconds, few of what starts a process. */
const COUNTS: Record<Tool, [unchanged: number, change: number]> = {
  "codex-auth": [2000, 400],
  "an empty function": [10_000, 10_000],
  direnv: [30, 30],
  zoxide: [30, 30],
};

/**
 * Returns what one run of a hook costs, in milliseconds: a loop of them in a shell of its own, less the same loop without the hook. Where
 * the directory changes, the loop changes it twice, and the cost of `cd` itself is taken off. The two loops take turns, and the fastest of
 * each counts: what else the machine does only makes them slower.
 */
export async function hookTime(run: HookRun): Promise<number> {
  const count = COUNTS[run.tool][run.change ? 1 : 0];
  let [hooked, bare] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < RUNS; i++) {
    hooked = Math.min(hooked, await loopTime(run, count, true));
    // an empty function counts with the loop around it, which is most of it
    bare = Math.min(bare, await loopTime(run, run.tool === "an empty function" ? 0 : count, false));
  }
  return Math.max((hooked - bare) / count, 0);
}

async function loopTime(run: HookRun, count: number, withHook: boolean): Promise<number> {
  const { shell, user, here } = run;
  const command = KINDS[shell].script(findShell(shell) ?? shell, script(run, count, withHook));
  const start = performance.now();
  const child = Bun.spawn(command, {
    cwd: here,
    env: { HOME: user.home, PATH: process.env.PATH ?? "", TERM: "xterm" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [code, err] = await Promise.all([child.exited, child.stderr.text()]);
  if (code !== 0) throw new Error(`${shell}, ${run.tool}: exit ${code}\n${err}`);
  return performance.now() - start;
}

function script({ shell, tool, change, here, pinned }: HookRun, count: number, withHook: boolean): string {
  const hook = withHook ? (HOOKS[tool][shell] ?? "") : "";
  const cd = (directory: string) =>
    `${shell === "pwsh" ? "Set-Location -LiteralPath" : "cd"} ${quote(shell, directory)}`;
  // each round of the loop counts as two
  const body = change ? [cd(pinned), hook, cd(here), hook] : [hook, hook];
  return `${load(shell, tool)}\n${LOOPS[shell](count / 2, body.filter(Boolean).join("\n"))}\nexit 0`;
}

/** The snippet of the tool, without what runs by itself. */
function load(shell: Shell, tool: Tool): string {
  const { evaluate } = KINDS[shell];
  if (tool === "codex-auth") return evaluate([...PROGRAM, "init", shell, "--no-hook"]);
  if (tool === "an empty function") return EMPTY[shell];
  return evaluate(tool === "direnv" ? ["direnv", "hook", shell] : ["zoxide", "init", shell]);
}

const EMPTY: Record<Shell, string> = {
  zsh: "nothing() {}",
  bash: "nothing() { :; }",
  fish: "function nothing; end",
  pwsh: "function nothing { }",
};

const LOOPS: Record<Shell, (count: number, body: string) => string> = {
  zsh: (count, body) => `integer i; for (( i = 0; i < ${count}; i++ )); do :\n${body}\ndone`,
  bash: (count, body) => `for (( i = 0; i < ${count}; i++ )); do :\n${body}\ndone`,
  fish: (count, body) => `for i in (seq ${count})\n${body}\nend`,
  pwsh: (count, body) => `for ($i = 0; $i -lt ${count}; $i++) {\n${body}\n}`,
};
