import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, linkSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { placesOf } from "../../src/commands/setup/places.ts";
import { NU_FILES, SERVED, type ServedShell, SETUP } from "../../src/setup.ts";
import { makeBaseHome } from "../base-home.ts";
import { PROGRAM } from "../shells/program.ts";
import { Terminal } from "../shells/terminal.ts";
import { treeOf } from "../tree.ts";
import { User } from "./user.ts";

const FILES: Record<ServedShell, string> = {
  zsh: ".zshrc",
  bash: ".bashrc",
  fish: ".config/fish/config.fish",
  pwsh: ".config/powershell/Microsoft.PowerShell_profile.ps1",
  elvish: ".config/elvish/rc.elv",
  nu: ".config/nushell/config.nu",
  xonsh: ".xonshrc",
  tcsh: ".tcshrc",
};
const MARK = "# added by `codex-auth setup`, which takes it out again with --remove\n";
const blockOf = (shell: ServedShell) => `${MARK}${SETUP[shell].line}\n${SETUP[shell].completion}\n`;
const BLOCK = blockOf("zsh");

let user: User;
beforeEach(() => {
  user = new User();
  user.write("bin/codex-auth", "#!/bin/sh\n", 0o755);
});
afterEach(() => user[Symbol.asyncDispose]());

const at = (name: string) => join(user.home, name);
const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "latin1") : undefined);
const setup = (...words: string[]) => user.run(["setup", ...words]);

