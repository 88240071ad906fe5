import { expect, test } from "bun:test";
import { ACCOUNTS } from "./accounts.ts";
import { Program } from "./program.ts";
import type { SessionOptions } from "./session.ts";
import { type AnyShell, describeProcessShells, describeShells } from "./shells.ts";
import type { Terminal } from "./terminal.ts";
import { startShell } from "./world.ts";

const NARROW: SessionOptions = { columns: 40, rows: 30 };
/** Labels of 60 columns, longer than the terminal is wide. */
const LABELS: [what: string, label: string][] = [
  ["letters", "an-alias-0123456789-0123456789-0123456789-0123456789-01234567"],
  ["wide characters, and some that are read from right to left", "漢字שלום".repeat(8).slice(0, 45)],
  ["emoji that are joined, and accents of their own", "👩\u200d💻e\u0301".repeat(12)],
];
const LINE = `echo ${"abcdefghij".repeat(5)}`;
const BACK = 30;

/** Text as it is compared: blanks count for nothing, as a wide character leaves one at the end of a row. */
const bare = (text: string) => text.normalize("NFC").replace(/\s/g, "");
const shown = (terminal: Terminal) => bare(terminal.screen().join(""));

/** What each shell shows of a prompt that is wider than the terminal, and behind a line that it has got back. */
const OWN_WAY: Partial<Record<AnyShell, { start?: string; end?: string; rc?: string }>> = {
  // it cuts such a prompt, at its beginning or at both ends
  fish: { start: "…" },
  elvish: { end: "HISTORY#1" },
  // without it, .NET reads lines, and knows no row but the first
  pwsh: { rc: "Import-Module PSReadLine" },
};

/** A person with a narrow terminal: types a line that wraps, goes back in it over the end of a row, changes it, and gets it back later. */
function testEditing(shell: AnyShell): void {
  const { start, end = "", rc = "" } = OWN_WAY[shell] ?? {};
  test.each(LABELS)(
    "a label of %s",
    async (_what, label) => {
      await using world = await Program.create();
      await world.alias(ACCOUNTS.own, label);
      if (shell === "tcsh" && /\u200d|\u0301/.test(label)) return await looksLikeOwnPrompt(world, label);
      await using session = await startShell(world, shell, { ...NARROW, rc });
      const { terminal } = session;
      const prompts = start ? [label.slice(-14), `${label.slice(-14)}>`] : [`${label}>`];
      const see = (text: string, behind = "") =>
        terminal.until(`${text} behind the label`, () => {
          const end = bare(text) + behind;
          return prompts.some((prompt) => shown(terminal).endsWith(bare(prompt) + end)) || undefined;
        });
      await see("");
      terminal.write(LINE);
      await see(LINE);
      for (let n = 0; n < BACK; n++) terminal.send("left");
      terminal.write("X");
      await see(`${LINE.slice(0, -BACK)}X${LINE.slice(-BACK)}`);
      terminal.send("backspace");
      await see(LINE);
      expect(bare(await session.run(""))).toBe(bare(LINE.slice("echo ".length)));
      terminal.send("up");
      await see(LINE, end);
      if (start) expect(shown(terminal)).toStartWith(start);
    },
    60_000,
  );
}

/** tcsh itself draws no character that takes no column: a prompt with one looks the same whoever makes it. */
async function looksLikeOwnPrompt(world: Program, label: string): Promise<void> {
  await using session = await startShell(world, "tcsh", NARROW);
  await using own = await startShell(world, "tcsh", { ...NARROW, init: ["--no-prompt"], prompt: `${label} > ` });
  expect(shown(session.terminal)).toBe(shown(own.terminal));
}

describeShells("editing on a narrow terminal", testEditing);
describeProcessShells("editing on a narrow terminal", testEditing);
