import { cpSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { RUNTIME_FLAGS } from "../../src/runtime.ts";
import { fakeEnvironment } from "../fake/config.ts";
import { type FakeOpenAI, startFakeOpenAI } from "../fake/openai.ts";
import { type Account, ACCOUNTS } from "./accounts.ts";
import { Home } from "../home.ts";
import { mustSucceed, run } from "../run.ts";
import type { World } from "./world.ts";

const ROOT = join(import.meta.dir, "../..");
const CLI = join(ROOT, "src/cli.ts");
const given = process.env.CODEX_AUTH_TEST_PROGRAM && resolve(ROOT, process.env.CODEX_AUTH_TEST_PROGRAM);
const script = given?.endsWith(".js") ? given : CLI;
/** What a person starts by its name: the script, or another form of it. */
export const LAUNCHER = given ?? CLI;
/**
 * The words that start the program: the script of this repository with this runtime; or the bundle, a package that is installed or the one
 * binary, which CODEX_AUTH_TEST_PROGRAM names (from the repository's root).
 */
export const PROGRAM = given && script !== given ? [given] : [process.execPath, ...RUNTIME_FLAGS, script];

/** The real program in a throw-away HOME, with the accounts imported, and a fake server in OpenAI's place. */
export class Program implements World {
  program = PROGRAM;
  readonly env: Record<string, string>;

  private constructor(
    readonly home: Home,
    readonly openai: FakeOpenAI,
  ) {
    this.env = fakeEnvironment(openai);
  }

  static async create(): Promise<Program> {
    const keys = Object.values<Account>(ACCOUNTS).flatMap(({ fake }) => fake ?? []);
    const world = new Program(Home.forShells(), startFakeOpenAI({ keys }));
    for (const account of Object.values(ACCOUNTS)) await world.add(account);
    await world.switchTo(ACCOUNTS.own);
    return world;
  }

  /** Goes on with a copy of the program in a directory of HOME's, which may be moved away; returns the directory. */
  copyProgram(): string {
    const tools = this.home.mkdir("tools");
    const from = given && script === given ? ["dist"] : ["src", "shell", "package.json"];
    for (const name of from) cpSync(join(ROOT, name), join(tools, name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(tools, "node_modules"));
    this.program = [...PROGRAM.slice(0, -1), script.replace(ROOT, tools)];
    return tools;
  }

  get base(): string {
    return this.home.at(".codex");
  }

  selector({ email }: Account): string {
    return email;
  }

  /** Runs a command in another terminal, so to speak; returns its stdout, throws when it fails. */
  async run(words: string[], cwd = this.home.path): Promise<string> {
    const ran = await run([...this.program, ...words], { cwd, env: this.home.env(this.env) });
    return mustSucceed(`codex-auth ${words.join(" ")}`, ran).out;
  }

  async add({ auth, alias, name }: Account): Promise<void> {
    const file = await this.home.write(`tmp/${name}.json`, JSON.stringify(auth));
    await this.run(["import", file, ...(alias ? ["--alias", alias] : [])]);
  }

  async pin(directory: string, { key }: Account): Promise<void> {
    await this.run(["pin", key, directory]);
  }

  async unpin(directory: string): Promise<void> {
    await this.run(["unpin", directory]);
  }

  async switchTo({ key }: Account): Promise<void> {
    await this.run(["switch", key]);
  }

  async alias({ key }: Account, alias: string): Promise<void> {
    await this.run(alias ? ["alias", "set", "--", key, alias] : ["alias", "clear", key]);
  }

  async remove({ key }: Account): Promise<void> {
    await this.run(["remove", key, "--yes"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.openai.stop();
    this.home[Symbol.dispose]();
  }
}
