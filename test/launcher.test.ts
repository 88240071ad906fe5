import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cpSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { answers } from "../bin/answers.ts";
import { RUNTIME_FLAGS } from "../src/runtime.ts";
import { renderCompletion, renderSnippet, type Shell, SHELLS } from "../src/shell.ts";
import { Home } from "./home.ts";
import { run } from "./run.ts";
import { findShell, shellTest } from "./shells/shells.ts";

// The launcher of the package, installed where npm, bun and npx put it, with programs in Bun's place that say who they are.

const LAUNCHER = join(import.meta.dir, "../bin/codex-auth");
const GLOBAL = "prefix/lib/node_modules/codex-auth";
const INSTALLED = "prefix/bin/codex-auth";

let home: Home;
beforeEach(() => {
  home = new Home("it's a package ");
  install(GLOBAL, INSTALLED, "../lib/node_modules/codex-auth/bin/codex-auth");
});
afterEach(() => home[Symbol.dispose]());

function install(directory: string, link: string, target: string): void {
  home.mkdir(`${directory}/bin`, `${directory}/dist`, join(link, ".."));
  cpSync(LAUNCHER, home.at(directory, "bin/codex-auth"));
  home.write(`${directory}/dist/cli.js`, "");
  symlinkSync(target, home.at(link));
}

const bun = (name: string) => home.program(name, `printf '%s\\n' ${name.replace(/[^\w/.@-]/g, "")} "$@"`);
const stub = (name: string) =>
  home.write(name, `echo "Error: Bun's postinstall script was not run." >&2\nexit 1\n`, 0o755);

interface Start {
  launcher?: string;
  path?: string;
  cwd?: string;
  env?: Record<string, string>;
}

/** Starts the launcher with two words; `path` goes before the system's own, without any Bun in it. */
async function start({ launcher = home.at(INSTALLED), path = "", cwd = home.path, env = {} }: Start = {}) {
  const PATH = [path, home.at("system")].filter(Boolean).join(":");
  return await run([launcher, "init", "a b"], { cwd, env: { HOME: home.path, PATH, ...env } });
}

async function expectBun(name: string, options?: Start, directory = GLOBAL): Promise<void> {
  const { code, out, err } = await start(options);
  const [program, ...words] = out.trimEnd().split("\n");
  const script = words.splice(RUNTIME_FLAGS.length, 1)[0] ?? "";
  expect({ code, err, program, words }).toEqual({
    code: 0,
    err: "",
    program: name,
    words: [...RUNTIME_FLAGS, "init", "a b"],
  });
  expect(join(script)).toBe(home.at(directory, "dist/cli.js"));
}

test.each([
  [`${GLOBAL}/node_modules/bun/bin/bun.exe`],
  [`${GLOBAL}/node_modules/@oven/bun-linux-x64/bin/bun`],
  [`${GLOBAL}/node_modules/bun/node_modules/@oven/bun-darwin-aarch64/bin/bun`],
  ["prefix/lib/node_modules/bun/bin/bun.exe"],
  [".bun/bin/bun"],
  ["elsewhere/bun"],
])("it finds %s", async (name) => {
  bun(name);
  await expectBun(name, { path: home.at("elsewhere") });
});

test("the Bun that it was installed with goes before PATH, PATH before HOME", async () => {
  for (const name of [".bun/bin/bun", "elsewhere/bun"]) bun(name);
  await expectBun("elsewhere/bun", { path: home.at("elsewhere") });
  bun(`${GLOBAL}/node_modules/bun/bin/bun.exe`);
  await expectBun(`${GLOBAL}/node_modules/bun/bin/bun.exe`, { path: home.at("elsewhere") });
});

test("a Bun whose postinstall script has not run is none", async () => {
  stub(`${GLOBAL}/node_modules/bun/bin/bun.exe`);
  bun("elsewhere/bun");
  await expectBun("elsewhere/bun", { path: home.at("elsewhere") });
});

test("BUN_INSTALL says where Bun installs itself", async () => {
  bun("my bun/bin/bun");
  await expectBun("mybun/bin/bun", { env: { BUN_INSTALL: home.at("my bun") } });
});

