import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { User } from "../commands/user.ts";
import { hostile } from "./hostile.ts";

const COMMANDS = [["list", "--skip-api"], ["current"], ["sync", "--quiet"], ["switch", "alice@example.com"], ["login"]];

test.concurrent.each([
  ['{"name":"x","imports":{"#x":"./trap.ts"},"main":"./trap.ts"}', ""],
  ["{ broken \u001b]0;title\u0007", "a damaged package.json"],
])(
  "nothing of the working directory is run, whatever PATH says (package.json: %s)",
  async (manifest) => {
    await using user = new User();
    await user.add({ email: "alice@example.com" });
    const { cwd, mark } = hostile(user, manifest);
    user.write("bin/codex", "#!/bin/sh\nexit 1\n", 0o755);
    const bin = join(user.home, "bin");
    for (const path of [`:.:node_modules/.bin:${bin}:/usr/bin:/bin`, `${bin}:/usr/bin:/bin:`]) {
      for (const words of COMMANDS) {
        const { out, err } = await user.run(words, { cwd, env: { PATH: path } });
        expect(out + err).not.toMatch(/\u001b|\u0007/);
        expect({ path, words, ran: existsSync(mark) }).toEqual({ path, words, ran: false });
      }
    }
  },
  120_000,
);
