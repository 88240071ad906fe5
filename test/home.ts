import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A throw-away HOME, and what is put into it. */
export class Home implements Disposable {
  readonly path: string;

  constructor(name = "codex-auth-test-") {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), name)));
  }

  /** One for shells. Its path has a space and a quote: whoever forgets to quote is told at once. */
  static forShells(name = "it's a home "): Home {
    const home = new Home(name);
    home.mkdir("bin", "tmp", ".data/fish/generated_completions");
    home.program("bin/env-to", `exec /usr/bin/env -0 >"$1"`);
    // A shell that is started by its name is the one under test too.
    const bash = process.env.CODEX_AUTH_TEST_BASH;
    if (bash) symlinkSync(bash, home.at("bin/bash"));
    return home;
  }

  get bin(): string {
    return this.at("bin");
  }

  at(...names: string[]): string {
    return resolve(this.path, ...names);
  }

  /** Makes directories; returns the last one's path. */
  mkdir(...names: string[]): string {
    for (const name of names) mkdirSync(this.at(name), { recursive: true, mode: 0o700 });
    return this.at(names.at(-1) ?? ".");
  }

  /** Writes a file, and the directories above it; returns its path. */
  write(name: string, text: string | Uint8Array, mode = 0o600): string {
    const path = this.at(name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  /** Writes a program of plain sh; returns its path. */
  program(name: string, script: string): string {
    return this.write(name, `#!/bin/sh\n${script}\n`, 0o700);
  }

  /** The whole environment of a shell here. */
  env(extra: Record<string, string> = {}): Record<string, string> {
    const dotnet = process.env.DOTNET_ROOT;
    return {
      HOME: this.path,
      PATH: `${this.bin}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin`,
      TMPDIR: this.at("tmp"),
      TERM: "xterm-256color",
      LANG: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8",
      ZDOTDIR: this.path,
      XDG_CONFIG_HOME: this.at(".config"),
      XDG_DATA_HOME: this.at(".data"),
      XDG_CACHE_HOME: this.at(".cache"),
      XDG_STATE_HOME: this.at(".state"),
      POWERSHELL_TELEMETRY_OPTOUT: "1",
      POWERSHELL_UPDATECHECK: "Off",
      ...(dotnet && { DOTNET_ROOT: dotnet }),
      ...extra,
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
