/** Who waits for longer is told how far it is. */
const PATIENCE_MS = 2000;

/**
 * Runs `work`, which calls `moved` when it has come further; from 2 s on `show` gets `text()`, and "" when it is over. What is done by then shows
 * nothing. Returns what `work` returns; throws what it throws.
 */
export async function withProgress<T>(
  show: (text: string) => void,
  text: () => string,
  work: (moved: () => void) => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    show(text());
  }, patienceMs);
  try {
    return await work(() => {
      if (isShown) show(text());
    });
  } finally {
    clearTimeout(timer);
    if (isShown) show("");
  }
}