describe("setup and setup --remove", () => {
  test.each([...SERVED])("%s: the file is made, and is gone again", async (shell) => {
    expect(await setup(shell, "--yes")).toMatchObject({ code: 0, out: `added to ~/${FILES[shell]}\n` });
    expect(read(FILES[shell])).toBe(blockOf(shell));
    expect(await setup("--remove", "--yes")).toMatchObject({ code: 0, out: `taken out of ~/${FILES[shell]}\n` });
    expect(existsSync(at(FILES[shell]))).toBe(false);
  });

  const TEXTS: [what: string, before: string, after: string][] = [
    ["a usual one", "alias a=b\n", `alias a=b\n\n${BLOCK}`],
    ["an empty one", "", `\n${BLOCK}`],
    ["without a final newline", "alias a=b", `alias a=b\n${BLOCK}`],
    ["blank lines at its end", "a\n\n\n", `a\n\n\n\n${BLOCK}`],
    ["of another encoding", "a=\xe4\xff\x80\n", `a=\xe4\xff\x80\n\n${BLOCK}`],
    ["of Windows' lines", "a\r\nb\r\n", `a\r\nb\r\n\n${BLOCK}`],
    ["the line commented out", `# ${SETUP.zsh.line}\n`, `# ${SETUP.zsh.line}\n\n${BLOCK}`],
    ["named behind a comment", `a=b # codex-auth init zsh\n`, `a=b # codex-auth init zsh\n\n${BLOCK}`],
    ["another shell's line", `${SETUP.fish.line}\n`, `${SETUP.fish.line}\n\n${BLOCK}`],
  ];
  test.each(TEXTS)("%s: added once, with a backup, and taken out to the byte", async (_, before, after) => {
    user.write(".zshrc", Buffer.from(before, "latin1").toString("latin1"));
    await Bun.write(at(".zshrc"), Buffer.from(before, "latin1"));
    chmodSync(at(".zshrc"), 0o640);
    const tree = treeOf(user.home);
    for (let i = 0; i < 2; i++) {
      expect((await setup("zsh", "--yes")).code).toBe(0);
      expect(read(".zshrc")).toBe(after);
      expect(read(".zshrc.before-codex-auth")).toBe(before);
      expect(statSync(at(".zshrc")).mode & 0o777).toBe(0o640);
    }
    expect((await setup("--remove", "--yes")).code).toBe(0);
    const same = (paths: Record<string, string>) => JSON.stringify(paths).replace(/ [\d.]+"/g, '"');
    expect(same(treeOf(user.home))).toBe(same(tree));
  });

  test.each([
    ["behind it", "a", (text: string) => `${text}b\n`, "a\nb\n"],
    ["before it", "a\n", (text: string) => `x\n${text}`, "x\na\n"],
    ["in it", "a\n", (text: string) => text.replace("init zsh", "init zsh --no-prompt"), "a\n"],
    ["and has the completions no more", "a\n", (text: string) => text.replace(`${SETUP.zsh.completion}\n`, ""), "a\n"],
  ])("what the user has written since, %s, stays, and so does the backup", async (_, before, edit, after) => {
    user.write(".zshrc", before);
    await setup("zsh", "--yes");
    user.write(".zshrc", edit(read(".zshrc") ?? ""));
    await setup("zsh", "--remove", "--yes");
    expect(read(".zshrc")).toBe(after);
    expect(existsSync(at(".zshrc.before-codex-auth"))).toBe(after !== before);
  });

  test.each([...SERVED])("%s: what is there stays, the line once, with a backup", async (shell) => {
    user.write(FILES[shell], `a\n# ${SETUP[shell].line}`);
    for (let i = 0; i < 2; i++) expect((await setup(shell, "--yes")).code).toBe(0);
    expect(read(FILES[shell])).toBe(`a\n# ${SETUP[shell].line}\n${blockOf(shell)}`);
    expect(read(`${FILES[shell]}.before-codex-auth`)).toBe(`a\n# ${SETUP[shell].line}`);
    expect((await setup(shell, "--remove", "--yes")).code).toBe(0);
    expect(read(FILES[shell])).toBe(`a\n# ${SETUP[shell].line}`);
  });

  test("what nushell's lines have written goes too, and nothing of another's", async () => {
    const [snippet, completion] = NU_FILES.map((name) => `.local/share/nushell/vendor/autoload/${name}`);
    user.write(snippet ?? "", "# codex-auth for nushell: …\n");
    user.write(completion ?? "", "# mine\n");
    const { code, out } = await setup("--remove", "--yes");
    expect({ code, out }).toEqual({ code: 0, out: `removed ~/${snippet}\n` });
    expect([snippet, completion].map((name) => existsSync(at(name ?? "")))).toEqual([false, true]);
  });

  test("a link to dotfiles is followed, not replaced; a second name is kept", async () => {
    user.write("dotfiles/zshrc", "a\n", 0o644);
    symlinkSync("dotfiles/zshrc", at(".zshrc"));
    user.write("dotfiles/bashrc", "a\n", 0o644);
    linkSync(at("dotfiles/bashrc"), at(".bashrc"));
    for (const shell of ["zsh", "bash"] as const) {
      await setup(shell, "--yes");
      expect(read(`dotfiles/${shell}rc`)).toBe(`a\n\n${blockOf(shell)}`);
    }
    expect(lstatSync(at(".zshrc")).isSymbolicLink()).toBe(true);
    expect(existsSync(at("dotfiles/zshrc.before-codex-auth"))).toBe(false);
    await setup("--remove", "--yes");
    for (const shell of ["zsh", "bash"]) expect(read(`dotfiles/${shell}rc`)).toBe("a\n");
  });
});

describe("the line is there already: nothing changes", () => {
  const LINES: [file: string, line: string, says: string][] = [
    [".zshrc", SETUP.zsh.line, "the line is there already: ~/.zshrc:2"],
    [".zshrc", 'eval "$(~/bin/codex-auth init zsh --no-prompt)"', "~/.zshrc:2"],
    [".zshrc", "source <('/opt/x/codex-auth' init zsh)", "~/.zshrc:2"],
    [".zshenv", SETUP.zsh.line, "the line is there already: ~/.zshenv:2"],
    [".zprofile", SETUP.zsh.line, "the line is in ~/.zprofile:2, which not every zsh reads\n  try: "],
    [".config/elvish/rc.elv", SETUP.elvish.line, "the line is there already: ~/.config/elvish/rc.elv:2"],
    [".config/nushell/config.nu", "codex-auth init nu | save -f ~/x.nu", "~/.config/nushell/config.nu:2"],
    [".config/nushell/env.nu", SETUP.nu.line, "the line is there already: ~/.config/nushell/env.nu:2"],
    [".xonshrc", SETUP.xonsh.line, "the line is there already: ~/.xonshrc:2"],
    [".xonshrc", "execx($(codex-auth init xonsh))", "the line is there already: ~/.xonshrc:2"],
    [".config/xonsh/rc.d/a.xsh", SETUP.xonsh.line, "the line is there already: ~/.config/xonsh/rc.d/a.xsh:2"],
    [".tcshrc", 'eval "`codex-auth init tcsh`"', "the line is there already: ~/.tcshrc:2"],
    [".cshrc", SETUP.tcsh.line, "the line is there already: ~/.cshrc:2"],
    [".login", SETUP.tcsh.line, "the line is in ~/.login:2, which not every tcsh reads\n  try: "],
  ];
  test.each(LINES)("in %s: %s", async (file, line, says) => {
    user.write(file, `a=b\n${line}\n`);
    const tree = treeOf(user.home);
    const shell = SERVED.find((each) => new RegExp(`init ${each}\\b`).test(line));
    const { code, out, err } = await setup(shell ?? "", "--yes");
    expect({ code, says: out + err }).toEqual({ code: 0, says: expect.stringContaining(says) });
    expect(treeOf(user.home)).toEqual(tree);
  });

  test("and a line of the user's own stays with --remove, which names it", async () => {
    user.write(".bashrc", `${SETUP.bash.line}\n`);
    const { code, err } = await setup("--remove", "--yes");
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("~/.bashrc:1 is a line of your own") });
    expect(read(".bashrc")).toBe(`${SETUP.bash.line}\n`);
  });
});

