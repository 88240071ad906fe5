import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RUNTIME_FLAGS } from "../src/runtime.ts";
import { UserError } from "../src/core/errors.ts";
import { main, type Outside } from "../src/main.ts";
import { SHELLS } from "../src/shell.ts";
import { HIDDEN, VERBS } from "../src/commands/index.ts";
import { openLog } from "../src/io/log.ts";
import { LAUNCHER as launcher, PROGRAM } from "./shells/program.ts";
import { Terminal } from "./shells/terminal.ts";

const CLI = join(import.meta.dir, "../src/cli.ts");
// as a person starts it
const LAUNCHER = [launcher];
const NAMES = [...Object.keys(VERBS), ...Object.keys(HIDDEN)];

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "codex-auth-cli-")));
  // as npm's package has it, the runtime's own file has another name
  mkdirSync(join(root, "bin"));
  symlinkSync(process.execPath, join(root, "bin/bun"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const noContext = (): never => {
  throw new UserError("no context is needed here");
};

/** Runs main in this process. */
async function run(words: string[], makeContext: Outside["makeContext"] = noContext) {
  const printed = { out: "", err: "" };
  const terminal = {
    write: (text: string) => void (printed.out += text),
    log: openLog((text) => void (printed.err += text)),
    tty: { in: false, out: false, err: false },
    colors: false,
  };
  const code = await main(words, { terminal, makeContext });
  return { code, ...printed };
}

interface Spawned {
  cwd?: string;
  env?: Record<string, string>;
  command?: string[];
}

/** The environment of a real run: a HOME of its own, a bun on PATH, and no variable of ours. */
const environment = () => ({ HOME: join(root, "home"), PATH: `${join(root, "bin")}:/usr/bin:/bin` });

/** What was made in a HOME; Bun keeps a cache of its own there. */
const madeIn = (home: string) => (existsSync(home) ? readdirSync(home).filter((name) => name !== ".bun") : []);

/** Runs the program as a process of its own. */
async function spawn(words: string[], { cwd = root, env = {}, command = LAUNCHER }: Spawned = {}) {
  const child = Bun.spawn([...command, ...words], {
    cwd,
    env: { ...environment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

describe("wrong usage: exit 2, one line and a hint on stderr, nothing on stdout", () => {
  test.each([
    [["frobnicate"], 'unknown command "frobnicate"', "codex-auth --help"],
    [["lsit"], 'unknown command "lsit", did you mean "list"?', "codex-auth --help"],
    [["Pin"], 'unknown command "Pin", did you mean "pin"?', "codex-auth --help"],
    [["ls"], 'unknown command "ls"', "codex-auth list"],
    [["rm"], 'unknown command "rm"', "codex-auth remove SELECTOR"],
    [["status"], 'unknown command "status"', "codex-auth current"],
    [["whoami"], 'unknown command "whoami"', "codex-auth current"],
    [["logout"], 'unknown command "logout"', "codex logout, or codex-auth remove SELECTOR"],
    [
      ["exec", "ls", "--frob"],
      'unknown flag "--frob"',
      "a flag of the command itself goes behind --: codex-auth exec -- COMMAND",
    ],
    [["toString"], 'unknown command "toString"', "codex-auth --help"],
    [["__proto__"], 'unknown command "__proto__"', "codex-auth --help"],
    [["constructor", "--help"], 'unknown command "constructor"', "codex-auth --help"],
    [[""], 'unknown command ""', "codex-auth --help"],
    [["--"], 'unknown flag "--"', "codex-auth --help"],
    [["-x"], 'unknown flag "-x"', "codex-auth --help"],
    [["--verison"], 'unknown flag "--verison", did you mean "--version"?', "codex-auth --help"],
    [["--json"], 'unknown flag "--json"', "codex-auth --help"],
    [["--version", "x"], 'unexpected argument "x" behind --version', "codex-auth --help"],
    [["help", "pin", "x"], 'unexpected argument "x" behind pin', "codex-auth --help"],
    [["help", "help", "x"], 'unexpected argument "x" behind help', "codex-auth --help"],
    [["--help", "--json"], 'unknown flag "--json"', "codex-auth --help"],
    [["help", "nope"], 'unknown command "nope"', "codex-auth --help"],
    [["a\u001b[31mb"], 'unknown command "a\ufffd[31mb"', "codex-auth --help"],
    [["init"], "missing argument SHELL", "codex-auth help init"],
    [
      ["init", "ksh"],
      'SHELL cannot be "ksh", did you mean "zsh"?',
      "one of zsh, bash, fish, pwsh, elvish, nu, xonsh, tcsh; in ksh: codex-auth shim install, codex-auth exec -- COMMAND, or codex-auth env",
    ],
    [
      ["init", "zhs"],
      'SHELL cannot be "zhs", did you mean "zsh"?',
      "one of zsh, bash, fish, pwsh, elvish, nu, xonsh, tcsh",
    ],
    [["init", "zsh", "bash"], 'unexpected argument "bash"', "codex-auth help init"],
    [["init", "zsh", "--no-promt"], 'unknown flag "--no-promt", did you mean "--no-prompt"?', "codex-auth help init"],
    [["init", "zsh", "--json"], 'unknown flag "--json"', "codex-auth help init"],
    [["init", "zsh", "--no-hook", "--no-hook"], "--no-hook is given twice", "codex-auth help init"],
    [["init", "--", "--help"], 'SHELL cannot be "--help"', "one of zsh, bash, fish, pwsh, elvish, nu, xonsh, tcsh"],
  ])("%j", async (words, message, hint) => {
    expect(await run(words)).toEqual({ code: 2, out: "", err: `codex-auth: ${message}\n  try: ${hint}\n` });
  });

  test.each(Object.keys(VERBS))("%s", async (name) => {
    const { code, out, err } = await run([name, "--frobnicate"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toStartWith('codex-auth: unknown flag "--frobnicate"\n');
  });
});

describe("help", () => {
  test.each([[["help"]], [["help", "help"]], [["help", "--help"]], [["--help"]], [["-h"]]])(
    "of the program: %j",
    async (words) => {
      const { code, out, err } = await run(words);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      for (const [name, [, description]] of Object.entries(VERBS)) {
        expect(out).toMatch(new RegExp(`^  ${name} .*${RegExp.escape(description)}$`, "m"));
      }
      for (const name of Object.keys(HIDDEN)) expect(out).not.toMatch(new RegExp(`^  ${name}\\b`, "m"));
      for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    },
  );

  test.each(NAMES)("of %s, however it is asked for", async (name) => {
    const help = await run(["help", name]);
    expect({ code: help.code, err: help.err }).toEqual({ code: 0, err: "" });
    expect(help.out).toContain(`USAGE codex-auth ${name}`);
    expect(help.out).toContain("EXAMPLES");
    expect(help.out).not.toContain("\u001b");
    expect(await run([name, "--help"])).toEqual(help);
    expect(await run([name, "x", "-h", "--frobnicate"])).toEqual(help);
    expect(await run(["--help", name])).toEqual(help);
  });

  test("has no colours on a pipe, whatever the environment says", async () => {
    for (const words of [["--help"], ["help", "init"]]) {
      const { out, code } = await spawn(words, { env: { FORCE_COLOR: "1", TERM: "xterm-256color" } });
      expect({ code, colors: out.includes("\u001b") }).toEqual({ code: 0, colors: false });
    }
  });

  test("loads no command", async () => {
    const preload = join(root, "trace.ts");
    writeFileSync(
      preload,
      `Bun.plugin({ name: "trace", setup(build) {
        build.onLoad({ filter: /src.(commands.(?!index)|core.(?!errors|closest|printable|bytes|base.layout)|shell).*\\.ts$/ }, async ({ path }) => {
          process.stderr.write("loads " + path + "\\n");
          return { contents: await Bun.file(path).text(), loader: "ts" };
        });
      } });`,
    );
    const command = [process.execPath, ...RUNTIME_FLAGS, "--preload", preload, CLI];
    for (const words of [["--help"], ["--version"], ["help"], ["lsit"], ["--frob"]]) {
      expect((await spawn(words, { command })).err).not.toContain("loads");
    }
    expect((await spawn(["init", "zsh"], { command })).err).toContain("commands/init.ts");
  });
});

test.each([[["--version"]], [["-V"]]])("%j", async (words) => {
  const { version } = await Bun.file(join(import.meta.dir, "../package.json")).json();
  expect(await run(words)).toEqual({ code: 0, out: `codex-auth ${version}\n`, err: "" });
});

describe("errors", () => {
  test("what the user can mend: 1, and how", async () => {
    const fail = (): never => {
      throw new UserError("it is\u0007 broken", { hint: "mend it" });
    };
    expect(await run(["init", "zsh"], fail)).toEqual({
      code: 1,
      out: "",
      err: "codex-auth: it is\ufffd broken\n  try: mend it\n",
    });
  });

  test("a document on stdout with --json", async () => {
    const fail = (): never => {
      throw new UserError("two match", { code: "ambiguous_query", details: { candidates: ["a", "b"] } });
    };
    const { code, out, err } = await run(["current", "--json"], fail);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out)).toEqual({
      schema_version: 1,
      error: { code: "ambiguous_query", message: "two match", candidates: ["a", "b"] },
    });
    expect(JSON.parse((await run(["current", "--json", "--frob"])).out)).toEqual({
      schema_version: 1,
      error: { code: "usage", message: 'unknown flag "--frob"' },
    });
    expect((await run(["current", "--json"], () => fail())).err).toBe("");
    expect((await run(["exec", "--", "ls", "--json"], fail)).out).toBe("");
  });

  test("our own: 70, with a stack", async () => {
    const { code, out, err } = await run(["init", "zsh"], () => {
      throw new TypeError("x is undefined");
    });
    expect({ code, out }).toEqual({ code: 70, out: "" });
    expect(err).toMatch(/bug[^]*TypeError: x is undefined\n +at /);
  });
});

describe("the process", () => {
  test("is started with the flags that the snippet passes", async () => {
    const [shebang] = (await Bun.file(CLI).text()).split("\n");
    expect(shebang).toBe(`#!/usr/bin/env -S bun ${RUNTIME_FLAGS.join(" ")}`);
  });

  test("is executable, and its exit code is the command's", async () => {
    expect(await spawn(["--version"])).toMatchObject({ code: 0, err: "" });
    expect(await spawn(["lsit"])).toMatchObject({ code: 2, out: "" });
  });

  test("needs no HOME for help, and says so where it does", async () => {
    expect(await spawn(["--help"], { env: { HOME: "" } })).toMatchObject({ code: 0, err: "" });
    expect(await spawn(["init", "zsh"], { env: { HOME: "" } })).toMatchObject({ code: 1, out: "" });
  });

  test("ends quietly when nobody reads its output", async () => {
    const script = `(sleep 0.3; "$0" --help; echo "code $?" >&2) | true`;
    const child = Bun.spawn(["bash", "-c", script, CLI], { env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    expect(await child.stderr.text()).toBe("code 0\n");
  });

  test.skipIf(!existsSync("/dev/full"))("says when its output cannot be written", async () => {
    const { code, err } = await spawn(["-c", '"$0" --help >/dev/full', CLI], { command: ["bash"] });
    expect({ code, err }).toEqual({ code: 1, err: "codex-auth: the output could not be written: ENOSPC\n" });
  });

  test("writes all of it to a slow reader", async () => {
    const { out } = await spawn(["-c", '"$0" init pwsh | (sleep 0.3; cat) | wc -c', CLI], { command: ["bash"] });
    expect(Number(out)).toBeGreaterThan(10_000);
  });
});

describe("codex-auth alone on a terminal", () => {
  async function overview(env: Record<string, string>) {
    await using terminal = new Terminal([CLI], { cwd: root, env: { ...environment(), SHELL: "/bin/zsh", ...env } });
    expect(await terminal.exited).toBe(0);
    return terminal.raw.replaceAll("\r\n", "\n");
  }

  test("says what to do first, and makes nothing", async () => {
    const text = await overview({ HOME: join(root, "new") });
    expect(text).toStartWith("no account yet\n\n  codex-auth login ");
    expect(text).toContain("\n  codex-auth setup  ");
    expect(madeIn(join(root, "new"))).toEqual([]);
  });
});

test("what the older tool takes: add, switch --live, list --api", async () => {
  expect((await spawn(["switch", "--live"])).err).toBe("codex-auth: --live needs a terminal\n  try: codex-auth list\n");
  expect((await spawn(["add", "--help"])).out).toContain("--with-api-key");
  expect(await spawn(["list", "--api"], { env: { HOME: join(root, "new") } })).toMatchObject({ code: 0 });
});

test("codex-auth alone says the same in a pipe", async () => {
  const { code, out, err } = await spawn([], { env: { HOME: join(root, "new") } });
  expect({ code, err, out }).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/^no account yet\n/) });
});

describe("init", () => {
  test.each([...SHELLS])("%s: fills the snippet in, makes nothing", async (shell) => {
    const home = join(root, "it's $(touch x) home");
    const { code, out, err } = await spawn(["init", shell, "--no-prompt"], { env: { HOME: home } });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("--no-env-file");
    expect(out).toContain(PROGRAM.at(-1) ?? CLI);
    expect(out).toMatch(/__codex_auth_prompt\s*=?\s*0 /);
    expect(out).toMatch(/__codex_auth_hook\s*=?\s*1 /);
    expect(madeIn(home)).toEqual([]);
  });
});

describe("a directory with files for Bun", () => {
  let hostile: string;
  let traces: string;

  // Whatever is read of the directory leaves a file in `traces`, or shows the word `hostile`.
  beforeAll(() => {
    hostile = join(root, "hostile");
    traces = join(root, "traces");
    mkdirSync(traces);
    const put = (name: string, text: string, mode = 0o644) => {
      mkdirSync(dirname(join(hostile, name)), { recursive: true });
      writeFileSync(join(hostile, name), text);
      chmodSync(join(hostile, name), mode);
    };
    const leave = (name: string) => `require("node:fs").writeFileSync(${JSON.stringify(join(traces, name))}, "");`;
    put("preload.js", leave("preload"));
    put(
      "bunfig.toml",
      'preload = ["./preload.js"]\n[run]\nbun = true\n[define]\n"process.env.HOME" = "\'/hostile\'"\n',
    );
    for (const name of [".env", ".env.local", ".env.development", ".env.production"]) {
      put(
        name,
        "CODEX_AUTH_BASE=/hostile\nCODEX_HOME=/hostile\nCODEX_AUTH_USE=hostile\nBUN_OPTIONS=--preload ./preload.js\n",
      );
    }
    // Bun looks for these in the directories above, too
    const paths = JSON.stringify({ compilerOptions: { baseUrl: ".", paths: { "*": ["./evil.ts"] } } });
    put("tsconfig.json", paths);
    put("evil.ts", leave("tsconfig"));
    put("above/jsconfig.json", paths);
    put("above/evil.ts", leave("jsconfig"));
    mkdirSync(join(hostile, "above/below"));
    put(
      "package.json",
      JSON.stringify({
        name: "codex-auth",
        version: "6.6.6-hostile",
        imports: { "#*": "./evil.ts" },
        browser: { fs: "./evil.ts" },
      }),
    );
    for (const name of ["citty", "valibot", "ofetch"]) {
      put(`node_modules/${name}/index.js`, leave(`module-${name}`));
    }
    for (const name of ["bun", "node", "env", "codex-auth", "codex"]) {
      put(`node_modules/.bin/${name}`, `#!/bin/sh\n: > '${join(traces, `bin-${name}`)}'\n`, 0o755);
    }
  });

  const RUNS = [
    ...NAMES.map((name) => [name, "--help"]),
    ...SHELLS.map((shell) => ["init", shell]),
    ["--version"],
    ["--help"],
    ["list", "--json", "--skip-api"],
    ["current", "--json"],
    ["pins"],
    ["env"],
    ["sync", "--quiet"],
    ["doctor"],
    ["config"],
    ["clean"],
    ["completion", "zsh"],
    ["complete", "--", "pin", ""],
    ["pin", "nobody"],
    ["use", "nobody"],
    ["exec", "--", "true"],
  ];
  const here = "node_modules/.bin";

  test.each([
    ["the launcher line", LAUNCHER, environment],
    // `ctx.program`: the words that the snippet calls
    ["the snippet's words", PROGRAM, () => ({ ...environment(), PATH: `${here}:/bin:/usr/bin` })],
  ])(
    "is neither read nor run by %s",
    async (_how, command, env) => {
      const known = RUNS.filter(([name = ""]) => name.startsWith("-") || NAMES.includes(name));
      for (const words of known) {
        const { out, err, code } = await spawn(words, { cwd: hostile, env: env(), command });
        expect({ words, code, hostile: `${out}${err}`.replaceAll(hostile, "").includes("hostile") }).toMatchObject({
          hostile: false,
        });
        expect(code).toBeLessThan(70);
        expect({ words, traces: readdirSync(traces) }).toEqual({ words, traces: [] });
      }
    },
    120_000,
  );
});
