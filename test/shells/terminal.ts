import { Screen } from "./screen.ts";

export interface TerminalOptions {
  cwd: string;
  /** The whole environment: nothing of ours leaks in. */
  env: Record<string, string>;
  columns?: number;
  rows?: number;
}

/** What `send` takes by name. */
export const KEYS = {
  enter: "\r",
  escape: "\x1b",
  tab: "\t",
  backspace: "\x7f",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  "ctrl-c": "\x03",
  "ctrl-d": "\x04",
  "ctrl-u": "\x15",
  "ctrl-z": "\x1a",
} as const;

/** A program in a real pseudo-terminal, and the person in front of it. */
export class Terminal implements AsyncDisposable {
  /** Everything the program wrote, escape sequences and all. */
  raw = "";
  private readonly model: Screen;
  private readonly process: Bun.Subprocess;
  private readonly changed = new Set<() => void>();
  /** Resolves when all that came so far is on the screen. */
  private shown: Promise<void> = Promise.resolve();

  constructor(command: string[], { cwd, env, columns = 200, rows = 50 }: TerminalOptions) {
    this.model = new Screen(columns, rows, (answer) => this.write(answer));
    const decoder = new TextDecoder();
    this.process = Bun.spawn(command, {
      cwd,
      env,
      terminal: {
        cols: columns,
        rows,
        name: "xterm-256color",
        data: (_terminal, data) => void (this.shown = this.receive(decoder.decode(data, { stream: true }))),
      },
    });
  }

  get pid(): number {
    return this.process.pid;
  }

  get running(): boolean {
    return this.process.exitCode === null;
  }

  /** Resolves to the exit code, with all on the screen. */
  get exited(): Promise<number> {
    return this.process.exited.then(async (code) => {
      await this.shown;
      return code;
    });
  }

  write(text: string): void {
    if (!this.process.terminal?.closed) this.process.terminal?.write(text);
  }

  /** Types a line and Enter. */
  type(line: string): void {
    this.write(`${line}\r`);
  }

  send(...keys: (keyof typeof KEYS)[]): void {
    for (const key of keys) this.write(KEYS[key]);
  }

  /** The lines on the screen now. */
  screen(): string[] {
    return this.model.lines();
  }

  /** All that was ever shown, as a person would have read it. */
  transcript(): string {
    return this.model.transcript().join("\n");
  }

  /** The line with the cursor, up to the cursor. */
  get beforeCursor(): string {
    return this.model.beforeCursor;
  }

  resize(columns: number, rows: number): void {
    this.model.resize(columns, rows);
    this.process.terminal?.resize(columns, rows);
  }

  /**
   * Waits until `ready` returns something, asked anew whenever the program has written; returns it. Throws with the screen as it is
   * after `seconds`, or when the program has ended.
   */
  async until<T>(what: string, ready: () => T | undefined, seconds = 10): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const check = () => {
      const value = ready();
      if (value !== undefined) resolve(value);
    };
    const fail = (why: string) => reject(new Error(`${what}: ${why}; on the screen:\n${this.tail(40)}`));
    const timer = setTimeout(() => fail(`not within ${seconds} s`), seconds * 1000);
    this.changed.add(check);
    let done = false;
    void this.process.exited.then(() => setTimeout(() => done || fail("the program ended"), 100));
    check();
    return promise.finally(() => {
      done = true;
      clearTimeout(timer);
      this.changed.delete(check);
    });
  }

  /** Waits until the screen shows a text (a pattern is matched against the screen's lines, joined by newlines). */
  async waitFor(expected: string | RegExp, seconds?: number): Promise<void> {
    await this.until(`waiting for ${expected}`, () => (this.shows(expected) ? true : undefined), seconds);
  }

  shows(expected: string | RegExp): boolean {
    const text = this.screen().join("\n");
    return typeof expected === "string" ? text.includes(expected) : expected.test(text);
  }

  /** Ends the program, and what runs in the foreground with it. */
  async close(): Promise<void> {
    this.process.kill("SIGHUP");
    this.process.terminal?.close();
    const killer = setTimeout(() => this.process.kill("SIGKILL"), 500);
    await this.process.exited;
    clearTimeout(killer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async receive(text: string): Promise<void> {
    await this.model.write(text);
    this.raw += text;
    for (const check of this.changed) check();
  }

  /** The end of the transcript. */
  tail(lines: number): string {
    return this.transcript().split("\n").slice(-lines).join("\n");
  }
}
