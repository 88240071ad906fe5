import { afterAll, beforeAll, expect, test } from "bun:test";
import { ACCOUNTS, relevant } from "./accounts.ts";
import { Fixture } from "./fixture.ts";
import { runScript } from "./script.ts";
import { Session } from "./session.ts";
import { describeShells } from "./shells.ts";
import { accountEnv, initLine, startShell } from "./world.ts";

const { acme } = ACCOUNTS;

/** HOME/work is acme's; `codex` writes its CODEX_HOME to HOME/tmp/seen. */
async function createWorld(): Promise<Fixture> {
  const world = await Fixture.create();
  await world.home.program("bin/codex", `printf '%s' "\${CODEX_HOME-none}" >"$HOME/tmp/seen"`);
  await world.home.program("bin/tell", `printf '%s' "\${CODEX_HOME-none}"`);
  await world.pin(await world.home.mkdir("work"), acme);
  await world.home.mkdir("work/deep", "other");
  return world;
}

/** What starts Codex on the line of the `cd`. */
const children: [line: string, before?: string][] = [
  ["codex"],
  ["command codex"],
  ["~/bin/codex"],
  ["env codex"],
  ["sh -c codex"],
  ["echo | xargs codex"],
  ["c", "alias c='command codex'"],
  ["exec codex"],
];

/** What goes into HOME/work. */
const ways: [way: string, before?: string][] = [
  ["cd work"],
  ["cd -P work"],
  ["cd -- work"],
  ["cd work/deep/.."],
  ["CDPATH=~; cd / && cd work"],
  ["pushd work"],
  ["pushd -n other && pushd work && dirs"],
  ["pushd work && pushd / && popd"],
  ["pushd work && pushd / && pushd"],
  ["cd work && cd / && cd -"],
  ["go", "go() { cd work; }"],
  ["jump", "alias jump='cd work'"],
  ["cd place", "shopt -s cdable_vars; place=~/work"],
];

/** What others make of `cd`; each tells that it was there. */
const others: [title: string, code: string][] = [
  ["a function", `cd() { builtin cd "$@" && echo did; }`],
  ["a function with a here-document", `cd() { cat <<'END'\ndid\nEND\nbuiltin cd "$@"; }`],
  ["rvm's", `__rvm_cd() { builtin "$@"; echo did; }; cd() { __rvm_cd cd "$@"; }`],
  [
    "zoxide's, in place of cd",
    `unalias cd 2>/dev/null; function cd() { __z "$@"; }; __z() { \\builtin cd -- "$@"; echo did; }`,
  ],
  ["an alias for a function", `mycd() { cd "$@"; echo did; }; shopt -s expand_aliases; alias cd=mycd`],
  ["a lazy one", `cd() { unset -f cd; cd() { echo did; builtin cd "$@"; }; cd "$@"; }`],
  ["pushd in place of cd", `cd() { pushd "$@" >/dev/null && echo did; }`],
];

