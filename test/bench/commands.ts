import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { User } from "../commands/user.ts";
import { mustSucceed, run } from "../run.ts";
import { processTimes, type Row } from "./timing.ts";

/** A command, and what it is compared with: another one's name, or a bare Bun. */
interface Measured {
  what: string;
  command: string[];
  beside?: string;
  times: number;
}

const BARE = "bare Bun";

/** Measures whole commands with 2 accounts and with 1 000, in turns, beside a Bun that does nothing. */
export async function measureCommands(user: User, words: string[], launcher: string): Promise<Row[]> {
  const [bun = ""] = words;
  const env = { HOME: user.home, PATH: "/usr/bin:/bin", CODEX_AUTH_SNIPPET: "zsh" };
  const ours = (...rest: string[]) => [...words, ...rest];
  const measure = async (all: Measured[], before: Row[] = []): Promise<Row[]> => {
    const empty = { what: BARE, command: [bun, user.write("empty.js", "")], times: 1 };
    const times = await processTimes([empty, ...all].map(({ command }) => ({ command, env })));
    const known = new Map([...before.map(({ what, ms }) => [what, ms] as const), [BARE, times[0] ?? 0]]);
    const rows = all.map(({ what, beside = BARE, times: limit }, at): Row => {
      known.set(what, times[at + 1] ?? 0);
      return {
        what,
        ms: times[at + 1] ?? 0,
        beside: { what: beside, ms: known.get(beside) ?? 0 },
        goal: { times: limit },
      };
    });
    return before.length > 0 ? rows : [{ what: BARE, ms: times[0] ?? 0 }, ...rows];
  };
  mustSucceed("shim install", await run(ours("shim", "install"), { env }));
  const idle = user.directory("idle");
  symlinkSync("/bin/true", join(idle, "codex"));
  const shim = join(user.home, ".local/bin/codex");
  const few = await measure([
    { what: "init zsh", command: [launcher, "init", "zsh"], times: 3 },
    { what: "init zsh, by the program", command: ours("init", "zsh"), times: 3 },
    { what: "current", command: ours("current"), times: 3 },
    { what: "env", command: ours("env"), times: 3 },
    { what: "use", command: ours("use", "alice@example.com"), times: 3 },
    { what: "Tab", command: ours("complete", "--", "pin", ""), times: 3 },
    { what: "list --skip-api", command: ours("list", "--skip-api"), times: 3.5 },
    { what: "exec -- true", command: ours("exec", "--", "true"), beside: "current", times: 1.1 },
    // /usr/bin/env, sh and true among them
    { what: "the shim", command: ["/usr/bin/env", `PATH=${idle}`, shim], beside: "current", times: 1.1 },
  ]);
  addAccounts(user, 1000);
  await user.auth(["sync"]);
  const many = await measure(
    [
      { what: "current, 1 000 accounts", command: ours("current"), beside: "current", times: 1.5 },
      {
        what: "list --skip-api, 1 000 accounts",
        command: ours("list", "--skip-api"),
        beside: "list --skip-api",
        times: 2,
      },
    ],
    few,
  );
  return [...few, ...many];
}

/** As many API keys in the registry, with their credentials. */
function addAccounts(user: User, count: number): void {
  const path = join(user.base, "accounts/registry.json");
  const registry = JSON.parse(readFileSync(path, "utf8"));
  const [record] = registry.accounts.filter((one: { auth_mode: string }) => one.auth_mode === "apikey");
  for (let i = 0; i < count; i++) {
    const key = `sk-bench-${i}`;
    const hash = new Bun.CryptoHasher("sha256").update(key).digest("hex");
    const accountKey = `apikey::user-${i}::${hash}`;
    registry.accounts.push({ ...record, account_key: accountKey, email: `user${i}@example.com`, account_name: null });
    const file = Buffer.from(accountKey).toString("base64url");
    writeFileSync(join(user.base, `accounts/${file}.auth.json`), JSON.stringify({ OPENAI_API_KEY: key }), {
      mode: 0o600,
    });
  }
  writeFileSync(path, JSON.stringify(registry, null, 2), { mode: 0o600 });
}
