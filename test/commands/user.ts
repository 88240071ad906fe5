import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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
import { PROGRAM } from "../shells/program.ts";

export interface Ran {
  code: number;
  out: string;
  err: string;
}

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
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), "codex-auth-user-")));
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
    const child = Bun.spawn(command, {
      cwd,
      env: { HOME: this.home, PATH: `${join(this.home, "bin")}:/usr/bin:/bin`, ...fakeEnvironment(this.fake), ...env },
      stdin: stdin === undefined ? "ignore" : Buffer.from(stdin),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { code, out, err };
  }

  /** Runs it, which must succeed; returns what went to standard output. */
  async auth(words: readonly string[], options?: RunOptions): Promise<string> {
    const { code, out, err } = await this.run(words, options);
    if (code !== 0) throw new Error(`codex-auth ${words.join(" ")}: exit ${code}\n${out}${err}`);
    return out;
  }

  /** Runs it with --json, and returns the document. */
  async json(words: readonly string[], options?: RunOptions): Promise<any> {
    return JSON.parse(await this.auth([...words, "--json"], options));
  }

  /** Writes a file below HOME; returns its path. */
  write(name: string, text: string, mode = 0o600): string {
    const path = join(this.home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  /** Makes a directory below HOME; returns its path. */
  directory(name: string): string {
    const path = join(this.home, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Imports a key or a login. */
  async add(who: FakeKey | ChatgptOptions): Promise<void> {
    const auth: ApiKeyAuth | ChatgptAuth = "key" in who ? apiKeyAuth(who) : chatgptAuth(who);
    if ("key" in who) this.fake.addKey(who);
    await this.auth(["import", this.write("import.json", JSON.stringify(auth))]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fake.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}
