import type { Changes } from "../../core/here/hooked.ts";

/** What the last line of an answer says: one that ends without it was cut off. */
const END = "codex-auth";
const LINE_FEED = "$__codex_auth_lf:q";

/**
 * Returns what tcsh is told: one line of code, in which only names, numbers and base64 stand; then the values, a line each, which the code takes
 * out of `$__codex_auth_answer` without looking into them (its third word is the first of them); then the end. `started` is when the
 * program began to look, in milliseconds.
 */
export function tcshAnswer({ set, unset, keep }: Changes, started: number): string {
  const kept = Buffer.from(JSON.stringify(keep)).toString("base64");
  // a file's time may be behind the clock by a tick
  const seconds = Math.floor((started - 50) / 1000);
  const code = [`set __codex_auth_keep = ${kept}`, `set __codex_auth_started = ${seconds}`];
  const values: string[] = [];
  const word = (value: string) => {
    const pieces = value.split(/(\n)/).filter(Boolean);
    return (
      pieces
        .map((piece) => (piece === "\n" ? LINE_FEED : `$__codex_auth_answer[${values.push(piece) + 2}]:q`))
        .join("") || "''"
    );
  };
  for (const name of unset) code.push(`unsetenv ${name}`);
  const commands = Object.entries(set).map(([name, value]) => `setenv ${name} ${word(value)}`);
  const broken = commands.filter((one) => one.includes(LINE_FEED));
  code.push(...commands.filter((one) => !broken.includes(one)));
  // last: before 6.23.01 tcsh has no way to write a line feed, and stops here
  if (broken.length > 0) code.push("set __codex_auth_lf = $'\\n'", ...broken);
  return [code.join("; "), ...values, END].map((line) => `${line}\n`).join("");
}

/** Returns the JSON of what tcsh hands back. */
export const tcshKept = (text: string): string => Buffer.from(text, "base64").toString("utf8");