test.each([
  [
    "bun add -g",
    "install/global/node_modules/codex-auth",
    "bin/codex-auth",
    "../install/global/node_modules/codex-auth/bin/codex-auth",
  ],
  ["npx", "x/node_modules/codex-auth", "x/node_modules/.bin/codex-auth", "../codex-auth/bin/codex-auth"],
  ["another name", "opt/ours", "usr/bin/codex-auth", "../../opt/ours/bin/codex-auth"],
  ["a link to a link", "opt/ours", "usr/bin/ca", "../../prefix/bin/codex-auth"],
])("it finds its package, installed by %s", async (how, directory, link, target) => {
  home.mkdir("system");
  symlinkSync(Bun.which("readlink") ?? "", home.at("system/readlink"));
  bun(".bun/bin/bun");
  install(directory, link, target);
  await expectBun(".bun/bin/bun", { launcher: home.at(link) }, how === "a link to a link" ? GLOBAL : directory);
});

test("nothing of the working directory is run, whatever PATH says", async () => {
  const cwd = home.mkdir("hostile/node_modules/.bin");
  for (const name of ["bun", "readlink", "node_modules/.bin/bun"]) bun(`hostile/${name}`);
  const paths = [".", "", "node_modules/.bin", home.at("hostile/node_modules/.bin"), `:${home.at("nowhere")}:`];
  for (const path of paths) {
    const { code, out, err } = await start({ path, cwd: join(cwd, "../.."), env: { HOME: home.at("nobody") } });
    expect({ path, code, out, lines: err.trim().split("\n").length }).toEqual({ path, code: 1, out: "", lines: 1 });
    expect(err).toStartWith("codex-auth: it needs Bun 1.4.5 or later, and there is none; try: ");
  }
});

