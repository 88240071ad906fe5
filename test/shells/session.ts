import { readFile, rm } from "node:fs/promises";
import { SHELLS } from "../../src/shell.ts";
import type { Home } from "../home.ts";
import { plainLines } from "./screen.ts";
import { ALL_SHELLS, type AnyShell, findShell, KIND_OF, READY, type ShellKind, START } from "./shells.ts";
import { Terminal } from "./terminal.ts";

/** How many seconds a prompt may take: a machine that is busy takes many for the start of PowerShell alone. */
const PATIENCE = 45;

export interface SessionOptions {
  /** What the user's start-up file says, behind the harness' own lines. */
  rc?: string;
  /** The same for other shells, which the test starts inside. */
  nested?: Partial<Record<AnyShell, string>>;
  /** What `init` is told in the line of the start-up file, where that is not made by the world. */
  init?: readonly string[];
  /** Variables beside those of `Home.env`. */
  env?: Record<string, string>;
  /** Default: HOME. */
  cwd?: string;
  /** Another binary than the one on PATH. */
  program?: string;
  /** In the shell's own syntax. Default: `> `. */
  prompt?: string;
  columns?: number;
  rows?: number;
}

interface Ready {
  id: string;
  status: number;
  shell: AnyShell;
  start: number;
  end: number;
}

/** An interactive shell in a terminal. */
export class Session implements AsyncDisposable {
  private ready: Ready = { id: "none", status: 0, shell: "zsh", start: 0, end: 0 };
  /** What the start-up printed before the first prompt. */
  greeting = "";

  private constructor(
    readonly terminal: Terminal,
    private readonly home: Home,
  ) {}

  /** Starts a shell and waits for its first prompt. */
  static async start(shell: AnyShell, home: Home, options: SessionOptions = {}): Promise<Session> {
    const kind = KIND_OF[shell];
    const { rc = "", nested = {}, env, cwd = home.path, prompt = "> ", columns = 400, rows = 50 } = options;
    const texts: Partial<Record<AnyShell, string>> = { ...nested, [shell]: rc };
    for (const each of new Set([...SHELLS, shell]))
      await writeRc(home, each, texts[each] ?? "", each === shell ? prompt : "> ");
    const program = options.program ?? findShell(shell) ?? shell;
    const command = kind.interactive(program, home.at(kind.rcFile));
    const terminal = new Terminal(command, { cwd, env: home.env(env), columns, rows });
    const session = new Session(terminal, home);
    try {
      session.greeting = await session.reachPrompt(0, PATIENCE);
    } catch (error) {
      await terminal.close();
      throw error;
    }
    return session;
  }

  /** The shell that shows the prompt: another one once a nested shell has been started. */
  get shell(): AnyShell {
    return this.ready.shell;
  }

  /** Its syntax. */
  get kind(): ShellKind {
    return KIND_OF[this.shell];
  }

  /** The last command's status, as the prompt saw it. */
  get status(): number {
    return this.ready.status;
  }

  /** The prompt as shown, without the blanks at its end. */
  get prompt(): string {
    return this.terminal.beforeCursor.trimEnd();
  }

  /**
   * Types a line, waits for the next prompt; returns what was printed in between, as lines without escape sequences. (What does not
   * end in a newline cannot be told from the prompt and is left out.)
   */
  run(line: string, seconds = PATIENCE): Promise<string> {
    return this.begin(line)(seconds);
  }

  /** Types a line whose program will ask for more; returns what waits for the next prompt as `run` does. */
  begin(line: string): (seconds?: number) => Promise<string> {
    const from = this.terminal.raw.length;
    const { shell } = this;
    this.terminal.type(line);
    return async (seconds = PATIENCE) => {
      const output = await this.reachPrompt(from, seconds);
      // PowerShell reads a line by itself, and shows it a second time when it was typed before it was ready for it.
      return shell === "pwsh" && `${output}\n`.startsWith(`${line}\n`) ? output.slice(line.length + 1) : output;
    };
  }

  /** Waits for the prompt after this one, where what has happened elsewhere is seen; returns what was told there. */
  nextPrompt(): Promise<string> {
    return this.run(this.kind.nothing);
  }

  cd(directory: string): Promise<string> {
    return this.run(this.kind.cd(directory));
  }

  /** Sets and exports a variable. */
  export(name: string, value: string): Promise<string> {
    return this.run(this.kind.export(name, value));
  }

  set(name: string, value: string): Promise<string> {
    return this.run(this.kind.set(name, value));
  }

  unset(name: string): Promise<string> {
    return this.run(this.kind.unset(name));
  }

  /** Runs a program by its words. */
  call(...words: string[]): Promise<string> {
    return this.run(this.kind.call(words));
  }

  /** A shell variable, exported or not, to the byte. */
  async variable(name: string): Promise<string | undefined> {
    const file = this.home.at("tmp/variable");
    await this.run(this.kind.save(name, file));
    const text = await readFile(file, "utf8");
    await rm(file);
    return text.startsWith("+") ? text.slice(1) : undefined;
  }

  /** What a program gets that is started at this prompt, to the byte. */
  async env(): Promise<Record<string, string | undefined>> {
    const file = this.home.at("tmp/env");
    await rm(file, { force: true });
    await this.run(`env-to ${this.kind.word(file)}`);
    return parseEnv(await readFile(file));
  }

  async close(): Promise<void> {
    await this.terminal.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async reachPrompt(from: number, seconds: number): Promise<string> {
    const before = this.ready;
    this.ready = await this.terminal.until("waiting for a prompt", () => this.findPrompt(from, before), seconds);
    const written = this.terminal.raw.slice(from, this.ready.start);
    const start = written.indexOf(START);
    const output =
      start < 0 ? written.slice(from === 0 ? 0 : written.indexOf("\n") + 1) : written.slice(start + START.length);
    return (await plainLines(output)).slice(0, output.split("\n").length - 1).join("\n");
  }

  /** Whether the last line is a prompt. (Shell and terminal may count the columns of a label differently: the cursor can be anywhere near its end.) */
  private isDrawn(): boolean {
    return (
      this.terminal
        .screen()
        .findLast((line) => line.trim() !== "")
        ?.trimEnd()
        .endsWith(">") ?? false
    );
  }

  /** A prompt is new if it has another id, or comes after a command has started. */
  private findPrompt(from: number, before: Ready): Ready | undefined {
    const text = this.terminal.raw.slice(from);
    const started = text.indexOf(START);
    for (const match of text.matchAll(READY)) {
      const [all, id = "", status = "", name = ""] = match;
      const shell = ALL_SHELLS.find((each) => each === name);
      if (!shell || (id === before.id && !(started >= 0 && started < match.index))) continue;
      if (KIND_OF[shell].drawsLater && !this.isDrawn()) continue;
      const start = from + match.index;
      return { id, status: Number(status), shell, start, end: start + all.length };
    }
    return undefined;
  }
}

/** Parses `NAME=value` entries that each end in NUL. */
export function parseEnv(bytes: Uint8Array): Record<string, string | undefined> {
  const entries = new TextDecoder().decode(bytes).split("\0").filter(Boolean);
  return Object.fromEntries(entries.map((entry) => [entry.split("=", 1)[0], entry.slice(entry.indexOf("=") + 1)]));
}

async function writeRc(home: Home, shell: AnyShell, rc: string, prompt: string): Promise<void> {
  const kind = KIND_OF[shell];
  await home.write(kind.rcFile, `${kind.rc}\n${kind.prompt(prompt)}\n${rc}\n${kind.end ?? ""}\n`);
}
