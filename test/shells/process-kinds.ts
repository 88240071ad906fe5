import type { JsonShell } from "../../src/process-shell.ts";
import type { ShellKind } from "./shells.ts";

const START = String.raw`\e]7770;start\a`;
const plain = (directory: string) => (directory.startsWith("-") ? `./${directory}` : directory);
/** A program by its words; a name without anything special in it is the shell's to look up. */
const callBy = (word: (text: string) => string, external: (first: string) => string) => (words: string[]) =>
  words.map((text, at) => (at > 0 ? word(text) : /^[a-z-]+$/.test(text) ? text : external(word(text)))).join(" ");

const elvishWord = (text: string) =>
  /[\x00-\x1f\x7f]/.test(text)
    ? `"${text.replace(/[\\"]/g, "\\$&").replace(/[\x00-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`)}"`
    : `'${text.replaceAll("'", "''")}'`;
const nuWord = (text: string) =>
  JSON.stringify(text)
    .replace(/\\u([0-9a-f]{4})/g, "\\u{$1}")
    .replaceAll("\x7f", "\\u{7f}");
const xonshText = (text: string) => JSON.stringify(text).replaceAll("\x7f", "\\x7f");
const xonshWord = (text: string) => `@(${xonshText(text)})`;

export const PROCESS_KINDS: Record<JsonShell, ShellKind> = {
  elvish: {
    obtain: "install the package elvish",
    typed: "elvish",
    rcFile: ".config/elvish/rc.elv",
    interactive: (program, rcFile) => [program, "-rc", rcFile],
    script: (program, script) => [program, "-norc", "-c", script],
    rc: String.raw`
var test-prompts = 0
var test-status = 0
set edit:after-readline = [$@edit:after-readline {|_| print "${START}" }]
set edit:after-command = [$@edit:after-command {|m| if (eq $m[error] $nil) { set test-status = 0 } else { set test-status = 1; try { set test-status = $m[error][reason][exit-status] } catch { } } }]
`,
    prompt: (text) => `set edit:prompt = { print ${elvishWord(text)} }\nset edit:rprompt = { }`,
    source: (file) => `eval (slurp < ${elvishWord(file)})`,
    last: String.raw`set edit:before-readline = [$@edit:before-readline { set test-prompts = (+ $test-prompts 1); print "\e]7770;ready;"$pid"."(to-string $test-prompts)";"(to-string $test-status)";elvish\a" }]`,
    drawsLater: true,
    word: elvishWord,
    cd: (directory) => `cd ${elvishWord(plain(directory))}`,
    export: (name, value) => `set-env ${name} ${elvishWord(value)}`,
    set: (name, value) => `var ${name} = ${elvishWord(value)}`,
    unset: (name) => `unset-env ${name}`,
    save: (name, file) =>
      `if (has-env ${name}) { print '+'(get-env ${name}) > ${elvishWord(file)} } else { print - > ${elvishWord(file)} }`,
    evaluate: (program) => `eval (${callBy(elvishWord, (first) => `(external ${first})`)(program)} | slurp)`,
    call: callBy(elvishWord, (first) => `(external ${first})`),
    then: ";",
    nothing: "nop",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
  nu: {
    obtain: "npm install --global @nushell/linux-x64, and nu on PATH",
    typed: "nu",
    rcFile: ".config/nushell/config.nu",
    interactive: (program, rcFile) => [program, "--config", rcFile],
    script: (program, script) => [program, "--no-config-file", "--commands", script],
    rc: String.raw`
$env.config.show_banner = false
$env.config.shell_integration = { osc2: false, osc7: false, osc8: false, osc9_9: false, osc133: false, osc633: false, reset_application_mode: false }
$env.config.hooks.pre_execution = [{|| print --no-newline "${START}" }]
$env.PROMPT_INDICATOR = ""
$env.PROMPT_COMMAND_RIGHT = ""
$env.TEST_PROMPTS = 0
`,
    prompt: (text) => `$env.PROMPT_COMMAND = {|| ${nuWord(text)} }`,
    source: (file) => `source ${nuWord(file)}`,
    last: String.raw`$env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt | append {|| $env.TEST_PROMPTS += 1; print --no-newline $"\e]7770;ready;($nu.pid).($env.TEST_PROMPTS);($env.LAST_EXIT_CODE);nu\a" })`,
    drawsLater: true,
    word: nuWord,
    cd: (directory) => `cd ${nuWord(plain(directory))}`,
    export: (name, value) => `$env.${name} = ${nuWord(value)}`,
    set: (name, value) => `let ${name} = ${nuWord(value)}`,
    unset: (name) => `hide-env --ignore-errors ${name}`,
    save: (name, file) => `if "${name}" in $env { $"+($env.${name})" } else { "-" } | save --force ${nuWord(file)}`,
    // a script that is evaluated is none of nushell's ways
    evaluate: () => "ignore",
    call: callBy(nuWord, (first) => `^${first}`),
    then: ";",
    nothing: "ignore",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
  xonsh: {
    obtain: "install the package xonsh",
    typed: "xonsh",
    rcFile: ".config/xonsh/rc.xsh",
    interactive: (program, rcFile) => [program, "--rc", rcFile, "-i"],
    script: (program, script) => [program, "--no-rc", "-c", script],
    rc: String.raw`
$XONSH_SHOW_TRACEBACK = False
$SHELL_TYPE = "readline"
$XONSH_HISTORY_BACKEND = "dummy"
@events.on_precommand
def __test_start(**_): print("${START.replace("\\e", "\\033")}", end="", flush=True)
`,
    prompt: (text) => String.raw`
__test_prompts = [0]
@events.on_pre_prompt
def __test_count(**_): __test_prompts[0] += 1
def __test_prompt():
    return ${xonshText(text)} + "\001\033]7770;ready;%d.%d;%s;xonsh\007\002" % (__import__("os").getpid(), __test_prompts[0], __xonsh__.env.get("LAST_RETURN_CODE", 0))
$PROMPT = __test_prompt`,
    source: (file) => `with open(${xonshText(file)}) as __text: execx(__text.read())`,
    word: xonshWord,
    cd: (directory) => `cd ${xonshWord(plain(directory))}`,
    export: (name, value) => `$${name} = ${xonshText(value)}`,
    set: (name, value) => `${name} = ${xonshText(value)}`,
    unset: (name) => `__gone = __xonsh__.env.pop("${name}", None)`,
    save: (name, file) =>
      `with open(${xonshText(file)}, "w") as __file: __file.write("+" + $${name} if "${name}" in __xonsh__.env else "-")`,
    evaluate: (program) => `execx($(${callBy(xonshWord, (first) => first)(program)}))`,
    call: callBy(xonshWord, (first) => first),
    then: "&&",
    nothing: "pass",
    fail: (status) => `sh -c 'exit ${status}'`,
  },
};
