import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RUNTIME_FLAGS } from "../src/runtime.ts";
import { renderCompletion, renderSnippet, SHELLS } from "../src/shell.ts";

// What the launcher answers to `init` and `completion` without starting Bun: each script in two parts. The first has the lines that differ
// from one installation to the other, as a here-document of sh; the second is a file.

/** What stands for each value in the first part; the launcher has variables of these names. */
const VALUES = { bun: "@bun@", script: "@script@", base: "@base@", prompt: "@prompt@", hook: "@hook@" };

/** Returns the files of `dist/` by name. */
export function answers(): Record<string, string> {
  const program = [VALUES.bun, ...RUNTIME_FLAGS, VALUES.script];
  const scripts = SHELLS.flatMap((shell): [name: string, text: string][] => [
    [`init.${shell}`, withOptions(renderSnippet(shell, { program, base: VALUES.base, prompt: true, hook: true }))],
    [`completion.${shell}`, renderCompletion(shell, program, VALUES.base)],
  ]);
  const parts = scripts.map(([name, text]) => ({ name, ...cut(text) }));
  const cases = parts.map(
    ({ name, head }) => `${name}) LC_ALL=C exec /bin/cat - "$package/dist/${name}" <<END ;;\n${head}END\n`,
  );
  return {
    "answers.sh": `# shellcheck shell=sh disable=SC2154 # sourced by the launcher\ncase $verb.$shell in\n${cases.join("")}esac\n`,
    ...Object.fromEntries(parts.map(({ name, tail }) => [name, tail])),
  };
}

const withOptions = (text: string): string =>
  text
    .replace(/(?<==\s*| )1(?=\s+# init: prompt$)/m, VALUES.prompt)
    .replace(/(?<==\s*| )1(?=\s+# init: hook$)/m, VALUES.hook);

/** Cuts a script behind the last line that differs; the part before as sh reads it in a here-document. */
function cut(text: string): { head: string; tail: string } {
  const last = text.lastIndexOf("# init: ");
  const end = text.indexOf("\n", last) + 1;
  const escaped = text.slice(0, end).replace(/[\\$`]/g, "\\$&");
  const head = Object.entries(VALUES).reduce((whole, [name, mark]) => whole.replaceAll(mark, `$${name}`), escaped);
  return { head, tail: text.slice(end) };
}

if (import.meta.main) {
  const dist = join(import.meta.dir, "../dist");
  mkdirSync(dist, { recursive: true });
  for (const [name, text] of Object.entries(answers())) writeFileSync(join(dist, name), text);
}