describe("init and completion are answered without Bun, as the program would", () => {
  const own = `${GLOBAL}/node_modules/bun/bin/bun.exe`;
  beforeEach(() => {
    home[Symbol.dispose]();
    // a path that needs no quotes
    home = new Home("codex-auth-package-");
    install(GLOBAL, INSTALLED, "../lib/node_modules/codex-auth/bin/codex-auth");
    for (const [name, text] of Object.entries(answers())) home.write(`${GLOBAL}/dist/${name}`, text);
    bun(own);
  });

  const ask = async (words: string[], env: Record<string, string> = {}, cwd = home.path) =>
    await run([home.at(INSTALLED), ...words], { cwd, env: { HOME: home.path, PATH: "/usr/bin:/bin", ...env } });
  const program = () => [home.at(own), ...RUNTIME_FLAGS, home.at(GLOBAL, "dist/cli.js")];
  const snippet = (shell: Shell, options: { prompt?: boolean; hook?: boolean } = {}) =>
    renderSnippet(shell, { program: program(), base: home.at(".codex"), prompt: true, hook: true, ...options }).replace(
      /^# init: (?:body|end)\n/gm,
      "",
    );
  /** What comes of a script that has the shell read a file. */
  const whole = (script: string): string => {
    const file = script.match(/'([^']+\/dist\/init\.\w+)'/)?.[1];
    if (file === undefined) return script;
    const lines = script.split("\n").filter((line) => line.includes(file) || line.includes("__codex_auth_load"));
    return script.replace(`${lines.join("\n")}\n`, () => readFileSync(file, "utf8"));
  };

  test.each([...SHELLS])("%s", async (shell) => {
    const { code, err, out } = await ask(["init", shell]);
    expect({ code, err, out: whole(out) }).toEqual({ code: 0, err: "", out: snippet(shell) });
    for (const [words, options] of [
      [["--no-prompt"], { prompt: false }],
      [["--no-hook"], { hook: false }],
      [["--no-hook", "--no-prompt"], { prompt: false, hook: false }],
    ] as const)
      expect(whole((await ask(["init", shell, ...words])).out)).toBe(snippet(shell, options));
    const completion = renderCompletion(shell, program(), home.at(".codex"));
    expect(await ask(["completion", shell])).toEqual({ code: 0, err: "", out: completion });
  });

  test.each(["0123456789abcdef", "0123456789abcdef.missing"])("below a pin: %s", async (id) => {
    const env = { CODEX_HOME: home.at(".codex/codex-auth/homes", id) };
    expect(whole((await ask(["init", "zsh"], env)).out)).toBe(snippet("zsh"));
  });

  test.each<[what: string, words: string[], env?: () => Record<string, string>]>([
    ["no shell", ["init"]],
    ["another shell", ["init", "tcsh"]],
    ["another option", ["init", "zsh", "--help"]],
    ["an option twice", ["init", "zsh", "--no-hook", "--no-hook"]],
    ["an option that only init has", ["completion", "zsh", "--no-hook"]],
    ["an option before the shell", ["init", "--no-hook", "zsh"]],
    ["another command", ["current"]],
    ["a base home of one's own", ["init", "zsh"], () => ({ CODEX_AUTH_BASE: "/x" })],
    ["a Codex home of one's own", ["init", "zsh"], () => ({ CODEX_HOME: "/x" })],
    [
      "an account home of another base",
      ["init", "zsh"],
      () => ({ CODEX_HOME: "/x/codex-auth/homes/0123456789abcdef" }),
    ],
    ["no account home", ["init", "zsh"], () => ({ CODEX_HOME: home.at(".codex/codex-auth/homes/0123") })],
    ["a HOME that has to be quoted", ["init", "zsh"], () => ({ HOME: "/it's" })],
    ["a HOME that is not plain", ["init", "zsh"], () => ({ HOME: `${home.path}/../x` })],
    ["a HOME with a slash behind", ["init", "zsh"], () => ({ HOME: `${home.path}/` })],
    ["no HOME", ["init", "zsh"], () => ({ HOME: "" })],
  ])("%s: the program is asked", async (_, words, env = () => ({})) => {
    const { out } = await ask(words, env());
    expect(out.split("\n")[0]).toBe(own);
    expect(out).toEndWith(`${words.join("\n")}\n`);
  });

  test("from any directory, with any CDPATH", async () => {
    const cwd = home.mkdir("lib/prefix/bin");
    expect(whole((await ask(["init", "bash"], { CDPATH: home.at("lib") }, cwd)).out)).toBe(snippet("bash"));
    const env = { HOME: home.path, PATH: "/usr/bin:/bin", CDPATH: cwd };
    const { code, out } = await run(["bin/codex-auth", "init", "bash"], { cwd: home.at("prefix"), env });
    expect({ code, out: whole(out) }).toEqual({ code: 0, out: snippet("bash") });
  });

  // What the file begins and ends with has to hold around the reading of it too.
  const installed = () => ({ HOME: home.path, PATH: `${home.at("prefix/bin")}:/usr/bin:/bin` });
  const READING: [Shell, what: string, words: string[], script: string, out: string][] = [
    [
      "bash",
      "aliases",
      [],
      "shopt -s expand_aliases; alias builtin=false .=false; EVAL; shopt -p expand_aliases",
      "shopt -s expand_aliases",
    ],
    ["bash", "POSIX mode", ["--posix"], "EVAL; shopt -po posix", "set -o posix"],
    ["bash", "exports", [], "set -a; EVAL; env | grep __codex_auth || echo none", "none"],
    ["bash", "a trap on RETURN", [], "trap 'echo returned' RETURN; EVAL; echo $?", "0"],
    ["bash", "set -eu", [], "set -eu; EVAL; echo $-", "ehuBc"],
    [
      "bash",
      "a restricted shell",
      ["--restricted"],
      "EVAL; declare -F __codex_auth_hook codex-auth",
      "__codex_auth_hook\ncodex-auth",
    ],
    [
      "bash",
      "functions named like commands",
      [],
      ".() { false; }; source() { false; }; EVAL; declare -F __codex_auth_hook",
      "__codex_auth_hook",
    ],
    [
      "zsh",
      "aliases",
      [],
      "alias builtin=false .=false\nEVAL\nprint -- $options[aliases] $+functions[__codex_auth_hook]",
      "on 1",
    ],
    [
      "zsh",
      "emulation of sh, set -eu",
      [],
      "emulate sh; set -eu; EVAL; whence -w __codex_auth_hook",
      "__codex_auth_hook: function",
    ],
    ["zsh", "a restricted shell", ["-r"], "EVAL; whence -w __codex_auth_hook", "__codex_auth_hook: function"],
  ];
  for (const [shell, what, words, script, out] of READING)
    shellTest(shell, `reads the file, ${what}`, async () => {
      const plain = shell === "zsh" ? ["-f"] : ["--norc", "--noprofile"];
      const text = script.replace("EVAL", `eval "$(codex-auth init ${shell})"`);
      const ran = await run([findShell(shell) ?? shell, ...plain, ...words, "-c", text], {
        cwd: home.path,
        env: installed(),
      });
      expect(ran).toEqual({ code: 0, err: "", out: `${out}\n` });
    });

  shellTest("bash", "without the file the options of the user come back", async () => {
    rmSync(home.at(GLOBAL, "dist/init.bash"));
    const script = 'shopt -s expand_aliases; set -a; eval "$(codex-auth init bash)"; shopt -p expand_aliases; echo $-';
    const command = [findShell("bash") ?? "bash", "--norc", "-c", script];
    const { out, err } = await run(command, { cwd: home.path, env: installed() });
    expect(out).toBe("shopt -s expand_aliases\nahBc\n");
    expect(err).toContain("dist/init.bash: No such file or directory");
  });
});
