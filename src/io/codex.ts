/** The Codex program, as it is found on PATH. */
export type Codex = ReturnType<typeof connectCodex>;

/** Takes the environment and the platform; returns what we have Codex do. */
export function connectCodex(env: Record<string, string | undefined>, _platform: string) {
  return {
    /** Returns the absolute path of `codex` on PATH, or undefined. */
    find: (): string | undefined => Bun.which("codex", { PATH: env.PATH ?? "" }) ?? undefined,

    /**
     * Runs `codex ARGS` on this terminal with the given CODEX_HOME and without variables that would log in elsewhere.
     * Returns its exit code. `input` goes to its standard input instead of the terminal.
     */
    async run(program: string, args: string[], codexHome: string, input?: string): Promise<number> {
      const child = Bun.spawn([program, ...args], {
        env: { ...env, CODEX_HOME: codexHome },
        stdio: [input === undefined ? "inherit" : new Blob([input]), "inherit", "inherit"],
      });
      return await child.exited;
    },
  };
}
