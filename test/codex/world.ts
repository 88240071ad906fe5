import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { chatgptTokens, loginOfToken, type ApiKeyAuth, type ChatgptAuth } from "../fake/accounts.ts";
import { codexConfig, fakeEnvironment } from "../fake/config.ts";
import { startFakeOpenAI, type FakeOpenAI, type FakeOpenAIOptions } from "../fake/openai.ts";
import { Home } from "../home.ts";
import { mustSucceed, type Ran, run } from "../run.ts";
import { endBackground } from "./background.ts";
import { findCodex } from "./find-codex.ts";

export interface RunOptions {
  /** default: the world's `work` directory */
  cwd?: string;
  /** on top of the world's own, which has no variable of the caller's but PATH; undefined takes one away */
  env?: Record<string, string | undefined>;
  stdin?: string;
}

/** A HOME of its own with a base home in it, and a fake OpenAI that everything in it talks to. */
export interface World extends AsyncDisposable {
  readonly home: string;
  /** the base home, `<home>/.codex`, with a config.toml that names the fake */
  readonly base: string;
  /** a directory to work in */
  readonly work: string;
  readonly fake: FakeOpenAI;
  readonly env: Record<string, string>;
  run(command: readonly string[], options?: RunOptions): Promise<Ran>;
  codex(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** one turn of `codex exec`, which must succeed */
  exec(options?: RunOptions & { codexHome?: string; args?: readonly string[] }): Promise<Ran>;
  /** makes a directory below HOME and gives its path */
  directory(name: string): string;
}

export function createWorld(options: FakeOpenAIOptions = {}): World {
  const fake = startFakeOpenAI(options);
  const place = new Home();
  const home = place.path;
  const base = place.mkdir(".codex");
  const work = place.mkdir("work");
  // a trusted directory starts the TUI without questions
  const trust = `[projects."${work}"]\ntrust_level = "trusted"\n`;
  place.write(".codex/config.toml", `${codexConfig(fake.url)}\n${trust}`, 0o644);
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    LANG: "C.UTF-8",
    // whatever would leave this machine all the same ends here
    HTTPS_PROXY: "http://127.0.0.1:1",
    ...fakeEnvironment(fake),
  };

  const runHere = (command: readonly string[], { cwd = work, env: own = {}, stdin }: RunOptions = {}) =>
    run(command, { cwd, env: { ...env, ...own }, stdin });
  const codex = (args: readonly string[], own?: RunOptions) => runHere([findCodex() ?? "codex", ...args], own);

  return {
    home,
    base,
    work,
    fake,
    env,
    run: runHere,
    codex,
    async exec({ codexHome, args = [], ...own } = {}) {
      const home = codexHome === undefined ? {} : { CODEX_HOME: codexHome };
      const ran = await codex(["exec", "--skip-git-repo-check", ...args, "hi"], {
        ...own,
        env: { ...home, ...own.env },
      });
      return mustSucceed("codex exec", ran);
    },
    directory: (name) => place.mkdir(name),
    async [Symbol.asyncDispose]() {
      await endBackground(home);
      await fake.stop();
      place[Symbol.dispose]();
    },
  };
}

/** Writes a credential as Codex does. */
export function writeAuth(path: string, auth: ApiKeyAuth | ChatgptAuth): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, JSON.stringify(auth, null, 2), { mode: 0o600 });
  return path;
}

/** A directory of links: `links` maps a name in it to what it leads to, which need not exist. */
export function linkHome(path: string, links: Readonly<Record<string, string>>): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(path, name));
  return path;
}

/** Lets the time of a credential's tokens run out; its refresh token stays. */
export function expireAuth(path: string): void {
  const auth: ChatgptAuth = JSON.parse(readFileSync(path, "utf8"));
  const login = loginOfToken(auth.tokens.refresh_token);
  if (!login) throw new Error(`no login in ${path}`);
  const { id_token, access_token } = chatgptTokens(login, { ...login, exp: 1_700_000_000 });
  writeAuth(path, { ...auth, tokens: { ...auth.tokens, id_token, access_token } });
}