describe("a file that cannot be changed stays, and is told with the line", () => {
  const OBSTACLES: [what: string, put: () => void, says: string][] = [
    ["read-only", () => user.write(".zshrc", "a\n", 0o444), "~/.zshrc is read-only"],
    ["a directory", () => user.directory(".zshrc"), "~/.zshrc is not a file"],
    ["a link to nowhere", () => symlinkSync("gone", at(".zshrc")), "~/.zshrc is a link to gone, which is not there"],
  ];
  test.each(OBSTACLES)("%s", async (_, put, says) => {
    put();
    const tree = treeOf(user.home);
    const { code, err } = await setup("zsh", "--yes");
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining(says) });
    expect(err).toContain(SETUP.zsh.line);
    expect(treeOf(user.home)).toEqual(tree);
  });

  test("a codex-auth that is not on PATH: a new shell would not find it", async () => {
    rmSync(at("bin/codex-auth"));
    user.write("x/node_modules/.bin/codex-auth", "#!/bin/sh\n", 0o755);
    const env = { PATH: `${at("x/node_modules/.bin")}:/usr/bin:/bin` };
    const { code, err } = await user.run(["setup", "zsh", "--yes"], { env });
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("codex-auth is not on PATH") });
    expect(existsSync(at(".zshrc"))).toBe(false);
  });
});

test("--print prints the lines and changes nothing", async () => {
  const tree = treeOf(user.home);
  expect(await setup("zsh", "--print")).toMatchObject({
    code: 0,
    out: BLOCK,
    err: expect.stringContaining("~/.zshrc"),
  });
  expect(treeOf(user.home)).toEqual(tree);
});

test.each(SERVED.filter((shell) => shell !== "nu" && shell !== "xonsh"))("the README has the line for %s", (shell) => {
  const readme = readFileSync(join(import.meta.dir, "../../README.md"), "utf8");
  expect(readme.replaceAll("\\|", "|")).toContain(`\`${SETUP[shell].line}\``);
});

test("without a terminal nothing is done unasked", async () => {
  expect(await setup("zsh")).toMatchObject({ code: 1, err: expect.stringContaining("--yes") });
  expect(existsSync(at(".zshrc"))).toBe(false);
});

