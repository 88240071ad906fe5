import { expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { testWith } from "../needs.ts";
import { ALICE, auth, BOB } from "./credentials.ts";
import { User } from "./user.ts";

// Each file is read once for each look that a lock needs: before it is taken, and under it where something has changed since.
testWith(
  "strace",
  "a command opens registry.json at most twice, and config.toml at most once",
  async () => {
    await using user = new User();
    await user.add(ALICE);
    await user.add(BOB);
    user.write(".codex/config.toml", 'model = "gpt-5"\n');
    const work = user.directory("work");
    await user.auth(["sync"]);
    const carol = user.write("carol.json", auth({ email: "carol@example.com" }));
    const trace = join(user.home, "trace");
    const first = `set -- strace -f -qq -e trace=openat -o "${trace}" "$@"`;
    const opened = (name: string) =>
      readFileSync(trace, "utf8")
        .split("\n")
        .filter((line) => line.includes(`/${name}"`) && !line.includes("ENOENT")).length;
    for (const words of [
      ["pin", "alice", work],
      ["pin", "bob", work],
      ["switch", "alice"],
      ["switch", "bob"],
      ["import", carol],
      ["list", "--skip-api"],
      ["exec", "--", "true"],
      ["use", "alice"],
      ["alias", "set", "alice", "work"],
      ["unpin", work],
    ]) {
      await user.auth(words, { first, env: { CODEX_AUTH_SNIPPET: "zsh" } });
      const counts = { registry: opened("registry.json"), config: opened("config.toml") };
      expect({ words, ...counts, isFew: counts.registry <= 2 && counts.config <= 1 }).toMatchObject({ isFew: true });
      expect(counts.registry).toBeGreaterThan(0);
    }
  },
  60_000,
);
