import { encodeBytes } from "../core/bytes.ts";

/** Standard output: text goes out as it is written, and `end` waits for the rest. */
export interface Output {
  write(text: string): void;
  /** Waits until all is written. Throws what the system said to the first write that failed: `EPIPE`, `ENOSPC`, … */
  end(): Promise<void>;
}

/** Returns this process's standard output. `process.stdout` does the same, but takes 10 ms of each start to load. */
export function openOutput(): Output {
  const failures: unknown[] = [];
  let writer: ReturnType<typeof Bun.stdout.writer> | undefined;
  // a write fails at once or later, by its size and what is behind it
  const attempt = (work: () => unknown) => {
    try {
      const later = work();
      if (later instanceof Promise) later.catch((error: unknown) => failures.push(error));
      return later;
    } catch (error) {
      failures.push(error);
      return undefined;
    }
  };
  return {
    write(text) {
      const sink = (writer ??= Bun.stdout.writer());
      attempt(() => sink.write(encodeBytes(text)));
      attempt(() => sink.flush());
    },
    async end() {
      await Promise.resolve(attempt(() => writer?.end())).catch(() => undefined);
      if (failures.length > 0) throw failures[0];
    },
  };
}
