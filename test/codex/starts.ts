import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { fakeKey } from "../fake/accounts.ts";
import { mustSucceed, type Ran } from "../run.ts";
import { startAppServer } from "./app-server.ts";
import { findCodex } from "./find-codex.ts";
import { findSdk } from "./find-sdk.ts";
import { createProduct, type Product } from "./product.ts";

// the ways in which Codex is started without a hook, and the places to start it in

export const ada = fakeKey("ada");
export const bob = fakeKey("bob");
export const eve = fakeKey("eve");
const gone = fakeKey("gone");

/** Where, and in what environment, somebody starts Codex. */
export interface Place {
  cwd: string;
  /** A shell of an account: what is started in it inherits that. */
  used?: string;
  env: Record<string, string>;
}

export const PLACES = ["default", "pinned", "worktree", "use", "missing", "stray", "stray, pinned"] as const;
export type PlaceName = (typeof PLACES)[number];

/** A product with a shim in front of Codex: ada is the default account, bob's are `work` and the repository of `tree`, the account of `lost` is gone. */
export interface Starts {
  product: Product;
  places: Record<PlaceName, Place>;
}

export async function createStarts(): Promise<Starts> {
  const product = await createProduct({ keys: [ada, bob, eve, gone], behave: { responses: { status: 400 } } });
  for (const key of [gone, bob, ada]) await product.addKey(key);
  product.directory("play");
  const repo = product.directory("repo");
  for (const directory of [product.work, repo]) await product.auth(["pin", "bob@example.com", directory]);
  await product.auth(["pin", "gone@example.com", product.directory("lost")]);
  await product.auth(["remove", "gone@example.com", "--yes"]);
  const git = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-C", repo];
  for (const words of [
    ["init", "-q"],
    ["commit", "-q", "--allow-empty", "-m", "x"],
    ["worktree", "add", "-q", "../tree"],
  ])
    mustSucceed("git", await product.run(["git", ...git, ...words]));
  await product.auth(["shim", "install"]);
  installForNpx(product);
  const stray = { CODEX_API_KEY: eve.key };
  const at = (name: string, more: Partial<Place> = {}): Place => ({ cwd: join(product.home, name), env: {}, ...more });
  return {
    product,
    places: {
      default: at("play"),
      pinned: at("work"),
      worktree: at("tree"),
      use: at("play", { used: "bob@example.com" }),
      missing: at("lost"),
      stray: at("play", { env: stray }),
      "stray, pinned": at("work", { env: stray }),
    },
  };
}

/** What npx runs is a project's own: here the package of the Codex that the tests use. */
function installForNpx({ home }: Product): void {
  const scope = join(home, "node_modules/@openai");
  const real = resolve(dirname(realpathSync(findCodex() ?? "")), "..");
  mkdirSync(join(home, "node_modules/.bin"), { recursive: true });
  mkdirSync(scope);
  symlinkSync(real, join(scope, "codex"));
  symlinkSync("../@openai/codex/bin/codex.js", join(home, "node_modules/.bin/codex"));
  writeFileSync(join(home, "package.json"), '{"private": true}');
}

/** Lets the fake tell who asks. */
export const ORIGINATOR = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";

const EXEC = "codex exec --skip-git-repo-check hi";
const sh = (line: string) => ["sh", "-c", line];

/** What a way has at hand: a product, the place, and what runs a command in it. */
export interface Scene {
  product: Product;
  place: Place;
  env: Record<string, string>;
  shim: string;
  run(command: readonly string[], options?: { cwd?: string; stdin?: string }): Promise<Ran>;
}

/** A way to start Codex for one turn, and to ask `codex-auth` just as Codex is started. */
export interface Way {
  name: string;
  start(scene: Scene): Promise<unknown>;
  ask?(line: string): string[];
}

const EMPTY = `exec env -i HOME="$HOME" PATH="$PATH" ${ORIGINATOR}="$${ORIGINATOR}" sh -c "$0"`;
const SNIPPET = 'eval "$(command codex-auth init bash)"';
const MAKE = 'printf "go:\\n\\t@%s\\n" "$0" | make -s -f -';

