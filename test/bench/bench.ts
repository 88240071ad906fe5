import { join } from "node:path";
import { writePin } from "../../src/core/active/pins.ts";
import { layoutOf } from "../../src/core/base/layout.ts";
import { files } from "../../src/io/files.ts";
import { RUNTIME_FLAGS } from "../../src/runtime.ts";
import { SHELLS, type Shell } from "../../src/shell.ts";
import { User } from "../commands/user.ts";
import { fakeKey } from "../fake/accounts.ts";
import { findShell } from "../shells/shells.ts";
import { measureCommands } from "./commands.ts";
import { HOOKS, hookTime } from "./hooks.ts";
import { measureStarts } from "./starts.ts";
import { goalOf, renderRows, type Row } from "./timing.ts";

// Measures, and proves nothing: quote the ratios, single times depend on the machine and what else it does. What is measured is the package:
// its launcher, its bundle and its own Bun, all as `bun run bundle` has left them in this directory. `--only starts|commands|hooks`, `--json`.

const ROOT = join(import.meta.dir, "../..");
const LAUNCHER = join(ROOT, "bin/codex-auth");
const WORDS = [join(ROOT, "node_modules/bun/bin/bun.exe"), ...RUNTIME_FLAGS, join(ROOT, "dist/cli.js")];
const KEY = fakeKey("acme", { email: "billing@acme.example" });
/** What one run of the hook may take, in microseconds: where nothing has changed, and where the account changes. */
const GOALS: Record<Shell, [unchanged: number, change: number]> = {
  zsh: [35, 350],
  bash: [35, 600],
  fish: [120, 1000],
  pwsh: [150, 800],
};
/** How many times an empty function a hook may take that finds nothing changed: unlike microseconds, this is much the same on each machine. */
const RATIOS: Partial<Record<Shell, number>> = { zsh: 3, bash: 6, fish: 10 };

await using user = new User({ keys: [KEY] });
await user.add({ email: "alice@example.com" });
await user.add(KEY);
await user.auth(["switch", "alice@example.com"]);
const account = (await user.json(["list", "--skip-api"])).accounts[1];
const here = user.directory("plain");
const pinned = user.directory("work/acme");
await user.auth(["pin", KEY.email ?? "", pinned]);

const MEASURES = {
  starts: () => measureStarts(LAUNCHER),
  commands: () => measureCommands(user, WORDS, LAUNCHER),
  hooks: measureHooks,
};

const words = process.argv.slice(2);
const only = words[words.indexOf("--only") + 1];
const rows: Row[] = [];
for (const [name, measure] of Object.entries(MEASURES))
  if (!words.includes("--only") || only === name) rows.push(...(await measure()));
const withGoals = rows.map((row) => ({ ...row, goal_ms: goalOf(row) ?? null }));
console.log(words.includes("--json") ? JSON.stringify(withGoals, null, 2) : renderRows(rows));

/** Our hook in each shell, with few and many pins, beside those of direnv and zoxide where they are installed. */
async function measureHooks(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of [10, 10_000]) {
    addPins(count);
    for (const shell of SHELLS.filter((each) => findShell(each))) {
      for (const change of [false, true]) {
        const what = `${shell}: hook, ${change ? "account change" : "unchanged"}, ${count} pins`;
        const ours = await hookTime({ shell, change, user, tool: "codex-auth", here, pinned });
        rows.push({ what, ms: ours, goal: { ms: GOALS[shell][change ? 1 : 0] / 1000 } });
        if (count === 10 && !change) rows.push(await besideNothing(shell, ours));
        if (count === 10) rows.push(...(await measureOthers(shell, change, ours)));
      }
    }
  }
  return rows;
}

async function besideNothing(shell: Shell, ours: number): Promise<Row> {
  const tool = "an empty function";
  const ms = await hookTime({ shell, change: false, user, tool, here, pinned });
  const times = RATIOS[shell];
  return {
    what: `${shell}: hook, unchanged, by itself`,
    ms: ours,
    beside: { what: tool, ms },
    ...(times && { goal: { times } }),
  };
}

async function measureOthers(shell: Shell, change: boolean, ours: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const tool of ["direnv", "zoxide"] as const) {
    if (!Bun.which(tool) || HOOKS[tool][shell] === undefined) continue;
    const ms = await hookTime({ shell, change, user, tool, here, pinned });
    const what = `${shell}: hook of ${tool}, ${change ? "directory change" : "unchanged"}`;
    rows.push({ what, ms, beside: { what: "ours", ms: ours } });
  }
  return rows;
}

function addPins(count: number): void {
  const layout = layoutOf(user.base);
  for (let i = 0; i < count; i++) writePin(files, layout, `/pinned/${i % 100}/${i}`, account.home_id);
}
