import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUNTIME_FLAGS } from "../src/runtime.ts";
import { renderCompletion, renderSnippet, type Shell, SHELLS } from "../src/shell.ts";

// What the launcher answers to `init` and `completion` without starting Bun: the lines of each script that differ from one installation to the
// other, as a text of sh; the rest is a file.

/** What stands for each value in those lines; the launcher has variables of these names. */
const VALUES = { bun: "@bun@", script: "@script@", base: "@base@", prompt: "@prompt@", hook: "@hook@" };
const FILE = "@file@";

/**
 * How a shell is told to read the rest itself, of those where to hand it on takes longer than all else here. In a function of bash no trap on
 * RETURN sees it; a restricted one reads a file only so.
 */
const READ: Partial<Record<Shell, (file: string) => string>> = {
  zsh: (file) => `\\builtin . '${file}'\n`,
  bash: (file) =>
    `__codex_auth_load() { if [[ $- == *r* ]]; then builtin eval "$(<'${file}')"; else builtin . '${file}'; fi; }\n` +
    "__codex_auth_load\nbuiltin unset -f __codex_auth_load\n",
};

/** Returns the files of `dist/` by name. */
export function answers(): Record<string, string> {
  const program = [VALUES.bun, ...RUNTIME_FLAGS, VALUES.script];
  const parts = SHELLS.flatMap((shell) => {
    const init = withOptions(renderSnippet(shell, { program, base: VALUES.base, prompt: true, hook: true }));
    const completion = renderCompletion(shell, program, VALUES.base);
    const read = READ[shell];
    return [
      read ? sourced(`init.${shell}`, init, read) : copied(`init.${shell}`, init),
      copied(`completion.${shell}`, completion),
    ];
  });
  const cases = parts.map(({ answer }) => answer);
  return {
    "answers.sh": `# shellcheck shell=sh disable=SC2154 # sourced by the launcher\ncase $verb.$shell in\n${cases.join("")}esac\n`,
    ...Object.fromEntries(parts.map(({ name, rest }) => [name, rest])),
  };
}

interface Part {
  /** The file with the rest. */
  name: string;
  rest: string;
  /** What sh runs for it. */
  answer: string;
}

const withOptions = (text: string): string =>
  text
    .replace(/(?<==\s*| )1(?=\s+# init: prompt$)/m, VALUES.prompt)
    .replace(/(?<==\s*| )1(?=\s+# init: hook$)/m, VALUES.hook);

/** Returns a script whose rest, between the marks `# init: body` and `# init: end`, the shell is to read. A builtin prints the lines. */
function sourced(name: string, text: string, read: (file: string) => string): Part {
  const [head = "", rest = "", tail = ""] = text.split(/^# init: (?:body|end)\n/m);
  const lines = withValues(head + read(FILE) + tail, '"').replaceAll(FILE, `$package/dist/${name}`);
  return { name, rest, answer: `${name})\n  PATH=/usr/bin:/bin printf %s "${lines}"\n  exit ;;\n` };
}

/** Returns a script whose rest, behind the last line that differs, is handed on with it. */
function copied(name: string, text: string): Part {
  const end = text.indexOf("\n", text.lastIndexOf("# init: ")) + 1;
  const head = withValues(text.slice(0, end));
  return {
    name,
    rest: text.slice(end),
    answer: `${name}) LC_ALL=C exec /bin/cat - "$package/dist/${name}" <<END ;;\n${head}END\n`,
  };
}

/** Returns a text as sh reads it in a here-document, or between quotes, with the launcher's variables in it. */
function withValues(text: string, quote: "" | '"' = ""): string {
  const escaped = text.replaceAll(quote === "" ? /[\\$`]/g : /[\\$`"]/g, "\\$&");
  return Object.entries(VALUES).reduce((whole, [name, mark]) => whole.replaceAll(mark, `$${name}`), escaped);
}

if (import.meta.main) {
  const dist = join(import.meta.dir, "../dist");
  mkdirSync(dist, { recursive: true });
  for (const [name, text] of Object.entries(answers())) writeFileSync(join(dist, name), text);
}
