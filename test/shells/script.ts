import type { Shell } from "../../src/shell.ts";
import type { Home } from "../home.ts";
import { run } from "../run.ts";
import { findShell, KINDS } from "./shells.ts";

/** What a script left behind. */
export interface Outcome {
  stdout: string;
  stderr: string;
  status: number;
}

export interface ScriptOptions {
  env?: Record<string, string>;
  /** Words before the shell: `strace` and its options. */
  wrap?: string[];
}

/** Runs a script in a shell without terminal, input or start-up files, from HOME. */
export async function runScript(
  shell: Shell,
  home: Home,
  script: string,
  { env, wrap = [] }: ScriptOptions = {},
): Promise<Outcome> {
  const command = [...wrap, ...KINDS[shell].script(findShell(shell) ?? shell, script)];
  const ran = await run(command, { cwd: home.path, env: home.env(env) });
  return { stdout: ran.out, stderr: ran.err, status: ran.code };
}
