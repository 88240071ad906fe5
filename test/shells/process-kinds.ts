import type { ProcessShell } from "../../src/process-shell.ts";
import type { ShellKind } from "./shells.ts";

const hex = (one: string) => one.charCodeAt(0).toString(16).padStart(2, "0");

const elvishWord = (text: string) =>
  /[\x00-\x1f\x7f]/.test(text)
    ? `"${text.replace(/["\\]/g, "\\$&").replace(/[\x01-\x1f\x7f]/g, (one) => `\\x${hex(one)}`)}"`
    : `'${text.replaceAll("'", "''")}'`;
const nuWord = (text: string) =>
  `"${text.replace(/["\\]/g, "\\$&").replace(/[\x01-\x1f\x7f]/g, (one) => `\\u{${hex(one)}}`)}"`;
const pythonWord = (text: string) =>
  `"${text.replace(/["\\]/g, "\\$&").replace(/[\x01-\x1f\x7f]/g, (one) => `\\x${hex(one)}`)}"`;
// As a string in a command it would expand variables.
const xonshWord = (text: string) => `@(${pythonWord(text)})`;
const tcshWord = (text: string) =>
  text.replace(/[^\w/.,:=@%+\u0080-\uffff-]/g, (one) =>
    one < " " || one === "\x7f" ? `$'\\${one.charCodeAt(0).toString(8).padStart(3, "0")}'` : `\\${one}`,
  ) || "''";

