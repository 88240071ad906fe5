import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { rename, rm, rmdir, symlink } from "node:fs/promises";
import type { Shell } from "../../src/shell.ts";
import { type Account, ACCOUNTS, type Environment, MANAGED, STRAYS } from "./accounts.ts";
import { Fixture } from "./fixture.ts";
import { Program } from "./program.ts";
import { describeShells } from "./shells.ts";
import { playRows, type Row, type Stage } from "./stage.ts";
import { accountEnv, defaultEnv, missingEnv, type World } from "./world.ts";

// One life with codex-auth, led in each of the shells: first with its files written by hand, then with the program itself.

const { own, acme, keyed, lab } = ACCOUNTS;
const POSIX: readonly Shell[] = ["zsh", "bash"];
const NASTY = "  a'b\"c $x `y` \\ \\n é 'quote’ *[x]\t\n!! \n";

const rows: Row<World>[] = [
  {
    title: "the default account at first",
    play: async (stage) => {
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a ChatGPT account below its pin",
    play: async (stage) => {
      await stage.dir("chat/deep/er");
      await stage.world.pin(await stage.dir("chat"), acme);
      await stage.session.cd(await stage.dir("chat/deep/er"));
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await stage.session.cd(stage.world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "an API-key account below its pin",
    play: async (stage) => {
      await stage.world.pin(await stage.dir("key"), keyed);
      await stage.session.cd(await stage.dir("key"));
      await stage.expect(accountEnv(stage.world, keyed, "pin"), "key@example.com API_KEY");
      await stage.session.cd(await stage.dir("key/deep"));
      await stage.expect(accountEnv(stage.world, keyed, "pin"));
    },
  },
  {
    title: "the deepest pin; a name that begins alike is another directory",
    play: async (stage) => {
      const at: [string, Account][] = [
        ["outer", acme],
        ["outer/inner", keyed],
        ["outer/inner/most", lab],
      ];
      for (const [name, account] of at) await stage.world.pin(await stage.dir(name), account);
      for (const [name, account] of at) {
        await stage.session.cd(await stage.dir(name));
        await stage.expect(accountEnv(stage.world, account, "pin"));
      }
      await stage.session.cd(await stage.dir("outer/inner2"));
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await stage.session.cd(await stage.dir("outers"));
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "what the user had comes back to the byte",
    play: async (stage) => {
      const mine = Object.fromEntries(MANAGED.map((name) => [name, `${name}${NASTY}`]));
      await stage.world.pin(await stage.dir("bytes/key"), keyed);
      await stage.world.pin(await stage.dir("bytes/chat"), acme);
      await stage.export(mine);
      await stage.expect({ ...mine, ...defaultTold(own, " !") });
      await stage.session.cd(await stage.dir("bytes/key"));
      await stage.expect(accountEnv(stage.world, keyed, "pin"));
      await stage.session.cd(await stage.dir("bytes/chat"));
      await stage.expect({ ...accountEnv(stage.world, acme, "pin"), OPENAI_API_KEY: mine.OPENAI_API_KEY });
      await stage.session.cd(stage.world.home.path);
      await stage.expect({ ...mine, ...defaultTold(own, " !") });
      await stage.unset(...MANAGED);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "an empty variable comes back empty, not unset",
    shells: ["zsh", "bash", "fish"],
    play: async (stage) => {
      await stage.world.pin(await stage.dir("empty"), keyed);
      await stage.export({ OPENAI_ORGANIZATION: "", OPENAI_API_KEY: "", CODEX_API_KEY: "" });
      await stage.session.cd(await stage.dir("empty"));
      await stage.expect(accountEnv(stage.world, keyed, "pin"));
      await stage.session.cd(stage.world.home.path);
      await stage.expect({ OPENAI_ORGANIZATION: "", OPENAI_API_KEY: "", CODEX_API_KEY: "", ...defaultEnv(own) });
      await stage.unset("OPENAI_ORGANIZATION", "OPENAI_API_KEY", "CODEX_API_KEY");
    },
  },
  {
    title: "what the user changes meanwhile stays his, and the label says so while it matters",
    play: async (stage) => {
      const mine = { CODEX_HOME: "/mine", OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "mine", CODEX_SQLITE_HOME: "/db" };
      await stage.world.pin(await stage.dir("changed"), keyed);
      await stage.export({ OPENAI_PROJECT: "before", OPENAI_ORGANIZATION: "org" });
      await stage.session.cd(await stage.dir("changed"));
      await stage.export(mine);
      const label = "key@example.com API_KEY !";
      await stage.expect({ ...accountEnv(stage.world, keyed, "pin", label), ...mine });
      await stage.session.cd(stage.world.home.path);
      await stage.expect({ ...defaultTold(own, " !"), ...mine, OPENAI_ORGANIZATION: "org" });
      await stage.unset(...Object.keys(mine), "OPENAI_ORGANIZATION");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a variable that the user unsets below the pin stays unset",
    play: async (stage) => {
      await stage.world.pin(await stage.dir("unset"), keyed);
      await stage.export({ OPENAI_API_KEY: "sk-mine" });
      await stage.session.cd(await stage.dir("unset"));
      await stage.unset("OPENAI_API_KEY");
      await stage.session.cd(stage.world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a command on the same line as cd",
    play: async (stage) => {
      const { home } = stage.world;
      await home.program("bin/codex", `printf '%s' "$CODEX_HOME" >"$HOME/tmp/codex-home"`);
      await stage.world.pin(await stage.dir("line"), acme);
      await stage.dir("line/sub");
      // In bash nothing runs at cd: there it is codex itself that looks, and everything else from the next prompt on.
      const child = stage.shell === "bash" ? "codex" : `sh -c 'exec codex'`;
      const { kind } = stage.session;
      await stage.session.run(`${kind.cd(home.at("line"))} && ${child}`);
      const expected = accountEnv(stage.world, acme, "pin");
      expect(await stage.read(home.at("tmp/codex-home"))).toBe(expected.CODEX_HOME ?? "");
      await stage.expect(expected);
      await stage.session.run(`${kind.cd(home.path)} ; ${child}`);
      expect(await stage.read(home.at("tmp/codex-home"))).toBe("");
      await stage.session.run(`${kind.cd(home.at("line"))} ; ${kind.cd(home.at("line/sub"))} ; ${child}`);
      expect(await stage.read(home.at("tmp/codex-home"))).toBe(expected.CODEX_HOME ?? "");
    },
  },
  {
    title: "pushd, popd and cd -",
    play: async (stage) => {
      const { session } = stage;
      await stage.world.pin(await stage.dir("stack"), acme);
      const there = session.kind.word(stage.world.home.at("stack"));
      await session.run(`pushd ${there}${stage.shell === "pwsh" ? "" : " >/dev/null"}`);
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await session.run(`popd${stage.shell === "pwsh" ? "" : " >/dev/null"}`);
      await stage.expect(defaultEnv(own));
      await session.cd(stage.world.home.at("stack"));
      await session.cd(stage.world.home.path);
      await session.run(`cd -${stage.shell === "pwsh" ? "" : " >/dev/null"}`);
      await stage.expect(accountEnv(stage.world, acme, "pin"));
    },
  },
  {
    title: "a subshell's directory is not its parent's; nothing goes to stdout",
    shells: POSIX,
    play: async (stage) => {
      await stage.world.pin(await stage.dir("sub"), acme);
      expect(await stage.session.run("(cd sub && pwd)")).toBe(stage.world.home.at("sub"));
      expect(await stage.session.run('echo "$(cd sub && pwd)"')).toBe(stage.world.home.at("sub"));
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "the last command's status is the user's",
    play: async (stage) => {
      await stage.world.pin(await stage.dir("status"), acme);
      for (const status of [7, 0, 1]) {
        await stage.session.run(stage.session.kind.fail(status));
        expect(stage.session.status).toBe(status);
        const shown = { zsh: "$?", bash: "$?", fish: "$status", pwsh: "$LASTEXITCODE" }[stage.shell];
        await stage.session.run(stage.session.kind.fail(status));
        expect(await stage.session.run(`echo ${shown}`)).toBe(String(status));
      }
      await stage.session.run(`cd status ; ${stage.session.kind.fail(5)}`);
      expect(stage.session.status).toBe(5);
    },
  },
  {
    title: "changes in another terminal are seen at the next prompt",
    play: async (stage) => {
      const { world, session } = stage;
      const here = await stage.dir("elsewhere");
      const next = async (env: Environment) => {
        expect(await session.run("echo")).toBe("");
        await stage.expect(env);
      };
      await session.cd(here);
      await stage.expect(defaultEnv(own));
      await world.pin(here, acme);
      await next(accountEnv(world, acme, "pin"));
      await world.alias(acme, "renamed");
      await next(accountEnv(world, acme, "pin", "renamed"));
      await world.alias(acme, "");
      await next(accountEnv(world, acme, "pin", acme.email));
      await world.alias(acme, acme.alias);
      await world.pin(here, keyed);
      await next(accountEnv(world, keyed, "pin"));
      await world.unpin(here);
      await next(defaultEnv(own));
      await world.switchTo(keyed);
      await next(defaultEnv(keyed));
      await world.switchTo(acme);
      await next(defaultEnv(acme));
      await world.switchTo(own);
      await next(defaultEnv(own));
    },
  },
  {
    title: "a removed account is missing until it is back",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("removed"), lab);
      await stage.export({ OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "mine" });
      await session.cd(await stage.dir("removed"));
      await stage.expect(accountEnv(world, lab, "pin"));
      await world.remove(lab);
      await session.run("echo");
      await stage.expect({ ...missingEnv(world, lab.id, "pin"), OPENAI_API_KEY: "sk-mine" });
      expect(existsSync((await session.env()).CODEX_HOME ?? "")).toBe(false);
      await world.add(lab);
      await world.pin(world.home.at("removed"), lab);
      await session.run("echo");
      await stage.expect(accountEnv(world, lab, "pin"));
      await session.cd(world.home.path);
      await stage.expect({ ...defaultTold(own, " !"), OPENAI_API_KEY: "sk-mine", OPENAI_PROJECT: "mine" });
      await stage.unset("OPENAI_API_KEY", "OPENAI_PROJECT");
    },
  },
  {
    title: "a key of the user's own beside a default account that is a key",
    play: async (stage) => {
      await stage.world.switchTo(keyed);
      await stage.session.run("echo");
      await stage.expect(defaultEnv(keyed));
      await stage.world.switchTo(own);
      await stage.session.run("echo");
      await stage.expect(defaultEnv(own));
      await stage.export({ OPENAI_API_KEY: "sk-mine" });
      await stage.world.switchTo(keyed);
      await stage.session.run("echo");
      await stage.expect({ ...defaultEnv(keyed), OPENAI_API_KEY: "sk-mine" });
      await stage.world.switchTo(own);
      await stage.unset("OPENAI_API_KEY");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "` !` where Codex would use something else than the label says",
    play: async (stage) => {
      await stage.world.pin(await stage.dir("stray"), acme);
      for (const name of STRAYS) {
        await stage.export({ [name]: "x" });
        await stage.expect({ ...defaultTold(own, " !"), [name]: "x" });
        await stage.unset(name);
      }
      await stage.expect(defaultEnv(own));
      await symlink(stage.world.base, stage.world.home.at("same"));
      for (const [home, mark] of [
        [stage.world.base, ""],
        [stage.world.home.at("same"), ""],
        ["/nowhere", " !"],
      ] as const) {
        await stage.export({ CODEX_HOME: home });
        await stage.expect({ ...defaultTold(own, mark), CODEX_HOME: home });
      }
      await stage.unset("CODEX_HOME");
      await stage.session.cd(await stage.dir("stray"));
      await stage.export({ CODEX_API_KEY: "x" });
      await stage.expect({ ...accountEnv(stage.world, acme, "pin", "acme !"), CODEX_API_KEY: "x" });
      await stage.unset("CODEX_API_KEY");
      await stage.expect(accountEnv(stage.world, acme, "pin"));
    },
  },
  {
    title: "use, use -, and a use that fails",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("using"), acme);
      await session.run("codex-auth use keyed".replace("keyed", selector(world, keyed)));
      expect(session.status).toBe(0);
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.cd(await stage.dir("using"));
      await stage.expect(accountEnv(world, keyed, "use"));
      expect(await session.run("codex-auth use nobody")).toContain("nobody");
      expect(session.status).toBe(1);
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.run("codex-auth use -");
      expect(session.status).toBe(0);
      await stage.expect(accountEnv(world, acme, "pin"));
      expect((await session.env()).CODEX_AUTH_USE).toBeUndefined();
    },
  },
  ...[
    "with space",
    'it\'s "quoted"',
    "$(touch x)",
    "`touch x`",
    "[x]*",
    "-leading",
    "ünï 漢字",
    "two\nlines",
    "ends in newline\n",
    "tab\there",
    "back\\slash",
    "{a,b}",
    "~",
    "%account2",
    "a;touch x",
    "‘curly’",
    "$HOME",
    "..x",
  ].map((name): Row<World> => ({
    title: `a pin in the directory ${JSON.stringify(name)}`,
    play: async (stage) => {
      const here = await stage.dir(`names/${name}`);
      await stage.world.pin(here, acme);
      await stage.session.cd(here);
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await stage.session.cd(await stage.dir(`names/${name}/below`));
      await stage.expect(accountEnv(stage.world, acme, "pin"));
      await stage.session.cd(await stage.dir("names"));
      await stage.expect(defaultEnv(own));
      await stage.world.unpin(here);
      for (const at of [".", "names", `names/${name}`, `names/${name}/below`])
        expect(existsSync(stage.world.home.at(at, "x"))).toBe(false);
    },
  })),
  {
    title: "a directory reached by a link has the pin of where it is",
    play: async (stage) => {
      const { world, session } = stage;
      await stage.dir("real/repo/src");
      await world.pin(world.home.at("real"), acme);
      await symlink(world.home.at("real/repo"), world.home.at("link"));
      for (const name of ["link", "link/src"]) {
        await session.cd(world.home.at(name));
        await stage.expect(accountEnv(world, acme, "pin"));
      }
      await session.cd(world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a deleted directory, the root, and a pin on the root",
    play: async (stage) => {
      const { world, session } = stage;
      const gone = await stage.dir("gone/deep");
      await session.cd(gone);
      await rmdir(gone);
      await rmdir(world.home.at("gone"));
      await world.pin(await stage.dir("another"), acme);
      await session.run("echo");
      expect(session.prompt).toBe("me@example.com >");
      await session.cd("/");
      await stage.expect(defaultEnv(own));
      await world.pin("/", keyed);
      await session.run("echo");
      await stage.expect(accountEnv(world, keyed, "pin"));
      await session.cd(world.home.path);
      await stage.expect(accountEnv(world, keyed, "pin"));
      await session.cd(world.home.at("another"));
      await stage.expect(accountEnv(world, acme, "pin"));
      await world.unpin("/");
      await session.cd("/");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "a renamed directory loses its pin",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("named"), acme);
      await session.cd(world.home.at("named"));
      await session.cd(world.home.path);
      await rename(world.home.at("named"), world.home.at("named2"));
      await session.cd(world.home.at("named2"));
      await stage.expect(defaultEnv(own));
    },
  },
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
        await session.run("echo");
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
  {
    title: "a nested shell has the same account, and gives the user's variables back",
    play: (stage) => nest(stage, [stage.shell]),
  },
  {
    title: "so has a nested shell of another kind",
    play: (stage) =>
      nest(
        stage,
        (["zsh", "bash", "fish", "pwsh"] as const).filter((each) => each !== stage.shell),
      ),
  },
  {
    title: "use reaches into a nested shell, and ends with it when it was called there",
    play: async (stage) => {
      const { world, session, shell } = stage;
      await session.run(`codex-auth use ${selector(world, keyed)}`);
      await session.run(shell);
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.run(`codex-auth use ${selector(world, acme)}`);
      await stage.expect(accountEnv(world, acme, "use"));
      await session.run("exit");
      await stage.expect(accountEnv(world, keyed, "use"));
      await session.run("codex-auth use -");
      await stage.expect(defaultEnv(own));
    },
  },
  {
    title: "exec of the shell keeps the account and what was saved",
    shells: ["zsh", "bash", "fish"],
    play: async (stage) => {
      const { world, session, shell } = stage;
      await world.pin(await stage.dir("exec"), keyed);
      await stage.export({ CODEX_HOME: "/mine", OPENAI_PROJECT: NASTY });
      await session.cd(await stage.dir("exec"));
      await session.run(`exec ${shell}`);
      await stage.expect(accountEnv(world, keyed, "pin"));
      await session.cd(world.home.path);
      await stage.expect({ ...defaultTold(own, " !"), CODEX_HOME: "/mine", OPENAI_PROJECT: NASTY });
      await stage.unset("CODEX_HOME", "OPENAI_PROJECT");
    },
  },
  ...[
    "%F{red}%n%f",
    "%(?.a.b) 100%",
    "\\u@\\h \\w \\[x\\]",
    "$(touch x)",
    "`touch x`",
    "\\$(touch x)",
    "${HOME} $HOME",
    "$env:HOME",
    "; touch x",
    "!! !1 ^a^b",
    "\\e[31m \\033[31m",
    'it\'s "quoted"',
    "a  b",
    "-n",
    "é 漢字",
    "%1v %{x%}",
    "#{x} #(touch x)",
    "{0} {1:x}",
    "‘$(touch x)’",
  ].map((label): Row<World> => ({
    title: `the label ${label} is text`,
    play: async (stage) => {
      await stage.world.pin(await stage.dir("label"), acme);
      await stage.world.alias(acme, label);
      await stage.session.cd(await stage.dir("label"));
      await stage.expect(accountEnv(stage.world, acme, "pin", label));
      await stage.session.run("echo");
      expect(existsSync(stage.world.home.at("x"))).toBe(false);
      expect(existsSync(stage.world.home.at("label/x"))).toBe(false);
      await stage.world.alias(acme, acme.alias);
    },
  })),
  {
    title: "a start-up line that is run twice does nothing twice",
    play: async (stage) => {
      const { world, session } = stage;
      await world.pin(await stage.dir("twice"), acme);
      const line = session.kind.evaluate([...world.program, "init", stage.shell]);
      expect(await session.run(line)).toBe("");
      await stage.expect(defaultEnv(own));
      await session.cd(await stage.dir("twice"));
      await stage.expect(accountEnv(world, acme, "pin"));
      expect(await session.run(line)).toBe("");
      await stage.expect(accountEnv(world, acme, "pin"));
      await session.cd(world.home.path);
      await stage.expect(defaultEnv(own));
    },
  },
];

/** Below a pin, in shells inside each other: the account is there, and leaving the directory restores what can be restored. */
async function nest<W extends World>(stage: Stage<W>, shells: readonly Shell[]): Promise<void> {
  const { world, session } = stage;
  await world.pin(await stage.dir("nest"), keyed);
  const mine = { CODEX_HOME: `/mine${NASTY}`, OPENAI_PROJECT: "mine" };
  await stage.export({ ...mine, OPENAI_API_KEY: "sk-mine" });
  for (const shell of shells) {
    await session.cd(world.home.at("nest"));
    await session.run(shell, 20);
    expect(session.shell).toBe(shell);
    await stage.expect(accountEnv(world, keyed, "pin"));
    await session.cd(world.home.path);
    // A secret is never exported beside the one in use: a nested shell does not know the user's own.
    await stage.expect({ ...defaultTold(own, " !"), ...mine });
    await session.run("exit");
    await stage.expect(accountEnv(world, keyed, "pin"));
    await session.cd(world.home.path);
    await stage.expect({ ...defaultTold(own, " !"), ...mine, OPENAI_API_KEY: "sk-mine" });
  }
  await stage.unset("CODEX_HOME", "OPENAI_PROJECT", "OPENAI_API_KEY");
  await stage.expect(defaultEnv(own));
}

const defaultTold = (account: Account, mark: string): Environment => {
  const { OPENAI_API_KEY: _, ...told } = defaultEnv(account);
  return { ...told, CODEX_AUTH_LABEL: `${told.CODEX_AUTH_LABEL}${mark}` };
};
const selector = (world: World, account: Account): string => (world instanceof Fixture ? account.name : account.email);

describeShells("the scenario", (shell) => {
  playRows(shell, "by hand", () => Fixture.create(), rows);
  if (existsSync(new URL("../../src/cli.ts", import.meta.url)))
    playRows(shell, "with the program", () => Program.create(), rows);
});
