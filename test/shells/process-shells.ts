import type { ProcessShell } from "../../src/process-shell.ts";

/** How a person has one of these shells, and types there. */
interface Typed {
  obtain: string;
  /** Its start file, from HOME. */
  rcFile: string;
  start(program: string, rcFile: string): string[];
  /** The start file; before each line that is read it adds a byte to the other file. */
  rc(snippet: string, ready: string): string;
  word(text: string): string;
  env(name: string, value: string): string;
  /** A command that writes all of the environment to a file. */
  dump(file: string): string;
}

const nuWord = (text: string) => JSON.stringify(text);
const elvishWord = (text: string) => (text.includes("\n") ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`);
const xonshWord = (text: string) => JSON.stringify(text);
const tcshWord = (text: string) =>
  text.replace(/[^\w/.,:=@%+\u0080-\uffff-]/g, (one) =>
    one < " " || one === "\x7f" ? `$'\\${one.charCodeAt(0).toString(8).padStart(3, "0")}'` : `\\${one}`,
  ) || "''";
export const TYPED: Record<ProcessShell, Typed> = {
  elvish: {
    rcFile: "rc.elvish",
    obtain: "install the package elvish",
    start: (program, rcFile) => [program, "-rc", rcFile],
    rc: (snippet, ready) =>
      `eval (slurp < ${elvishWord(snippet)})\nset edit:before-readline = [$@edit:before-readline { print x >> ${elvishWord(ready)} }]\n`,
    word: elvishWord,
    env: (name, value) => `set-env ${name} ${elvishWord(value)}`,
    dump: (file) => `e:env-to ${elvishWord(file)}`,
  },
  nu: {
    rcFile: "rc.nu",
    obtain: "npm install --global @nushell/linux-x64, and nu on PATH",
    start: (program, rcFile) => [program, "--config", rcFile],
    rc: (snippet, ready) =>
      `$env.config.show_banner = false\nsource ${nuWord(snippet)}\n` +
      `$env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt | append {|| "x" | save --append ${nuWord(ready)} })\n`,
    word: nuWord,
    env: (name, value) => `$env.${name} = ${nuWord(value)}`,
    dump: (file) => `^env-to ${nuWord(file)}`,
  },
  xonsh: {
    rcFile: "rc.xonsh",
    obtain: "install the package xonsh",
    start: (program, rcFile) => [program, "--rc", rcFile, "-i"],
    rc: (snippet, ready) =>
      `$XONSH_SHOW_TRACEBACK = False\n$SHELL_TYPE = "readline"\nwith open(${xonshWord(snippet)}) as text: execx(text.read())\n` +
      `@events.on_pre_prompt\ndef ready(**_):\n  with open(${xonshWord(ready)}, "a") as file: file.write("x")\n`,
    word: xonshWord,
    env: (name, value) => `$${name} = ${xonshWord(value)}`,
    dump: (file) => `env-to ${xonshWord(file)}`,
  },
  tcsh: {
    rcFile: ".tcshrc",
    obtain: "install the package tcsh",
    start: (program) => [program],
    rc: (snippet, ready) =>
      `set prompt = "> "\nset __snippet = ${tcshWord(snippet)}\nset __ready = ${tcshWord(ready)}\n` +
      `alias __print 'cat $__snippet:q'\neval "\`__print\`"\n` +
      `alias __prompted 'echo -n x >> $__ready:q'\nalias precmd "\`alias precmd\`;__prompted"\n`,
    word: tcshWord,
    env: (name, value) => `setenv ${name} ${tcshWord(value)}`,
    dump: (file) => `env-to ${tcshWord(file)}`,
  },
};

/** Returns the path of a shell, or null. */
export const programOf = (shell: ProcessShell) => Bun.which(shell);
/** The shells whose absence is a failure. */
export const required = (process.env.CODEX_AUTH_TEST_SHELLS ?? "").split(/[\s,]+/);
