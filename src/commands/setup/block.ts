import { type ServedShell, SETUP } from "../../setup.ts";

// Start files are handled as bytes, one a character: what is in them in whatever encoding stays as it is.

const MARK = "# added by `codex-auth setup`, which takes it out again with --remove";

/** Returns the lines that a start file gets, joined. */
export const blockOf = (shell: ServedShell): string => `${MARK}\n${SETUP[shell].line}\n${SETUP[shell].completion}\n`;

/** The mark, and the lines of ours behind it, as they are or as somebody has given them options since. */
const BLOCK = new RegExp(`^${RegExp.escape(MARK)}\n(?:[^\n#]*codex-auth (?:init|completion) [^\n]*(?:\n|$))*`, "m");

/**
 * Takes a start file's text, undefined where there is none; returns it with the block at its end. The newline before the block makes a blank
 * line, or ends the last one: taken out again it leaves the very text that was there.
 */
export const withBlock = (text: string | undefined, shell: ServedShell): string =>
  text === undefined ? blockOf(shell) : `${text}\n${blockOf(shell)}`;

/** Takes a start file's text; returns it as it was before the block, undefined where there is none. */
export function withoutBlock(text: string): string | undefined {
  const found = BLOCK.exec(text);
  if (!found) return undefined;
  const before = text.slice(0, found.index);
  const behind = text.slice(found.index + found[0].length);
  // a newline that now ends a line of the user's, before one that he has written behind the block, stays
  const isOurs = behind === "" || before.endsWith("\n\n");
  return (isOurs ? before.replace(/\n$/, "") : before) + behind;
}

/** Takes a start file's text; returns the number of the first line that sets this shell up; what is commented out does not. */
export function lineOf(text: string, shell: ServedShell): number | undefined {
  const line = new RegExp(`codex-auth['"]?\\s+init\\s+['"]?(?:${shell}|\\$)`);
  const at = text.split("\n").findIndex((each) => line.test(each.replace(/(?:^|\s)#.*/, "")));
  return at === -1 ? undefined : at + 1;
}

/** Takes the bytes of a file that a line of ours writes; returns whether it did. */
export const isWritten = (text: string | undefined): boolean => text?.startsWith("# codex-auth ") ?? false;
