import { quote, type Shell } from "../../src/shell.ts";
import type { User } from "../commands/user.ts";
import { PROGRAM } from "../shells/program.ts";
import { findShell, KINDS } from "../shells/shells.ts";
import { median } from "./timing.ts";

export type Tool = "codex-auth" | "direnv" | "zoxide";

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

const RUNS = 3;

/**
 * Returns what one run of a hook costs, in milliseconds: a loop of them in a shell of its own, less the same loop without the hook. Where
 * the directory changes, the loop changes it twice, and the cost of `cd` itself is taken off.
 */
export async function hookTime(run: HookRun): Promise<number> {
  const count = run.tool === "codex-auth" ? (run.change ? 400 : 2000) : 30;
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++)
    times.push(((await loopTime(run, count, true)) - (await loopTime(run, count, false))) / count);
  return Math.max(median(times), 0);
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
  return evaluate(tool === "direnv" ? ["direnv", "hook", shell] : ["zoxide", "init", shell]);
}

const LOOPS: Record<Shell, (count: number, body: string) => string> = {
  zsh: (count, body) => `integer i; for (( i = 0; i < ${count}; i++ )); do :\n${body}\ndone`,
  bash: (count, body) => `for (( i = 0; i < ${count}; i++ )); do :\n${body}\ndone`,
  fish: (count, body) => `for i in (seq ${count})\n${body}\nend`,
  pwsh: (count, body) => `for ($i = 0; $i -lt ${count}; $i++) {\n${body}\n}`,
};
