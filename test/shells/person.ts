import type { ProcessShell } from "../../src/process-shell.ts";
import type { Program } from "./program.ts";
import { Session } from "./session.ts";
import { KIND_OF } from "./shells.ts";
import type { Terminal } from "./terminal.ts";

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

/** Any text as a word in the list of a snippet that starts the program. */
const listed = (shell: ProcessShell, text: string) =>
  shell === "xonsh" ? `${JSON.stringify(text)},` : KIND_OF[shell].word(text);

/** A person in front of one of these shells, whose snippet may start codex-auth through another program. */
export class Person implements AsyncDisposable {
  private constructor(readonly session: Session) {}

  static async start(
    world: Program,
    shell: ProcessShell,
    { options = [], env = {}, through = "", rc = "" }: PersonOptions = {},
  ): Promise<Person> {
    const { home } = world;
    const text = await world.run(["init", shell, ...options]);
    const first = through && `${listed(shell, through)} `;
    const snippet = home.write(
      shell === "nu" ? ".data/nushell/vendor/autoload/codex-auth.nu" : `snippet.${shell}`,
      text.replace(/^([\w ]*program = [[(])/m, (begin) => begin + first),
    );
    const line = shell === "nu" ? "" : KIND_OF[shell].evaluate(["cat", snippet]);
    return new Person(await Session.start(shell, home, { env: { ...world.env, ...env }, rc: `${rc}\n${line}` }));
  }

  get terminal(): Terminal {
    return this.session.terminal;
  }

  /** Types a line; resolves at the next prompt, to what was printed. */
  type(line: string): Promise<string> {
    return this.session.run(line);
  }

  /** What a program gets that is started there. */
  environment(): Promise<Record<string, string | undefined>> {
    return this.session.env();
  }

  /** What is told there of an account, beside CODEX_HOME. */
  async seen() {
    const { CODEX_HOME, CODEX_AUTH_LABEL, CODEX_AUTH_SOURCE, CODEX_API_KEY } = await this.environment();
    return { home: CODEX_HOME, label: CODEX_AUTH_LABEL, source: CODEX_AUTH_SOURCE, stray: CODEX_API_KEY };
  }

  cd(directory: string): Promise<string> {
    return this.session.cd(directory);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.session.close();
  }
}
