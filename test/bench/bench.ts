import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writePin } from "../../src/core/active/pins.ts";
import { layoutOf } from "../../src/core/base/layout.ts";
import { SHELLS, type Shell } from "../../src/shell.ts";
import { files } from "../../src/io/files.ts";
import { User } from "../commands/user.ts";
import { fakeKey } from "../fake/accounts.ts";
import { PROGRAM } from "../shells/program.ts";
import { findShell } from "../shells/shells.ts";
import { HOOKS, hookTime } from "./hooks.ts";
import { processTime, type Row, renderRows } from "./timing.ts";

// Measures, and proves nothing: quote the ratios, single times depend on the machine and what else it does.

const KEY = fakeKey("acme", { email: "billing@acme.example" });
const rows: Row[] = [];

await using user = new User({ keys: [KEY] });
await user.add({ email: "alice@example.com" });
await user.add(KEY);
await user.auth(["switch", "alice@example.com"]);
const account = (await user.json(["list", "--skip-api"])).accounts[1];
const here = user.directory("plain");
const pinned = user.directory("work/acme");
await user.auth(["pin", KEY.email ?? "", pinned]);

await measureHooks();
await measureCommands();
console.log(renderRows(rows));

/** Our hook in each shell, with few and many pins, beside those of direnv and zoxide where they are installed. */
async function measureHooks(): Promise<void> {
  for (const count of [10, 10_000]) {
    addPins(count);
    for (const shell of SHELLS.filter((each) => findShell(each))) {
      for (const change of [false, true]) {
        const what = `${shell}: hook, ${change ? "account change" : "unchanged"}, ${count} pins`;
        const ours = await hookTime({ shell, change, user, tool: "codex-auth", here, pinned });
        rows.push({ what, ms: ours });
        if (count === 10) await measureOthers(shell, change, ours);
      }
    }
  }
}

async function measureOthers(shell: Shell, change: boolean, ours: number): Promise<void> {
  for (const tool of ["direnv", "zoxide"] as const) {
    if (!Bun.which(tool) || HOOKS[tool][shell] === undefined) continue;
    const ms = await hookTime({ shell, change, user, tool, here, pinned });
    rows.push({
      what: `${shell}: hook of ${tool}, ${change ? "directory change" : "unchanged"}`,
      ms,
      beside: { what: "ours", ms: ours },
    });
  }
}

function addPins(count: number): void {
  const layout = layoutOf(user.base);
  for (let i = 0; i < count; i++) writePin(files, layout, `/pinned/${i % 100}/${i}`, account.home_id);
}

/** Whole commands, beside a Bun that does nothing, direnv and zoxide. */
async function measureCommands(): Promise<void> {
  const empty = user.write("empty.ts", "");
  const env = { HOME: user.home, PATH: "/usr/bin:/bin" };
  const bun = await processTime([process.execPath, empty], env);
  rows.push({ what: "bare Bun, an empty file", ms: bun });
  const measure = async (what: string, command: string[]) =>
    rows.push({ what, ms: await processTime(command, env), beside: { what: "bare Bun", ms: bun } });
  const ours = (...words: string[]) => [...PROGRAM, ...words];
  await measure("codex-auth init zsh", ours("init", "zsh"));
  await measure("codex-auth current", ours("current"));
  await measure("codex-auth list --skip-api, 2 accounts", ours("list", "--skip-api"));
  await addAccounts(1000);
  await measure("codex-auth current, 1000 accounts", ours("current"));
  await measure("codex-auth list --skip-api, 1000 accounts", ours("list", "--skip-api"));
  if (Bun.which("direnv")) await measure("direnv export zsh", ["direnv", "export", "zsh"]);
  if (Bun.which("zoxide")) await measure("zoxide init zsh", ["zoxide", "init", "zsh"]);
}

/** As many API keys in the registry, with their credentials. */
async function addAccounts(count: number): Promise<void> {
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
  await user.auth(["sync"]);
}
