import { mkdirSync, writeFileSync } from "node:fs";
import { styleText } from "node:util";
import { SHELLS, type Shell } from "../src/shell.ts";
import { endBackground } from "./codex/background.ts";
import { apiKeyAuth, chatgptAuth, fakeKey } from "./fake/accounts.ts";
import { codexConfig, fakeEnvironment } from "./fake/config.ts";
import { type FakeOpenAI, startFakeOpenAI } from "./fake/openai.ts";
import { Home } from "./home.ts";
import { PROGRAM } from "./shells/program.ts";
import { Session } from "./shells/session.ts";
import { findShell, KINDS } from "./shells/shells.ts";

// The main job from end to end: real shells on a pseudo-terminal, the real codex-auth, and a fake OpenAI on 127.0.0.1 that says who is billed.
// Everything happens in a throw-away HOME; the user's own is never looked at.

const KEY = fakeKey("acme", { id: "user-acme", email: "billing@acme.example" });
const LOGIN = chatgptAuth({ email: "alice@example.com", plan: "plus" });

const title = (text: string) => console.log(`\n${styleText(["bold", "cyan"], text)}`);
const note = (text: string) => console.log(styleText("dim", text));

using home = Home.forShells("codex-auth-demo-");
const soon = (hours: number) => Math.floor(Date.now() / 1000) + hours * 3600;
const usage = {
  primary: { usedPercent: 12, minutes: 300, resetAt: soon(3) },
  secondary: { usedPercent: 29, minutes: 10_080, resetAt: soon(80) },
};
await using fake = startFakeOpenAI({ keys: [KEY], usage });
const codex = Bun.which("codex");
try {
  await prepare(home, fake);
  const shells = SHELLS.filter((shell) => findShell(shell) !== undefined);
  await setUp(shells[0] ?? "bash");
  for (const shell of shells) await visit(shell, shell === shells[0]);
  for (const shell of SHELLS.filter((shell) => !shells.includes(shell)))
    note(`\n${shell} is not installed: ${KINDS[shell].obtain}`);
  if (!codex) note("\ncodex is not installed, so nothing was billed: npm install -g @openai/codex");
} finally {
  await endBackground(home.path);
}
title("Done: the throw-away home is removed, nothing of yours was touched.");

/** A home as somebody's who has a key file, a login file and two directories; `codex-auth` and, if there is one, `codex` are on PATH. */
async function prepare(home: Home, fake: FakeOpenAI): Promise<void> {
  await home.write("acme-key.json", JSON.stringify(apiKeyAuth(KEY), null, 2));
  await home.write("alice-login.json", JSON.stringify(LOGIN, null, 2));
  await home.mkdir("work/acme", "play");
  await home.program("bin/codex-auth", `exec ${PROGRAM.map(KINDS.bash.word).join(" ")} "$@"`);
  if (codex) await home.program("bin/codex", `exec ${KINDS.bash.word(codex)} "$@" 2>/dev/null`);
  mkdirSync(home.at(".codex"), { mode: 0o700 });
  const trust = ["work/acme", "play"].map(
    (name) => `[projects.${JSON.stringify(home.at(name))}]\ntrust_level = "trusted"\n`,
  );
  writeFileSync(home.at(".codex/config.toml"), `${codexConfig(fake.url)}\n${trust.join("")}`, { mode: 0o600 });
}

async function open(shell: Shell, isSetUp: boolean): Promise<Session> {
  const rc = isSetUp ? KINDS[shell].evaluate(["codex-auth", "init", shell]) : "";
  return await Session.start(shell, home, { rc, env: fakeEnvironment(fake), columns: 110 });
}

/** Types a line and shows it behind the prompt as it stood there, and what came of it. */
async function type(session: Session, line: string): Promise<void> {
  const { prompt } = session;
  const output = await session.run(line, 30);
  console.log(`${styleText("green", prompt)} ${styleText("bold", line)}`);
  if (output.trim() !== "") console.log(output.trimEnd());
}

async function setUp(shell: Shell): Promise<void> {
  title(`Once: two accounts, the key pinned to a project (in ${shell})`);
  await using session = await open(shell, false);
  await type(session, "codex-auth import alice-login.json");
  await type(session, "codex-auth switch alice@example.com");
  await type(session, "codex-auth import acme-key.json");
  await type(session, "codex-auth pin billing@acme.example work/acme");
  await type(session, "codex-auth list");
}

async function visit(shell: Shell, bills: boolean): Promise<void> {
  const { evaluate } = KINDS[shell];
  title(`${shell}, with this line in its start file: ${evaluate(["codex-auth", "init", shell]).replaceAll("'", "")}`);
  await using session = await open(shell, true);
  const variable = shell === "pwsh" ? "$env:CODEX_HOME" : "$CODEX_HOME";
  await type(session, "cd ~/work/acme");
  await type(session, "codex-auth current");
  await type(session, `echo ${variable}`);
  if (bills) await bill(session);
  await type(session, "cd ~/play");
  await type(session, "codex-auth current");
  if (bills) await bill(session);
  console.log(styleText("green", session.prompt));
}

/** Lets the real Codex, if there is one, take a turn, and says whom OpenAI would have billed. */
async function bill(session: Session): Promise<void> {
  if (!codex) return;
  fake.forget();
  await type(session, 'codex exec --skip-git-repo-check "say hello"');
  note(`   the fake OpenAI billed: ${fake.billed().join(", ")}`);
}
