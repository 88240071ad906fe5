import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { encodeBytes, hasBytes } from "../../src/core/bytes.ts";
import { checkAliasText } from "../../src/core/selectors/alias.ts";
import type { ProcessShell } from "../../src/process-shell.ts";
import { ACCOUNTS, relevant } from "./accounts.ts";
import { Program } from "./program.ts";
import { LABELS, NAMES } from "./random.ts";
import { parseEnv } from "./session.ts";
import { describeProcessShells, KIND_OF } from "./shells.ts";
import { accountEnv, defaultEnv, startShell } from "./world.ts";

const { own, acme } = ACCOUNTS;

const plain = (byte: number) => /[A-Za-z0-9/._-]/.test(String.fromCharCode(byte));
const byByte = (path: string, escape: (byte: number) => string) =>
  [...Buffer.from(encodeBytes(path))].map((byte) => (plain(byte) ? String.fromCharCode(byte) : escape(byte))).join("");
const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const octal = (byte: number) => byte.toString(8).padStart(3, "0");

/** Any path as one word of the shell. */
const wordOf: Record<ProcessShell, (path: string) => string> = {
  elvish: (path) => `"${byByte(path, (byte) => `\\x${hex(byte)}`)}"`,
  nu: (path) => KIND_OF.nu.word(path),
  xonsh: (path) => `@(__import__("os").fsdecode(b"${byByte(path, (byte) => `\\x${hex(byte)}`)}"))`,
  tcsh: (path) => `$'${byByte(path, (byte) => `\\${octal(byte)}`)}'`,
};

/** What a shell itself cannot enter, and why. */
const OUT_OF_REACH: Partial<Record<ProcessShell, [why: string, isOut: (name: string) => boolean][]>> = {
  xonsh: [["it ends where it writes such a title", (name) => hasBytes(name)]],
  nu: [
    ["its strings are UTF-8", (name) => hasBytes(name)],
    ["it cuts tabs and line ends off the end of a path", (name) => /[\t\n\r]$/.test(name)],
    ["it cuts control characters out of a path", (name) => /[\x01-\x08\x0b-\x1f\x7f-\x9f]/.test(name)],
    ["three dots and more are directories above", (name) => /^\.{3,}$/.test(name)],
  ],
};

const isAlias = (label: string) => {
  try {
    return checkAliasText(label) === label;
  } catch {
    return false;
  }
};

describeProcessShells("whatever a directory and an account are called", (shell) => {
  test("200 directories are pinned, entered and left, with 200 labels: the right account, nothing run, nothing created", async () => {
    await using world = await Program.create();
    // in a locale of bytes tcsh takes each for what it is
    await using session = await startShell(world, shell, { env: shell === "tcsh" ? { LC_ALL: "C" } : {} });
    const { kind } = session;
    const reasons = OUT_OF_REACH[shell] ?? [];
    const sample = fc.sample(NAMES, { numRuns: 1800, seed: 17 });
    const names = sample.filter((name) => !reasons.some(([, isOut]) => isOut(name))).slice(0, 200);
    const labels = fc.sample(LABELS, { numRuns: 400, seed: 18 }).filter(isAlias);
    world.home.mkdir("r");
    await world.pin(world.home.mkdir("first"), acme); // makes the account's home
    await session.cd(world.home.path);
    const before = readdirSync(world.home.path).toSorted();
    const file = world.home.at("tmp/env");
    /** What a program gets behind a cd. */
    const envIn = async (word: string) => {
      rmSync(file, { force: true });
      // nushell runs its hooks between two lines
      if (shell === "nu") await session.run(`cd ${word}`);
      await session.run(`${shell === "nu" ? "" : `cd ${word}; `}env-to ${kind.word(file)}`);
      return relevant(parseEnv(readFileSync(file)));
    };
    let entered = 0;
    for (const [at, name] of names.entries()) {
      const label = labels[at] ?? "";
      const directory = join(world.home.at("r"), name);
      const pins = join(world.base, "codex-auth/pins", directory);
      for (const path of [directory, pins]) mkdirSync(encodeBytes(path), { recursive: true });
      writeFileSync(encodeBytes(join(pins, "%account")), `${acme.id}\n`);
      await world.alias(acme, label);
      const env = accountEnv(world, acme, "pin", label);
      const inside = await envIn(wordOf[shell](directory));
      if (inside.CODEX_AUTH_LABEL !== label) console.error(session.terminal.tail(8));
      expect({ name, env: inside }).toEqual({ name, env });
      expect({ name, env: await envIn(kind.word(world.home.path)) }).toEqual({ name, env: defaultEnv(own) });
      expect({ name, inside: readdirSync(encodeBytes(directory)) }).toEqual({ name, inside: [] });
      rmSync(encodeBytes(directory), { recursive: true });
      rmSync(encodeBytes(join(pins, "%account")));
      entered += 1;
    }
    expect({ shell, entered, new: readdirSync(world.home.path).filter((one) => !before.includes(one)) }).toEqual({
      shell,
      entered: 200,
      new: [],
    });
    const left = reasons.map(([why, isOut]) => `${sample.filter(isOut).length} of ${sample.length} left out (${why})`);
    console.log([`${shell}: ${entered} names, as many labels`, ...left].join(", "));
  }, 300_000);
});
