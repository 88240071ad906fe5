import { codexConfig } from "../fake/config.ts";
import type { FakeOpenAI } from "../fake/openai.ts";
import type { Home } from "../home.ts";
import { findCodex } from "./find-codex.ts";

/** Puts the real Codex on the PATH of a HOME, and has it ask a fake server. */
export function withCodex(home: Home, { url }: Pick<FakeOpenAI, "url">): void {
  home.write(".codex/config.toml", codexConfig(url), 0o644);
  home.program("bin/codex", `exec '${findCodex() ?? "codex"}' "$@"`);
}
