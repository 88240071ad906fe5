import { cpSync } from "node:fs";
import { join } from "node:path";
import {
  type ApiKeyAuth,
  apiKeyAuth,
  type ChatgptAuth,
  chatgptAuth,
  type ChatgptOptions,
  type FakeKey,
} from "../fake/accounts.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { type FakeOpenAI, type FakeOpenAIOptions, startFakeOpenAI } from "../fake/openai.ts";
import { Home } from "../home.ts";
import { mustSucceed, type Ran, run } from "../run.ts";
import { PROGRAM } from "../shells/program.ts";

export interface RunOptions {
  cwd?: string;
  /** On top of HOME, PATH and what leads to the fake; undefined takes one away. */
  env?: Record<string, string | undefined>;
  stdin?: string;
  /** Starts the program from sh, behind this: `umask 000`. */
  first?: string;
}

/** A user with a HOME of his own, who types commands of the real program; OpenAI is a fake. */
export class User implements AsyncDisposable {
  private readonly place = new Home();
  readonly home = this.place.path;
  readonly base = join(this.home, ".codex");
  readonly fake: FakeOpenAI;

  constructor(options: FakeOpenAIOptions = {}) {
    this.fake = startFakeOpenAI(options);
  }

  /** Another user with the same files, and a fake of his own. No path may stand in the files: nothing pinned or used yet. */
  copy(options: FakeOpenAIOptions = {}): User {
    const other = new User(options);
    cpSync(this.home, other.home, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    return other;
  }

  /** Runs `codex-auth` with these words, whatever comes of it. */
  async run(words: readonly string[], { cwd = this.home, env = {}, stdin, first }: RunOptions = {}): Promise<Ran> {
    const command =
      first === undefined ? [...PROGRAM, ...words] : ["sh", "-c", `${first}; exec "$@"`, "sh", ...PROGRAM, ...words];
    const own = { HOME: this.home, PATH: `${join(this.home, "bin")}:/usr/bin:/bin`, ...fakeEnvironment(this.fake) };
    return run(command, { cwd, env: { ...own, ...env }, stdin });
  }

  /** Runs it, which must succeed; returns what went to standard output. */
  async auth(words: readonly string[], options?: RunOptions): Promise<string> {
    return mustSucceed(`codex-auth ${words.join(" ")}`, await this.run(words, options)).out;
  }

  /** Runs it with --json, and returns the document. */
  async json(words: readonly string[], options?: RunOptions): Promise<any> {
    return JSON.parse(await this.auth([...words, "--json"], options));
  }

  /** Writes a file below HOME; returns its path. */
  write(name: string, text: string, mode = 0o600): string {
    return this.place.write(name, text, mode);
  }

  /** Makes a directory below HOME; returns its path. */
  directory(name: string): string {
    return this.place.mkdir(name);
  }

  /** Imports a key or a login. */
  async add(who: FakeKey | ChatgptOptions): Promise<void> {
    const auth: ApiKeyAuth | ChatgptAuth = "key" in who ? apiKeyAuth(who) : chatgptAuth(who);
    if ("key" in who) this.fake.addKey(who);
    await this.auth(["import", this.write("import.json", JSON.stringify(auth))]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fake.stop();
    this.place[Symbol.dispose]();
  }
}