/** How a person has the shells that ask the program, and types there. */
export const PROCESS_KINDS: Record<ProcessShell, ShellKind> = {
  elvish: {
    obtain: "install the package elvish",
    rcFile: ".config/elvish/rc.elv",
    interactive: (program) => [program],
    script: (program, script) => [program, "-norc", "-c", script],
    typed: "elvish",
    and: ";",
    drawsLater: true,
    rc: String.raw`
set edit:rprompt = { }
var test-status = 0
set edit:after-readline = [$@edit:after-readline {|_| print "\e]7770;start\a" > /dev/tty }]
set edit:after-command = [$@edit:after-command {|command|
  set test-status = (if (eq $command[error] $nil) { put 0 } else { try { put $command[error][reason][exit-status] } catch { put 1 } })
}]
`,
    end: String.raw`set edit:before-readline = [$@edit:before-readline { print "\e]7770;ready;"(randint 1000000000)";"$test-status";elvish\a" > /dev/tty }]`,
    prompt: (text) => `set edit:prompt = { print ${elvishWord(text)} }`,
    word: elvishWord,
    cd: (directory) => `cd ${elvishWord(directory)}`,
    export: (name, value) => `set-env ${name} ${elvishWord(value)}`,
    set: (name, value) => `set-env ${name} ${elvishWord(value)}`,
    unset: (name) => `unset-env ${name}`,
    save: (name, file) =>
      `if (has-env ${name}) { print +(get-env ${name}) > ${elvishWord(file)} } else { print - > ${elvishWord(file)} }`,
    evaluate: (program) => `eval (${program.map(elvishWord).join(" ")} | slurp)`,
    call: ([name = "", ...words]) => [name, ...words.map(elvishWord)].join(" "),
    nothing: "nop",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
  nu: {
    obtain: "npm install --global @nushell/linux-x64, and nu on PATH",
    rcFile: ".config/nushell/config.nu",
    interactive: (program) => [program],
    script: (program, script) => [program, "--no-config-file", "--commands", script],
    typed: "nu",
    and: ";",
    rc: String.raw`
$env.config.show_banner = false
$env.PROMPT_COMMAND_RIGHT = ""
$env.config.hooks.pre_execution = ($env.config.hooks.pre_execution? | default [] | append {|| print --no-newline "\e]7770;start\a" })
$env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt? | default [] | append {|| $env.TEST_PROMPT = (random uuid) })
`,
    prompt: (text) =>
      `$env.PROMPT_COMMAND = {|| "" }\n$env.PROMPT_INDICATOR = {|| ${nuWord(text)} + $"\\e]7770;ready;($env.TEST_PROMPT);($env.LAST_EXIT_CODE);nu\\a" }`,
    word: nuWord,
    cd: (directory) => `cd ${nuWord(directory)}`,
    export: (name, value) => `$env.${name} = ${nuWord(value)}`,
    set: (name, value) => `$env.${name} = ${nuWord(value)}`,
    unset: (name) => `hide-env --ignore-errors ${name}`,
    save: (name, file) =>
      `(if $env.${name}? == null { "-" } else { "+" + $env.${name} }) | save --raw --force ${nuWord(file)}`,
    evaluate: (program) => `${program.map((word) => nuWord(word)).join(" ")} | save --force ~/tmp/snippet.nu`,
    call: ([name = "", ...words]) => [name, ...words.map(nuWord)].join(" "),
    nothing: "ignore",
    shownStatus: "$env.LAST_EXIT_CODE",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
  xonsh: {
    obtain: "install the package xonsh",
    rcFile: ".xonshrc",
    interactive: (program, rcFile) => [program, "--rc", rcFile, "-i"],
    script: (program, script) => [program, "--no-rc", "-c", script],
    typed: "xonsh -i",
    drawsLater: true,
    rc: String.raw`
$XONSH_SHOW_TRACEBACK = False
$SHELL_TYPE = "readline"
$UPDATE_OS_ENVIRON = False
def __test_mark(text):
    with open("/dev/tty", "w") as tty: tty.write("\x1b]7770;" + text + "\x07")
@events.on_precommand
def __test_start(**_): __test_mark("start")
`,
    end: String.raw`
@events.on_pre_prompt
def __test_ready(**_):
    import random
    __test_mark(f"ready;{random.random()};{__xonsh__.env.get('LAST_RETURN_CODE', 0)};xonsh")
`,
    prompt: (text) => `$PROMPT = ${pythonWord(text)}`,
    word: xonshWord,
    cd: (directory) => `cd ${xonshWord(directory)}`,
    export: (name, value) => `$${name} = ${pythonWord(value)}`,
    set: (name, value) => `$${name} = ${pythonWord(value)}`,
    unset: (name) => `_ = __xonsh__.env.pop("${name}", None)`,
    save: (name, file) =>
      `_ = open(${pythonWord(file)}, "w").write("+" + $${name} if "${name}" in __xonsh__.env else "-")`,
    evaluate: (program) =>
      `execx(__import__("subprocess").check_output([${program.map(pythonWord).join(", ")}], env=$\{...}.detype(), errors="surrogateescape"))`,
    call: ([name = "", ...words]) => [name, ...words.map(xonshWord)].join(" "),
    nothing: "pass",
    shownStatus: "$LAST_RETURN_CODE",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
  tcsh: {
    obtain: "install the package tcsh",
    rcFile: ".tcshrc",
    interactive: (program) => [program],
    script: (program, script) => [program, "-f", "-c", script],
    typed: "tcsh",
    rc: String.raw`
if ($?prompt) alias postcmd 'echo -n "\033]7770;start\007" > /dev/tty'
`,
    prompt: (text) => `set prompt = "%{\\033]7770;ready;$$.%h;%?;tcsh\\007%}"${tcshWord(text)}`,
    word: tcshWord,
    cd: (directory) => `cd ${tcshWord(directory)}`,
    export: (name, value) => `setenv ${name} ${tcshWord(value)}`,
    set: (name, value) => `set ${name} = ${tcshWord(value)}`,
    unset: (name) => `unset ${name}; unsetenv ${name}`,
    save: (name, file) =>
      `if ($?${name}) eval 'printf +%s "$${name}:q"' > ${tcshWord(file)}; if (! $?${name}) printf - > ${tcshWord(file)}`,
    evaluate: (program) =>
      `set __test_init = (${program.map(tcshWord).join(" ")}); alias __test_init '$__test_init:q'; eval "\`__test_init\`"`,
    call: (words) => words.map(tcshWord).join(" "),
    nothing: ":",
    shownStatus: "$status",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
};
