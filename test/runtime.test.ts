import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OLDEST_BUN, refusal, RUNTIME_FLAGS } from "../src/runtime.ts";
import { ALICE } from "./commands/credentials.ts";
import { User } from "./commands/user.ts";
import { fakeEnvironment } from "./fake/config.ts";
import { run } from "./run.ts";

const CLI = join(import.meta.dir, "../src/cli.ts");

describe("which Bun may run it", () => {
  const RUNS: [version: string, flags: string[], script: string, says: string | undefined][] = [
    [OLDEST_BUN, RUNTIME_FLAGS, CLI, undefined],
    ["1.10.0", RUNTIME_FLAGS, CLI, undefined],
    ["2.0.0", RUNTIME_FLAGS, CLI, undefined],
    ["1.4.6-canary.1", RUNTIME_FLAGS, CLI, undefined],
    ["1.4.4", RUNTIME_FLAGS, CLI, "Bun 1.4.4 is too old"],
    ["1.3.10", RUNTIME_FLAGS, CLI, "Bun 1.3.10 is too old"],
    ["1.2.23", RUNTIME_FLAGS, CLI, "Bun 1.2.23 is too old"],
    ["0.9.9", RUNTIME_FLAGS, "/$bunfs/root/codex-auth", "Bun 0.9.9 is too old"],
    [OLDEST_BUN, [], "/$bunfs/root/codex-auth", undefined],
    [OLDEST_BUN, [], CLI, "without --no-env-file"],
    [OLDEST_BUN, ["--env-file=.env", ...RUNTIME_FLAGS], CLI, "without --no-env-file"],
  ];
  test.each(RUNS)("%s %j %s", (version, flags, script, says) => {
    const message = refusal(version, flags, script)?.message;
    if (says === undefined) expect(message).toBeUndefined();
    else expect(message).toContain(says);
  });

  test("package.json says the same, and brings the one that the tests run on", () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dir, "../package.json"), "utf8"));
    expect(manifest).toMatchObject({ engines: { bun: `>=${OLDEST_BUN}` }, dependencies: { bun: Bun.version } });
    expect(readFileSync(join(import.meta.dir, "../bin/codex-auth"), "utf8")).toContain(RUNTIME_FLAGS.join(" "));
  });
});

test("a directory's .env names no server: without the flags nothing is asked", async () => {
  await using user = new User();
  await user.add(ALICE);
  user.fake.forget();
  const { CODEX_AUTH_CHATGPT_URL, CODEX_AUTH_OPENAI_URL } = fakeEnvironment(user.fake);
  user.write(
    "repo/.env",
    `CODEX_AUTH_CHATGPT_URL=${CODEX_AUTH_CHATGPT_URL}\nCODEX_AUTH_OPENAI_URL=${CODEX_AUTH_OPENAI_URL}\n`,
  );
  const env = { HOME: user.home, PATH: "/usr/bin:/bin" };
  const ran = await run([process.execPath, CLI, "list"], { cwd: join(user.home, "repo"), env });
  expect(ran).toMatchObject({ code: 1, out: "", err: expect.stringContaining("without --no-env-file") });
  expect(user.fake.requests).toEqual([]);
});
