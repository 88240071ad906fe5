import { expect } from "bun:test";
import { ownerOf } from "../../src/core/accounts/account.ts";
import { SHELLS } from "../../src/shell.ts";
import { fakeKey } from "../fake/accounts.ts";
import { mustSucceed, run } from "../run.ts";
import { ACCOUNTS } from "../shells/accounts.ts";
import { Program } from "../shells/program.ts";
import { KINDS } from "../shells/shells.ts";
import { startShell } from "../shells/world.ts";
import { codexTest } from "./find-codex.ts";
import { withCodex } from "./with-codex.ts";

const { keyed } = ACCOUNTS;
const NEXT = fakeKey("keyed 2", { id: ownerOf(keyed.key) ?? "", email: keyed.email });
const DIRECTORIES = ["one", "two", "three/deep"];

for (const shell of SHELLS) {
  codexTest(
    `${shell}: after rotate all open shells bill the new key at their next prompt, and nobody the old one`,
    async () => {
      await using world = await Program.create();
      const { home, openai } = world;
      openai.addKey(NEXT);
      withCodex(home, openai);
      for (const name of DIRECTORIES) await world.pin(home.mkdir(name), keyed);
      await using pinned = await startShell(world, shell, { cwd: home.at("one") });
      await using using_ = await startShell(world, shell);
      await using_.run(`codex-auth use ${keyed.email}`);
      const codex = KINDS[shell].call(["codex", "exec", "--skip-git-repo-check", "hi"]);
      for (const session of [pinned, using_]) expect(await session.run(codex)).toContain("hello from keyed");
      openai.forget();
      const words = [...world.program, "rotate", keyed.key];
      const options = { cwd: home.path, env: home.env(world.env), stdin: NEXT.key };
      mustSucceed("codex-auth rotate", await run(words, options));
      const walk = [
        { session: pinned, places: DIRECTORIES },
        { session: using_, places: [".", "two"] },
      ];
      for (const { session, places } of walk) {
        // the first one where the shell stands already
        await session.nextPrompt();
        for (const [at, place] of places.entries()) {
          if (at > 0) await session.cd(home.at(place));
          expect({ place, said: await session.run(codex) }).toMatchObject({
            said: expect.stringContaining("hello from keyed 2"),
          });
          expect((await session.env()).OPENAI_API_KEY).toBe(NEXT.key);
        }
      }
      await using_.run("codex-auth use -");
      expect((await using_.env()).OPENAI_API_KEY).toBe(NEXT.key);
      expect(openai.billed()).toEqual(walk.flatMap(({ places }) => places.map(() => NEXT.name)));
      expect(openai.requests.filter(({ bearer }) => bearer === keyed.apiKey)).toEqual([]);
    },
    { needs: [shell], milliseconds: 600_000 },
  );
}
