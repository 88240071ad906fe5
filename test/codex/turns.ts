/** Returns what waits until one of so many turns is free: several Codex at once would only wait for each other. */
export function limitTurns(count: number): () => Promise<Disposable> {
  let free = count;
  const waiting: (() => void)[] = [];
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return {
      [Symbol.dispose]() {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      },
    };
  };
}
