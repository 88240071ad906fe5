import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { run } from "../run.ts";

const SNIPPETS = ["init.bash", "completions/codex-auth.bash"].map((name) => join(import.meta.dir, "../../shell", name));

/** What bash 3.2, macOS's own, lacks; and what a line that is guarded by the version names. */
const NEWER: [title: string, pattern: RegExp, since: string][] = [
  ["mapfile, readarray", /\b(mapfile|readarray)\b/, "4.0"],
  ["associative arrays", /\b(declare|local|typeset)\s+-\w*A/, "4.0"],
  ["${x^}, ${x,}", /\$\{!?\w+(\[[^\]]*\])?[\^,]/, "4.0"],
  ["&>>, |&", /&>>|\|&/, "4.0"],
  [";&, ;;&", /;;?&/, "4.0"],
  ["globstar, autocd, dirspell", /\b(globstar|autocd|dirspell)\b/, "4.0"],
  ["BASHPID, PROMPT_DIRTRIM", /\$\{?(BASHPID|PROMPT_DIRTRIM)\b/, "4.0"],
  ["read -i, read -N", /\bread\s+(-\w+\s+)*-\w*[iN]/, "4.0"],
  ["BASHOPTS", /\bBASHOPTS\b/, "4.1"],
  ["{fd}<file", /\{[a-z_]\w*\}[<>]/, "4.1"],
  ["printf -v array[i]", /printf -v "?\w+\[/, "4.1"],
  ["negative subscripts", /\[-\d+\]/, "4.2"],
  ["[[ -v, [[ -R", /\[\[?\s+(!\s+)?-[vR]\s/, "4.2"],
  ["printf %(…)T", /%\([^)]*\)T/, "4.2"],
  ["declare -g, lastpipe", /\b(declare|typeset)\s+-\w*g|\blastpipe\b/, "4.2"],
  ["declare -n", /\b(declare|local|typeset)\s+-\w*n/, "4.3"],
  ["${x@Q}", /\$\{!?\w+(\[[^\]]*\])?@[A-Za-z]\}/, "4.4"],
  ["local -", /\blocal\s+-(\s|$)/, "4.4"],
  ["EPOCHSECONDS, EPOCHREALTIME, SRANDOM", /\b(EPOCHSECONDS|EPOCHREALTIME|SRANDOM)\b/, "5.0"],
  ["${ command; }", /\$\{[ |]/, "5.3"],
];

/** Several elements of an array at once, changed or some of them: with an IFS that has no blank 3.2 makes one word of them. */
const JOINED = /\[@\][:/#%]/;

/** The lines of a script that bash runs, each with the one before it, where a version may be tested. */
async function codeOf(path: string): Promise<{ line: string; before: string }[]> {
  const lines = (await readFile(path, "utf8")).split("\n").map((line) => line.replace(/(^|\s)#.*$/, ""));
  return lines.map((line, i) => ({ line, before: lines[i - 1] ?? "" }));
}

describe("what bash 3.2 lacks", () => {
  test.each(NEWER)("%s", async (_title, pattern, since) => {
    const version = since.replace(".", "0").slice(0, 3);
    const guard = new RegExp(`__codex_auth_version >= ${version.replace(/^(\d)0(\d)$/, "$10$2")}`);
    for (const path of SNIPPETS.filter(existsSync))
      for (const { line, before } of await codeOf(path))
        if (pattern.test(line)) expect(`${before}\n${line}`).toMatch(guard);
  });

  test("no elements that it would join: the hook has an IFS of its own", async () => {
    const [snippet = ""] = SNIPPETS;
    expect((await codeOf(snippet)).filter(({ line }) => JOINED.test(line)).map(({ line }) => line)).toEqual([]);
    expect(['"${x[@]/%/y}"', '"${x[@]:1}"', '"${x[@]%y}"', '"${x[@]}"'].map((one) => JOINED.test(one))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("the patterns find what they name", () => {
    const samples = [
      "mapfile -t x",
      "local -A x",
      "${x^^}",
      "a |& b",
      "a) ;;&",
      "shopt -s autocd",
      "$BASHPID",
      "read -rN 1",
      "$BASHOPTS",
      "exec {fd}<x",
      'printf -v "x[1]" y',
      "${x[-1]}",
      "[[ -v x ]]",
      "printf '%(%s)T'",
      "declare -g x",
      "local -n x",
      "${!1@a}",
      "local -",
      "$EPOCHREALTIME",
      "${ pwd; }",
    ];
    expect(NEWER.map(([, pattern], i) => pattern.test(samples[i] ?? ""))).toEqual(NEWER.map(() => true));
  });
});

/** `CODEX_AUTH_TEST_BASHES="/opt/bash-3.2/bin/bash …"`: everything that is tested with bash is tested with each of these. */
const bashes = (process.env.CODEX_AUTH_TEST_BASHES ?? "").split(/\s+/).filter(Boolean);
if (bashes.length === 0) console.warn("no CODEX_AUTH_TEST_BASHES: nothing is tried in an older bash");

const FILES = [
  "bash.test.ts",
  "bash-cd.test.ts",
  "bash-prompt.test.ts",
  "bash-guest.test.ts",
  "beside.test.ts",
  "identity.test.ts",
  "scenario.test.ts",
];

for (const bash of bashes)
  test(`the suite with ${bash}`, async () => {
    const files = FILES.map((name) => join(import.meta.dir, name));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const { code, out, err } = await run([process.execPath, "test", "--timeout", "60000", "-t", "bash: ", ...files], {
      env: { ...process.env, CODEX_AUTH_TEST_BASH: bash, CODEX_AUTH_TEST_BASHES: "" },
    });
    const lines = stripVTControlCharacters(out + err).split("\n");
    console.warn(`${bash}: ${lines.filter((line) => /^ *\d+ (pass|fail)$/.test(line)).map((line) => line.trim())}`);
    expect(lines.filter((line) => line.startsWith("(fail)"))).toEqual([]);
    expect(code).toBe(0);
  }, 1_200_000);
