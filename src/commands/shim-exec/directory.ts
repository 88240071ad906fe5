/** Takes the arguments of `codex`; returns the directory in which they have it work: the last `-C` or `--cd` before `--`, as Codex takes it. */
export function namedDirectory(args: readonly string[]): string | undefined {
  let named: string | undefined;
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const word = args[at] ?? "";
    if (word === "-C" || word === "--cd") named = args[++at];
    else if (word.startsWith("--cd=")) named = word.slice("--cd=".length);
    else if (word.startsWith("-C")) named = word.slice(word.startsWith("-C=") ? 3 : 2);
  }
  return named;
}