describe("which shell", () => {
  test.each([
    ["/usr/bin/fish", "fish"],
    ["/opt/bash-5/bin/bash", "bash"],
    ["/usr/bin/nu", "nu"],
  ] as const)("SHELL=%s", async (SHELL, shell) => {
    expect((await user.run(["setup", "--print"], { env: { SHELL } })).out).toBe(blockOf(shell));
  });

  test.skipIf(!existsSync("/proc/self/comm")).each([
    ["tcsh", "tcsh"],
    ["elvish", "elvish"],
    ["bash", "zsh"],
  ] as const)("SHELL is zsh, and %s has started it", async (parent, shell) => {
    const script = user.write(`bin/${parent}`, `#!/bin/sh\n"$@"; true\n`, 0o755);
    const child = Bun.spawn([script, ...PROGRAM, "setup", "--print"], {
      env: { HOME: user.home, PATH: "/usr/bin:/bin", SHELL: "/bin/zsh" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(await child.stdout.text()).toBe(blockOf(shell));
  });

  test.skipIf(!existsSync("/proc/self/comm"))("without SHELL: the one that has started it", async () => {
    const script = `"$@"; true`;
    const child = Bun.spawn(["bash", "-c", script, "bash", ...PROGRAM, "setup", "--print"], {
      env: { HOME: user.home, PATH: "/usr/bin:/bin" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(await child.stdout.text()).toBe(blockOf("bash"));
  });

  test("one that is not known: which are", async () => {
    const { code, err } = await user.run(["setup", "--print"], { env: { SHELL: "/bin/ksh" } });
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('SHELL is "/bin/ksh"') });
  });
});

describe("which file", () => {
  const WHERE: [
    what: string,
    shell: ServedShell,
    env: Record<string, string>,
    files: Record<string, string>,
    file: string,
  ][] = [
    ["ZDOTDIR", "zsh", { ZDOTDIR: "/z" }, {}, "/z/.zshrc"],
    ["a relative ZDOTDIR", "zsh", { ZDOTDIR: "z" }, {}, "~/.zshrc"],
    ["XDG_CONFIG_HOME, fish", "fish", { XDG_CONFIG_HOME: "/x" }, {}, "/x/fish/config.fish"],
    ["XDG_CONFIG_HOME, pwsh", "pwsh", { XDG_CONFIG_HOME: "/x" }, {}, "/x/powershell/Microsoft.PowerShell_profile.ps1"],
    ["bash", "bash", {}, { ".bash_profile": "" }, "~/.bashrc"],
    ["bash on macOS", "bash", { ON: "darwin" }, {}, "~/.bash_profile"],
    ["bash on macOS, with a .profile", "bash", { ON: "darwin" }, { ".profile": "# .bashrc\n" }, "~/.profile"],
    ["bash on macOS, login first", "bash", { ON: "darwin" }, { ".profile": "", ".bash_login": "" }, "~/.bash_login"],
    [
      "bash on macOS that reads .bashrc",
      "bash",
      { ON: "darwin" },
      { ".bash_profile": "[ -r ~/.bashrc ] && . ~/.bashrc\n" },
      "~/.bashrc",
    ],
    ["XDG_CONFIG_HOME, elvish", "elvish", { XDG_CONFIG_HOME: "/x" }, {}, "/x/elvish/rc.elv"],
    ["elvish until 0.19", "elvish", {}, { ".elvish/rc.elv": "" }, "~/.elvish/rc.elv"],
    [
      "elvish that has moved on",
      "elvish",
      {},
      { ".elvish/rc.elv": "", ".config/elvish/rc.elv": "" },
      "~/.config/elvish/rc.elv",
    ],
    ["XDG_CONFIG_HOME, nu", "nu", { XDG_CONFIG_HOME: "/x" }, {}, "/x/nushell/config.nu"],
    ["nu on macOS", "nu", { ON: "darwin" }, {}, "~/Library/Application Support/nushell/config.nu"],
    ["xonsh", "xonsh", {}, { ".xonshrc": "", ".config/xonsh/rc.xsh": "" }, "~/.xonshrc"],
    ["xonsh with an rc.xsh alone", "xonsh", {}, { ".config/xonsh/rc.xsh": "" }, "~/.config/xonsh/rc.xsh"],
    ["tcsh", "tcsh", {}, { ".tcshrc": "", ".cshrc": "" }, "~/.tcshrc"],
    ["tcsh with a .cshrc, which a .tcshrc would hide", "tcsh", {}, { ".cshrc": "" }, "~/.cshrc"],
  ];
  test.each(WHERE)("%s", (_, shell, { ON = "linux", ...env }, files, file) => {
    const home = makeBaseHome(env);
    try {
      for (const [name, text] of Object.entries(files)) home.write(`../${name}`, text);
      const places = placesOf({ ...home.ctx, platform: ON }, shell);
      expect(places.file.replace(home.ctx.home ?? "", "~")).toBe(file);
    } finally {
      home.remove();
    }
  });
});

describe("on a terminal", () => {
  const open = (...words: string[]) =>
    new Terminal([...PROGRAM, ...words], {
      cwd: user.home,
      env: { HOME: user.home, PATH: `${at("bin")}:/usr/bin:/bin`, TERM: "xterm-256color", SHELL: "/bin/zsh" },
    });

  test.each([
    ["y", 0, BLOCK],
    ["n", 1, undefined],
    ["\x03", 130, undefined],
  ])("setup shows the line and the file, and asks: %j", async (key, code, text) => {
    await using terminal = open("setup");
    await terminal.waitFor("Add it? y/N");
    for (const line of ["~/.zshrc gets at its end:", SETUP.zsh.line]) expect(terminal.transcript()).toContain(line);
    terminal.write(key);
    expect(await terminal.exited).toBe(code);
    expect(read(".zshrc")).toBe(text);
  });

  test("setup --remove asks", async () => {
    await setup("zsh", "--yes");
    await using terminal = open("setup", "--remove");
    await terminal.waitFor("Take it out? y/N");
    terminal.write("n");
    expect(await terminal.exited).toBe(1);
    expect(read(".zshrc")).toBe(BLOCK);
  });

  test.each([...SERVED])("init %s says what it is for in place of its script", async (shell) => {
    await using terminal = open("init", shell);
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw.split("\n").length).toBeLessThan(5);
    expect(terminal.screen().join("")).toContain(SETUP[shell].line);
    expect(terminal.raw).toContain(`try: codex-auth setup ${shell}`);
  });
});
