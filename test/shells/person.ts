import { readFileSync, rmSync } from "node:fs";
import type { ProcessShell } from "../../src/process-shell.ts";
import { programOf, TYPED } from "./process-shells.ts";
import type { Program } from "./program.ts";
import { Terminal } from "./terminal.ts";

export interface PersonOptions {
  /** What `init` is told. */
  options?: string[];
  /** Variables beside those of the world. */
  env?: Record<string, string>;
  /** A program that gets the words that start codex-auth, and starts it. */
  through?: string;
  /** What the start file says before the line for codex-auth. */
  rc?: string;
}

/** A person in front of one of these shells: what he types, and the environment that a program gets there. */
export class Person implements AsyncDisposable {
  private count = 0;
  private constructor(
    readonly world: Program,
    readonly shell: ProcessShell,
    readonly terminal: Terminal,
    private readonly ready: string,
  ) {}

  static async start(
    world: Program,
    shell: ProcessShell,
    { options = [], env = {}, through = "", rc = "" }: PersonOptions = {},
  ): Promise<Person> {
    const { home } = world;
    const text = await world.run(["init", shell, ...options]);
    const first = through && `${TYPED[shell].word(through)}${shell === "xonsh" ? "," : ""} `;
    const snippet = home.write(
      `snippet.${shell}`,
      text.replace(/^([\w ]*program = [[(])/m, (begin) => begin + first),
    );
    const ready = home.write(`tmp/ready-${shell}`, "");
    const rcFile = home.write(TYPED[shell].rcFile, `${rc}\n${TYPED[shell].rc(snippet, ready)}`);
    const command = TYPED[shell].start(programOf(shell) ?? shell, rcFile);
    const terminal = new Terminal(command, { cwd: home.path, env: home.env({ ...world.env, ...env }) });
    const person = new Person(world, shell, terminal, ready);
    await person.prompt(0);
    return person;
  }

  private prompts = () => readFileSync(this.ready).length;

  /** Resolves at the prompt behind so many. What is typed before it is read gets lost. */
  private async prompt(behind: number): Promise<void> {
    await this.terminal.until("a prompt", () => (this.prompts() > behind ? true : undefined), 40);
    await Bun.sleep(200);
  }

  /** Types a line; resolves at the next prompt. */
  async type(line: string): Promise<void> {
    const before = this.prompts();
    this.terminal.type(line);
    await this.prompt(before);
  }

  /** Types a command that hands its environment over; returns it. */
  async environment(): Promise<Record<string, string>> {
    const file = this.world.home.at(`tmp/env-${this.shell}-${this.count++}`);
    await this.type(TYPED[this.shell].dump(file));
    const text = readFileSync(file, "utf8");
    rmSync(file);
    return Object.fromEntries(
      text
        .split("\0")
        .filter(Boolean)
        .map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]),
    );
  }

  /** What is told there of an account, beside CODEX_HOME. */
  async seen() {
    const { CODEX_HOME, CODEX_AUTH_LABEL, CODEX_AUTH_SOURCE, CODEX_API_KEY } = await this.environment();
    return { home: CODEX_HOME, label: CODEX_AUTH_LABEL, source: CODEX_AUTH_SOURCE, stray: CODEX_API_KEY };
  }

  cd(directory: string): Promise<void> {
    return this.type(`cd ${TYPED[this.shell].word(directory)}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.terminal.close();
  }
}
