import { rm } from "node:fs/promises";
import { ACCOUNTS } from "../accounts.ts";
import type { Row } from "../stage.ts";
import { accountEnv, defaultEnv, type World } from "../world.ts";

const { own, acme, keyed } = ACCOUNTS;

/** Linked git worktrees, and files that only look like one. */
export const worktrees: Row<World>[] = [
  ...(
    [
      ["a linked worktree counts as its repository", "", {}, true],
      ["a worktree with a relative link", "", { gitdir: "gitdir: ../repo/.git/worktrees/wt\n" }, true],
      ["a stranger's .git file that names the repository", "", { back: "/somewhere/else/.git\n" }, false],
      ["a .git file that names a worktree that is not there", "", { back: null }, false],
      ["a submodule is no worktree", "", { gitdir: "gitdir: ../repo/.git/modules/wt\n" }, false],
      ["a .git file that is no such file", "", { gitdir: "gitdir\n" }, false],
      ["an empty .git file", "", { gitdir: "" }, false],
    ] as const
  ).map(
    ([title, , { gitdir, back }, linked]: readonly [
      string,
      string,
      { gitdir?: string; back?: string | null },
      boolean,
    ]): Row<World> => ({
      title,
      play: async (stage) => {
        const { world, session } = stage;
        await rm(world.home.at("git"), { recursive: true, force: true });
        await stage.dir("git/repo/.git/worktrees/wt");
        await stage.dir("git/wt/src");
        await world.home.write("git/wt/.git", gitdir ?? `gitdir: ${world.home.at("git/repo/.git/worktrees/wt")}\n`);
        if (back !== null)
          await world.home.write("git/repo/.git/worktrees/wt/gitdir", back ?? `${world.home.at("git/wt/.git")}\n`);
        await world.pin(world.home.at("git/repo"), acme);
        for (const at of ["git/wt", "git/wt/src"]) {
          await session.cd(world.home.at(at));
          await stage.expect(linked ? accountEnv(world, acme, "pin") : defaultEnv(own));
        }
        await world.pin(world.home.at("git/wt"), keyed);
        await session.nextPrompt();
        await stage.expect(accountEnv(world, keyed, "pin"));
        await world.unpin(world.home.at("git/wt"));
        await world.unpin(world.home.at("git/repo"));
        await session.cd(world.home.path);
      },
    }),
  ),
  {
    title: "a worktree of a bare repository",
    play: async (stage) => {
      const { world, session } = stage;
      await stage.dir("bare/repo.git/worktrees/wt");
      await stage.dir("bare/wt");
      await world.home.write("bare/wt/.git", `gitdir: ${world.home.at("bare/repo.git/worktrees/wt")}\n`);
      await world.home.write("bare/repo.git/worktrees/wt/gitdir", `${world.home.at("bare/wt/.git")}\n`);
      await world.pin(world.home.at("bare/repo.git"), acme);
      await session.cd(world.home.at("bare/wt"));
      await stage.expect(accountEnv(world, acme, "pin"));
    },
  },
];
