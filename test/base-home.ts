import { utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../src/context.ts";
import { layoutOf } from "../src/core/base/layout.ts";
import { connectCodex } from "../src/io/codex.ts";
import { files } from "../src/io/files.ts";
import { programs } from "../src/io/programs.ts";
import { openLog } from "../src/io/log.ts";
import { printable } from "../src/core/printable.ts";
import { Home } from "./home.ts";
import { makeLocks } from "../src/io/lock.ts";
import { connectOpenAI } from "../src/io/openai.ts";

/** A throw-away base home with a context of its own: nothing outside it is read or written, what is printed is kept. */
export interface BaseHome {
  ctx: Context;
  path: string;
  /** What went to standard output and error so far. */
  printed: { out: string; err: string };
  /** Writes a file of the base home, at `at` milliseconds since 1970 if given. */
  write(name: string, text: string, at?: number): void;
  read(name: string): string | undefined;
  remove(): void;
}

/** Makes one. `env` is all that the context sees; OpenAI is at a closed port unless `env` says otherwise. */
export function makeBaseHome(env: Record<string, string> = {}): BaseHome {
  const home = new Home();
  const path = home.mkdir(".codex");
  const printed = { out: "", err: "" };
  const closed = "http://127.0.0.1:9";
  const environment = {
    HOME: home.path,
    PATH: process.env.PATH ?? "",
    CODEX_AUTH_OPENAI_URL: closed,
    CODEX_AUTH_CHATGPT_URL: closed,
    ...env,
  };
  return {
    ctx: makeTestContext(path, environment, printed),
    path,
    printed,
    write(name, text, at) {
      const file = home.write(join(".codex", name), text);
      if (at !== undefined) utimesSync(file, at / 1000, at / 1000);
    },
    read: (name) => files.read(join(path, name)),
    remove: () => home[Symbol.dispose](),
  };
}

function makeTestContext(base: string, env: Record<string, string>, printed: { out: string; err: string }): Context {
  const log = openLog((text) => void (printed.err += text));
  return {
    command: "test",
    env,
    cwd: dirname(base),
    home: env.HOME,
    platform: process.platform,
    uid: process.getuid?.(),
    parent: process.ppid,
    now: Date.now,
    sleep: Bun.sleep,
    program: ["codex-auth"],
    layout: layoutOf(base),
    chosen: false,
    files,
    locks: makeLocks(process.platform, process.env.PATH),
    openai: connectOpenAI(env, async () => (await import("ofetch")).ofetch),
    codex: connectCodex(env, { end() {}, leaveInterrupt: () => () => {} }),
    programs,
    terminal: {
      out: (text) => void (printed.out += printable(text)),
      write: (text) => void (printed.out += text),
      log,
      progress() {},
      readInput: async () => "",
      tty: { in: false, out: false, err: false },
      columns: undefined,
      colors: false,
      interact: async () => undefined,
      fullScreen: async () => undefined,
    },
    log,
    ignoreSuspend() {},
    become() {
      throw new Error("a test does not become another program");
    },
  };
}