export const WAYS: Way[] = [
  { name: "bash -c", start: ({ run }) => run(["bash", "-c", EXEC]) },
  {
    name: "a bash with the snippet",
    start: ({ run }) => run(["bash", "-c", `${SNIPPET}; ${EXEC}`]),
    ask: (line) => ["bash", "-c", `${SNIPPET}; ${line}`],
  },
  { name: "sh", start: ({ run }) => run(sh(EXEC)) },
  {
    name: "env -i, as cron",
    start: ({ run }) => run(["sh", "-c", EMPTY, EXEC]),
    ask: (line) => ["sh", "-c", EMPTY, line],
  },
  { name: "make", start: ({ run }) => run(["sh", "-c", MAKE, EXEC]), ask: (line) => ["sh", "-c", MAKE, line] },
  { name: "xargs -P", start: ({ run }) => run(sh(`printf '1\\n2\\n' | xargs -P 2 -I@ ${EXEC}@`)) },
  {
    name: "npx",
    start: ({ run }) => run(["npx", "--offline", "@openai/codex", ...EXEC.split(" ").slice(1)]),
    ask: (line) => ["npx", "--offline", "-c", line],
  },
  { name: "the SDK", start: ({ run, shim }) => run(sdk(shim)) },
  {
    name: "the SDK's workingDirectory",
    start: ({ run, shim, place, product }) => run(sdk(shim, place.cwd), { cwd: product.home }),
  },
  { name: "app-server", start: startTurn },
  {
    name: "mcp-server",
    start: ({ run }) => run(["codex", "mcp-server"], { stdin: `${JSON.stringify(INITIALIZE)}\n` }),
  },
];

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-03-26", capabilities: {}, clientInfo: { name: "test", version: "0" } },
};

/** Returns what has the SDK run one turn, in a directory if one is given. */
function sdk(shim: string, workingDirectory = ""): string[] {
  const script = `
    const { Codex } = await import(${JSON.stringify(findSdk())});
    const [codexPathOverride, workingDirectory] = process.argv.slice(1);
    const thread = new Codex({ codexPathOverride }).startThread({ skipGitRepoCheck: true, ...(workingDirectory && { workingDirectory }) });
    await thread.run("hi").catch(() => {});`;
  return ["node", "--input-type=module", "-e", script, "--", shim, workingDirectory];
}

async function startTurn({ product, place, env, shim }: Scene): Promise<void> {
  const command = [...shellOf(place), shim, "app-server"];
  try {
    await using server = await startAppServer(product, env, { command, cwd: place.cwd });
    await server.turn(await server.startThread(place.cwd), "hi");
  } catch {
    // it did not start
  }
}

/** What a command is started by in a shell of an account. */
const shellOf = ({ used }: Place): string[] =>
  used === undefined ? [] : ["codex-auth", "exec", "--account", used, "--"];

const Current = v.object({
  billed: v.nullable(v.object({ email: v.string() })),
  overridden_by: v.array(v.string()),
});

/** What came of starting Codex in a way and a place: whose bearers the fake saw, and what `codex-auth current` says there. */
export interface Outcome {
  bearers: string[];
  billed: string | null;
  overriddenBy: string[];
}

let serial = 0;

/** Takes where it is; returns the environment there, and whose bearers the fake has seen of it. */
export function environmentIn({ product }: Starts, place: Place) {
  const id = `start-${(serial += 1)}`;
  const bin = join(product.home, ".local/bin");
  const env = { ...product.env, PATH: `${bin}:${product.env["PATH"]}`, ...place.env, [ORIGINATOR]: id };
  const bearers = () => {
    const asked = product.fake.requests.filter(({ headers }) => headers["originator"] === id);
    return [...new Set(asked.map(({ as }) => as ?? "nobody"))];
  };
  return { env, bearers, shim: join(bin, "codex") };
}

/** Starts Codex, and asks. */
export async function startIn(starts: Starts, way: Way, place: Place): Promise<Outcome> {
  const { product } = starts;
  const { env, bearers, shim } = environmentIn(starts, place);
  const run: Scene["run"] = (command, { cwd = place.cwd, stdin } = {}) =>
    product.run([...shellOf(place), ...command], { cwd, env, ...(stdin !== undefined && { stdin }) });
  await way.start({ product, place, env, shim, run });
  const ran = await run((way.ask ?? sh)("codex-auth current --json"));
  const { billed, overridden_by } = v.parse(Current, JSON.parse(mustSucceed("codex-auth current", ran).out));
  return {
    bearers: bearers(),
    billed: billed?.email.replace("@example.com", "") ?? null,
    overriddenBy: overridden_by,
  };
}
