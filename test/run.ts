/** What a program left behind. */
export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface RunOptions {
  cwd?: string;
  /** The whole environment: nothing of ours leaks in. */
  env: Record<string, string | undefined>;
  /** Default: nothing. */
  stdin?: string | undefined;
}

/** Runs a program to its end, whatever comes of it. */
export async function run(command: readonly string[], { cwd, env, stdin }: RunOptions): Promise<Ran> {
  const child = Bun.spawn([...command], {
    ...(cwd !== undefined && { cwd }),
    env,
    stdin: stdin === undefined ? "ignore" : Buffer.from(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

/** Throws when it failed, with all that it said; else returns it. */
export function mustSucceed(what: string, ran: Ran): Ran {
  if (ran.code !== 0) throw new Error(`${what}: exit ${ran.code}\n${ran.out}${ran.err}`);
  return ran;
}
