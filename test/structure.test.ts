import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { HIDDEN, VERBS } from "../src/commands/index.ts";
import { checkWords, flagsOf } from "../src/strict.ts";

const ROOT = join(import.meta.dir, "..");
const SRC = join(ROOT, "src");
const transpiler = new Bun.Transpiler({ loader: "ts" });

interface Source {
  text: string;
  lines: number;
  /** What runs of it: no comments, no types. */
  code: string;
  /** The files of src that it imports, now or later; types don't count. */
  imports: string[];
}

const sources = new Map(
  [...new Bun.Glob("**/*.ts").scanSync(SRC)]
    .filter((file) => !file.endsWith(".d.ts"))
    .sort()
    .map((file): [string, Source] => {
      const text = readFileSync(join(SRC, file), "utf8");
      const code = text.replace(/^#!.*/, "");
      const paths = transpiler.scanImports(code).map(({ path }) => path);
      const own = paths.filter((path) => path.startsWith(".") && path.endsWith(".ts"));
      const imports = own.map((path) => relative(SRC, join(SRC, dirname(file), path)));
      return [file, { text, lines: text.split("\n").length - 1, code: transpiler.transformSync(code), imports }];
    }),
);

/** Each layer, and the layers whose code it may use: imports go one way. Types may come from anywhere. */
const MAY_IMPORT = {
  cli: ["runtime", "context", "main", "io"],
  runtime: [],
  context: ["runtime", "core", "io"],
  main: ["help", "table", "command", "strict", "core"],
  help: ["table", "citty"],
  table: ["commands"],
  commands: ["command", "complete", "table", "shell", "process-shell", "setup", "shim-script", "core"],
  setup: ["shell", "process-shell"],
  command: ["citty"],
  citty: [],
  strict: ["core"],
  complete: ["strict"],
  core: ["core"],
  shell: [],
  "process-shell": [],
  "shim-script": ["core", "shell"],
  io: ["io", "ground"],
} as const satisfies Record<string, readonly string[]>;

/** Returns where a file belongs: its folder, or its name; what core's folders stand on is the `ground`, the commands' index the `table`. */
function layersOf(file: string): string[] {
  if (file === "commands/index.ts") return ["table"];
  const [folder = "", ...rest] = file.split("/");
  if (rest.length === 0) return [basename(file, ".ts")];
  return folder === "core" && rest.length === 1 ? ["core", "ground"] : [folder];
}

/** Returns the verb that a file of `commands` belongs to: `list` for list.ts and for list/table.ts. */
const verbOf = (file: string) => /^commands\/(\w[\w-]*)/.exec(file)?.[1];

test("imports go one way: cli, main, commands, core; no command uses another one's", () => {
  const allowed: Record<string, readonly string[]> = MAY_IMPORT;
  const wrong = [...sources].flatMap(([file, { imports }]) => {
    const known = layersOf(file).flatMap((layer) => allowed[layer] ?? []);
    if (known.length === 0 && imports.length > 0) return [`${file} belongs to no layer`];
    const isAllowed = (target: string) =>
      layersOf(target).some((layer) => known.includes(layer)) ||
      (verbOf(file) !== undefined && verbOf(file) === verbOf(target));
    return imports.filter((target) => !isAllowed(target)).map((target) => `${file} imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

/** The folders of core, from the ground up: each imports, types too, only from those before it. */
const CORE = ["accounts", "base", "homes", "active", "reconcile", "state", "usage", "documents", "selectors", "here"];

test("core's folders import only downwards, and no command, types too", () => {
  const rankOf = (file: string) => CORE.indexOf(file.split("/")[1] ?? "");
  const wrong = [...sources].flatMap(([file, { text }]) =>
    file.startsWith("core/")
      ? [...text.matchAll(/from "(\.[^"]+)"/g)]
          .map(([, path = ""]) => relative(SRC, join(SRC, dirname(file), path)))
          .filter(
            (target) => target.startsWith("commands/") || (target.startsWith("core/") && rankOf(target) > rankOf(file)),
          )
          .map((target) => `${file} imports ${target}`)
      : [],
  );
  expect(wrong).toEqual([]);
});

test("no import cycles", () => {
  const done = new Set<string>();
  const cycleFrom = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(" → ");
    if (done.has(file)) return undefined;
    // the table only names modules, to be loaded when they run: what Tab offers is told from it
    const imports = file === "commands/index.ts" ? [] : (sources.get(file)?.imports ?? []);
    const cycles = imports.map((target) => cycleFrom(target, [...path, file]));
    done.add(file);
    return cycles.find((cycle) => cycle !== undefined);
  };
  expect([...sources.keys()].map((file) => cycleFrom(file, [])).filter(Boolean)).toEqual([]);
});

test("every file of src is used", () => {
  const imported = new Set([...sources.values()].flatMap(({ imports }) => imports));
  expect([...sources.keys()].filter((file) => !imported.has(file))).toEqual(["cli.ts", "core/reconcile/step.ts"]); // types alone
});

// `process` handed in as a parameter is no global
const takesProcess = (text: string) => text.includes("process: NodeJS.Process");

test.each([
  ["the process", /(?<![\w$.])process\.|\bBun\.env\b|\bimport\.meta\.env\b/],
  ["the clock", /\bDate\.now\b|\bnew Date\(\)/],
  ["the network", /(?<![\w$.])fetch\(/],
])("%s is only touched in context.ts and cli.ts", (what, pattern) => {
  const wrong = [...sources].filter(([file, { text, code }]) => {
    if (file === "context.ts" || file === "cli.ts") return false;
    return pattern.test(code) && !(what === "the process" && takesProcess(text));
  });
  expect(wrong.map(([file]) => file)).toEqual([]);
});

test("one module writes to standard error", () => {
  const writes =
    /\bstderr\s*\.\s*write\b|Bun\.stderr|\bconsole\.|\b(?:write|writeSync|openSync)\(\s*2\b|\/dev\/(?:stderr|tty|fd)/;
  expect([...sources].filter(([, { code }]) => writes.test(code)).map(([file]) => file)).toEqual(["io/terminal.ts"]);
});

test.each([
  ["ends the process at once", /\bprocess\.exit\(/],
  ["evaluates text", /(?<![\w$.])eval\(|\bnew Function\(/],
  ["prints past the context", /(?<![\w$.])console\.|\bprocess\.std(?:out|err)\.write\b/],
])("nothing %s", (_what, pattern) => {
  const wrong = [...sources].filter(([file, { code }]) => file !== "io/terminal.ts" && pattern.test(code));
  expect(wrong.map(([file]) => file)).toEqual([]);
});

/** Command lines that people are told, and what stands in them. */
const TOLD =
  /(?:codex-auth (?:pin|unpin|import|remove|alias clear|switch|use|rotate|export) (?:SELECTOR )?|\b(?:rm|mv|cp -p|ln -s) )\$\{(\w+)/g;
/** What makes a word of the shell, and names of what is one already. */
const WORDS = ["asWord", "inQuotes", "word", "from", "to"];

test("what people are told to type holds names, paths and aliases as words of the shell", () => {
  const raw = (text: string) => [...text.matchAll(TOLD)].filter(([, name = ""]) => !WORDS.includes(name));
  expect([...sources].flatMap(([file, { text }]) => raw(text).map(([line]) => `${file}: ${line}`))).toEqual([]);
  expect(raw("codex-auth unpin ${path}, rm ${path}, codex-auth pin SELECTOR ${asWord(path)}")).toHaveLength(2);
});

test("files are short: most under 150 lines, any under 200", () => {
  const longerThan = (limit: number) => [...sources].filter(([, { lines }]) => lines >= limit).map(([file]) => file);
  expect(longerThan(200)).toEqual([]);
  expect(longerThan(150).length).toBeLessThanOrEqual(sources.size / 10);
});

const entries = Object.entries({ ...VERBS, ...HIDDEN });

test("every command has a module, every module is a command", () => {
  const loaded = sources.get("commands/index.ts")?.imports.map((file) => basename(file, ".ts"));
  expect(loaded?.toSorted()).toEqual(entries.map(([name]) => name).sort());
  const modules = [...sources.keys()].filter((file) => /^commands\/[^/]+$/.test(file) && file !== "commands/index.ts");
  expect(modules.map((file) => basename(file, ".ts")).toSorted()).toEqual(entries.map(([name]) => name).sort());
});

test.each(entries)("%s: described, and its examples are accepted", async (name, [, about, load]) => {
  const { default: verb } = await load();
  expect(about).toMatch(/^[a-z].*[^.]$/);
  for (const { description } of Object.values(verb.args)) expect(description).toBeTruthy();
  expect(verb.examples.length).toBeGreaterThan(0);
  for (const example of verb.examples) {
    expect(example).toContain(`codex-auth ${name}`);
    const words = /codex-auth (?<words>[^#|)<>`"]*)/.exec(example)?.groups?.words?.trim().split(/\s+/) ?? [];
    expect(() => checkWords(words.slice(1), verb)).not.toThrow();
  }
  expect([...flagsOf(verb.args).keys()]).not.toContain("--help");
});
