import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { ChatgptOptions, FakeKey } from "../fake/accounts.ts";
import type { FakeOpenAIOptions } from "../fake/openai.ts";
import { quote } from "../../src/shell.ts";
import { PROGRAM } from "../shells/program.ts";
import { findCodex } from "./find-codex.ts";
import { mustSucceed, type Ran } from "../run.ts";
import { createWorld, type RunOptions, type World } from "./world.ts";

const Current = v.object({
  account: v.nullable(v.object({ email: v.string(), account_key: v.string(), home_id: v.string() })),
  source: v.nullable(v.string()),
  codex_home: v.string(),
});

/** A world in which codex-auth and Codex are on PATH, as at a user's. */
export interface Product extends World {
  /** runs codex-auth, which must succeed */
  auth(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** runs codex-auth, whatever comes of it */
  tryAuth(args: readonly string[], options?: RunOptions): Promise<Ran>;
  addKey(key: FakeKey): Promise<void>;
  addLogin(login: ChatgptOptions): Promise<void>;
  /** what `current --json` says in a directory */
  current(options?: RunOptions): Promise<v.InferOutput<typeof Current>>;
  /** `codex-auth exec -- codex exec` in a directory: the account home or the base home, as its pins say */
  execIn(cwd: string, args?: readonly string[]): Promise<Ran>;
  /** the account home of an account, by its e-mail */
  accountHome(email: string): Promise<string>;
  readonly homes: string;
}

export async function createProduct(options: FakeOpenAIOptions = {}): Promise<Product> {
  const world = createWorld(options);
  const bin = join(world.home, "bin");
  mkdirSync(bin);
  writeScript(join(bin, "codex-auth"), `exec ${PROGRAM.map((word) => quote("sh", word)).join(" ")} "$@"`);
  // the only thing of Codex's that no variable and no config.toml sends to the fake
  const issuer = `case " $* " in *" --experimental_issuer "*) ;; " login "*" --device-auth "*) set -- "$@" --experimental_issuer '${world.fake.url}' ;; esac`;
  writeScript(join(bin, "codex"), `${issuer}\nexec '${findCodex() ?? "codex"}' "$@"`);
  const env = { ...world.env, PATH: `${bin}:${world.env["PATH"]}` };

  const run = (command: readonly string[], own: RunOptions = {}) =>
    world.run(command, { ...own, env: { ...env, ...own.env } });
  const tryAuth = (args: readonly string[], own?: RunOptions) => run([join(bin, "codex-auth"), ...args], own);
  const auth = async (args: readonly string[], own?: RunOptions) => {
    return mustSucceed(`codex-auth ${args.join(" ")}`, await tryAuth(args, own));
  };
  const current = async (own?: RunOptions) =>
    v.parse(Current, JSON.parse((await auth(["current", "--json"], own)).out));
  const homes = join(world.base, "codex-auth", "homes");

  return {
    ...world,
    env,
    run,
    auth,
    tryAuth,
    current,
    homes,
    async addKey(key) {
      await auth(["login", "--with-api-key"], { stdin: key.key });
    },
    async addLogin(login) {
      world.fake.signIn(login);
      await auth(["login", "--device-auth"]);
      world.fake.signIn(null);
    },
    execIn: (cwd, args = []) => auth(["exec", "--", "codex", "exec", "--skip-git-repo-check", ...args, "hi"], { cwd }),
    async accountHome(email) {
      const { out } = await auth(["env", email, "--json"]);
      return v.parse(v.object({ set: v.object({ CODEX_HOME: v.string() }) }), JSON.parse(out)).set.CODEX_HOME;
    },
  };
}

/** The rollouts below a home's `sessions`, which is not followed where it is a link. */
export function sessionsIn(home: string): string[] {
  return [...new Bun.Glob("sessions/**/rollout-*.jsonl").scanSync({ cwd: home })].toSorted();
}

export function entries(directory: string): string[] {
  return readdirSync(directory).toSorted();
}

function writeScript(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}
