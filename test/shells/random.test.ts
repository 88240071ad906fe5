import { expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { encodeBytes } from "../../src/core/bytes.ts";
import type { Shell } from "../../src/shell.ts";
import { ACCOUNTS, relevant } from "./accounts.ts";
import { Fixture } from "./fixture.ts";
import { LABELS, NAMES } from "./random.ts";
import { parseEnv } from "./session.ts";
import { describeShells, KINDS } from "./shells.ts";
import { accountEnv, defaultEnv, startShell } from "./world.ts";

const { own, acme } = ACCOUNTS;

const hex = (byte: number) => byte.toString(16).padStart(2, "0");
const plain = (byte: number) => /[A-Za-z0-9/._-]/.test(String.fromCharCode(byte));
const byByte = (path: string, escape: (byte: number) => string) =>
  [...Buffer.from(encodeBytes(path))].map((byte) => (plain(byte) ? String.fromCharCode(byte) : escape(byte))).join("");

/** Any path as one word of the shell. */
const wordOf: Record<Shell, (path: string) => string> = {
  zsh: (path) => `$'${byByte(path, (byte) => `\\x${hex(byte)}`)}'`,
  bash: (path) => `$'${byByte(path, (byte) => `\\${byte.toString(8).padStart(3, "0")}`)}'`,
  fish: (path) => byByte(path, (byte) => `\\X${hex(byte)}`),
  pwsh: (path) => KINDS.pwsh.word(path),
};

/** What a shell cannot enter, whoever asks: for PowerShell a backslash divides names, and a name is text. */
const canEnter = (shell: Shell, name: string) =>
  shell !== "pwsh" || !(/[\\\ud800-\udfff]|\p{Cn}/u.test(name) || typeof encodeBytes(name) !== "string");

describeShells("whatever a directory and an account are called", (shell) => {
  test("200 directories are pinned, entered and left, with 200 labels: the right account, nothing run, nothing created", async () => {
    await using world = await Fixture.create();
    await using session = await startShell(world, shell);
    const names = fc
      .sample(NAMES, { numRuns: 600, seed: 7 })
      .filter((name) => canEnter(shell, name))
      .slice(0, 200);
    const labels = fc.sample(LABELS, { numRuns: 200, seed: 8 });
    world.home.mkdir("r");
    await session.cd(world.home.path);
    const before = readdirSync(world.home.path).toSorted();
    const file = world.home.at("tmp/env");
    const cd = shell === "pwsh" ? "cd -LiteralPath" : "cd";
    /** What a program gets on the line of the cd. */
    const envIn = async (word: string) => {
      await session.run(`${cd} ${word}; env-to ${KINDS[shell].word(file)}`);
      return relevant(parseEnv(readFileSync(file)));
    };
    let entered = 0;
    for (const [at, name] of names.entries()) {
      const label = labels[at] ?? "";
      const directory = join(world.home.at("r"), name);
      const pins = encodeBytes(join(world.ours("pins"), directory, "%account"));
      mkdirSync(encodeBytes(directory), { recursive: true });
      mkdirSync(encodeBytes(join(world.ours("pins"), directory)), { recursive: true });
      writeFileSync(pins, `${acme.id}\n`);
      await world.alias(acme, label);
      const env = accountEnv(world, acme, "pin", label);
      expect({ name, env: await envIn(wordOf[shell](directory)) }).toEqual({ name, env });
      expect({ name, env: await envIn(KINDS[shell].word(world.home.path)) }).toEqual({ name, env: defaultEnv(own) });
      expect({ name, inside: readdirSync(encodeBytes(directory)) }).toEqual({ name, inside: [] });
      rmSync(encodeBytes(directory), { recursive: true });
      rmSync(pins);
      entered += 1;
    }
    expect({ shell, entered, new: readdirSync(world.home.path).filter((one) => !before.includes(one)) }).toEqual({
      shell,
      entered: 200,
      new: [],
    });
    console.log(`${shell}: ${entered} names, as many labels`);
  }, 300_000);
});
