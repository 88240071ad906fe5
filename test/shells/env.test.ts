import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isProcessShell, renderProcessEnv } from "../../src/process-shell.ts";
import { renderEnv } from "../../src/shell.ts";
import type { ServedShell } from "../../src/setup.ts";
import { Home } from "../home.ts";
import { run } from "../run.ts";
import { ACCOUNTS } from "./accounts.ts";
import { Program } from "./program.ts";
import { parseEnv } from "./session.ts";
import { ALL_SHELLS, describeProcessShells, describeServedShells, findShell, KIND_OF } from "./shells.ts";

/** How a shell takes what a command prints, as the README has it. */
const TAKE: Record<ServedShell, (command: string) => string> = {
  zsh: (command) => `eval "$(${command})"`,
  bash: (command) => `eval "$(${command})"`,
  fish: (command) => `${command} | source`,
  pwsh: (command) => `${command} | Out-String | Invoke-Expression`,
  elvish: (command) => `${command} | eval (slurp)`,
  nu: (command) => `${command} | from json | load-env`,
  xonsh: (command) => `execx($(${command}))`,
  tcsh: (command) => `eval "\`${command}\`"`,
};

/** The same in a script that goes on behind it, where an error would end that. */
const TAKE_AND_GO_ON: typeof TAKE = {
  ...TAKE,
  elvish: (command) => `try { ${TAKE.elvish(command)} } catch { }`,
  nu: (command) => TAKE.nu(`${command} | complete | get stdout`),
};

test.each(ALL_SHELLS)("the README has the line for %s", (shell) => {
  const option = shell === "zsh" || shell === "bash" ? "" : ` --shell ${shell}`;
  const readme = readFileSync(join(import.meta.dir, "../../README.md"), "utf8").replaceAll("\\|", "|");
  expect(readme).toContain(TAKE[shell](`codex-auth env work${option}`));
});

const VALUES = {
  A_QUOTES: `'a' "b" ‘c’ ''' """ $'d' \\`,
  A_RUN: "$(touch ran) `touch ran` (touch ran) ; touch ran | touch ran & @(touch) #{x}",
  A_EXPANDED: "~ $HOME ${HOME} %F{red} {a,b} * ? [x] !! !x ^a^b",
  A_BLANKS: " \ta  b ",
  A_BACKSLASHES: "\\n \\\\ \\$HOME \\",
  A_DASH: "-n # é 你 🙂",
  A_CONTROLS: "\x01\x1b]0;x\x07\x7f",
  A_FLAG: "-n",
  A_PLAIN: "a@b.example",
};
const A_LINES = "a\ntouch ran\n;touch ran\n\n";

describeServedShells("what env prints", (shell) => {
  const inShell = async (home: Home, script: string, env: Record<string, string>) => {
    const file = home.at("tmp/env");
    const command = KIND_OF[shell].script(
      findShell(shell) ?? shell,
      `${script}\n${KIND_OF[shell].call(["env-to", file])}`,
    );
    const ran = await run(command, { cwd: home.path, env: { ...home.env(), ...env } });
    return { ran, seen: existsSync(file) ? parseEnv(await Bun.file(file).bytes()) : undefined };
  };

  test("sets any value, as it is, and unsets; nothing in one is run", async () => {
    using home = Home.forShells();
    const set = { ...VALUES, A_LINES };
    const unset = ["STRAY", "NOT_THERE"];
    home.write("printed", isProcessShell(shell) ? renderProcessEnv(shell, set, unset) : renderEnv(shell, set, unset));
    const { ran, seen = {} } = await inShell(home, TAKE_AND_GO_ON[shell]("cat printed"), { STRAY: "x" });
    expect({ out: ran.out, err: ran.err }).toEqual({ out: "", err: "" });
    // tcsh reads lines, and makes blanks of their ends
    const asSet: Record<string, string> = shell === "tcsh" ? VALUES : set;
    expect(Object.fromEntries(Object.keys(asSet).map((name) => [name, seen[name]]))).toEqual(asSet);
    expect(seen.STRAY).toBeUndefined();
    expect(existsSync(home.at("ran"))).toBe(false);
  });

  test("is the account that was named; of one that is none Codex is kept from starting", async () => {
    await using world = await Program.create();
    const { home, base } = world;
    home.program("bin/codex-auth", `exec ${world.program.map((one) => `"${one}"`).join(" ")} "$@"`);
    const env = { ...world.env, CODEX_API_KEY: "stray" };
    const taken = async (name: string) =>
      (await inShell(home, TAKE_AND_GO_ON[shell](`codex-auth env ${name} --shell ${shell}`), env)).seen;
    await world.run(["use", ACCOUNTS.acme.alias]).catch(() => undefined); // makes its home
    const { CODEX_HOME, CODEX_AUTH_LABEL, CODEX_API_KEY } = (await taken(ACCOUNTS.acme.alias)) ?? {};
    expect({ CODEX_HOME, CODEX_AUTH_LABEL, CODEX_API_KEY }).toEqual({
      CODEX_HOME: join(base, "codex-auth/homes", ACCOUNTS.acme.id),
      CODEX_AUTH_LABEL: ACCOUNTS.acme.alias,
      CODEX_API_KEY: undefined,
    });
    const closed = (await taken("nosuch")) ?? {};
    expect(closed.CODEX_HOME).toBe(join(base, "codex-auth/homes/0000000000000000.missing"));
    expect(closed.CODEX_API_KEY).toBeUndefined();
  }, 60_000);
});

describeProcessShells(
  "an account that is none",
  (shell) => {
    test("ends a script, as errors do there", async () => {
      using home = Home.forShells();
      home.program("bin/fails", `cat "$HOME/printed"; exit 1`);
      home.write("printed", renderProcessEnv(shell, { A: "x" }, []));
      const script = `${TAKE[shell]("fails")}\n${KIND_OF[shell].call(["env-to", "seen"])}`;
      const command = KIND_OF[shell].script(findShell(shell) ?? shell, script);
      const { code } = await run(command, { cwd: home.path, env: home.env() });
      expect({ failed: code !== 0, wentOn: existsSync(home.at("seen")) }).toEqual({ failed: true, wentOn: false });
    });
  },
  ["elvish", "nu"],
);