describeShells(
  "cd and what follows on its line",
  () => {
    let world: Fixture;
    let init: string;
    const home = () => accountEnv(world, acme, "pin").CODEX_HOME ?? "";
    const run = (script: string) => runScript("bash", world.home, script);
    beforeAll(async () => {
      world = await createWorld();
      init = initLine(world, "bash");
    });
    afterAll(() => world[Symbol.asyncDispose]());

    test.each(children)("cd work && %s", async (line, before = "") => {
      const { stderr } = await run(`shopt -s expand_aliases\n${before}\n${init}\ncd work && ${line}`);
      expect(stderr).toBe("");
      expect(await Bun.file(world.home.at("tmp/seen")).text()).toBe(home());
    });

    test.each(ways)("%s && tell", async (way, before = "") => {
      const { stdout } = await run(`shopt -s expand_aliases\n${before}\n${init}\n{ ${way}; } >/dev/null && tell`);
      expect(stdout).toBe(home());
    });

    test("every option, status and message is that of the command itself", async () => {
      const words = [
        "cd nowhere",
        "cd -x",
        "cd a b",
        "cd -L work",
        "cd ''",
        "cd",
        "pushd nowhere",
        "popd",
        "popd +7",
        "pushd +1",
        "pushd -n /",
        "popd -n",
        "cd work && echo $OLDPWD",
        "cd / && cd - && pwd",
        "cd work && echo $_",
        "pushd work && dirs -p",
      ];
      const script = words
        .map(
          (each) =>
            `(${each}) 2>&1; echo "$?"\n(set -e; ${each}; echo on) 2>&1; echo "$?"\n(! ${each}) 2>&1; echo "$?"`,
        )
        .join("\n");
      const plain = await run(script);
      const ours = await run(`${init}\n${script}`);
      // Only the number of the line is another one.
      const bare = (text: string) => text.replace(/^\S+: line \d+: /gm, "");
      expect(bare(ours.stdout)).toBe(bare(plain.stdout));
      expect(ours.stderr).toBe("");
    });

    test.each(others)("%s goes on, defined before codex-auth", async (_title, code) => {
      const { stdout } = await run(`${code}\n${init}\ncd work && tell\n${init}\ncd / && cd ~/work && tell`);
      expect(stdout.replaceAll("did\n", "")).toBe(home().repeat(2));
      expect(stdout.split("did\n").length - 1).toBe(3);
    });

    test("nothing is said in a substitution, and the shell outside stays where it is", async () => {
      await world.announce();
      const { stdout, stderr } = await run(`${init}\necho "$(cd work && pwd)"; (cd work && tell); tell`);
      expect({ stdout, stderr }).toEqual({ stdout: `${world.home.at("work")}\n${home()}none`, stderr: "" });
    });

    test("--no-hook leaves cd alone", async () => {
      await using bare = await Fixture.create({ hook: false });
      const { stdout } = await runScript(
        "bash",
        bare.home,
        `${initLine(bare, "bash")}\ndeclare -F cd pushd popd codex`,
      );
      expect(stdout).toBe("");
    });
  },
  ["bash"],
);

describeShells(
  "cd at a prompt",
  () => {
    test.each([
      ...others.flatMap(([title, code]) => [
        [`${title}, before codex-auth`, (init: string) => `${code}\n${init}`] as const,
        [`${title}, behind codex-auth`, (init: string) => `${init}\n${code}`] as const,
      ]),
      ["nothing", (init: string) => init] as const,
    ])("%s", async (title, arrange) => {
      const world = await createWorld();
      await using cleanUp = new AsyncDisposableStack();
      cleanUp.use(world);
      const session = await Session.start("bash", world.home, { rc: arrange(initLine(world, "bash")) });
      cleanUp.use(session);
      const output = await session.run("cd ~/work && tell && echo");
      expect(output).toBe(`${title === "nothing" ? "" : "did\n"}${accountEnv(world, acme, "pin").CODEX_HOME}`);
      expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
      await session.run("cd /");
      expect(session.prompt).toStartWith(ACCOUNTS.own.email);
    });

    test("a function that is defined later is taken in at the next change", async () => {
      const world = await createWorld();
      await using cleanUp = new AsyncDisposableStack();
      cleanUp.use(world);
      const session = await startShell(world, "bash");
      cleanUp.use(session);
      await session.run(`cd() { builtin cd "$@" && echo did; }`);
      await session.run("cd other");
      const output = await session.run("cd ~/work && tell && echo");
      expect(output).toBe(`did\n${accountEnv(world, acme, "pin").CODEX_HOME}`);
    });

    test("autocd", async () => {
      const world = await createWorld();
      await using cleanUp = new AsyncDisposableStack();
      cleanUp.use(world);
      const session = await startShell(world, "bash", { rc: "shopt -s autocd 2>/dev/null" });
      cleanUp.use(session);
      if ((await session.run("shopt -q autocd && echo on")) !== "on") return;
      expect(await session.run("work 2>/dev/null && tell && echo")).toContain(
        accountEnv(world, acme, "pin").CODEX_HOME ?? "",
      );
    });
  },
  ["bash"],
);
