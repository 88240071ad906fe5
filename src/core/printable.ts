import { escapeBytes, hasBytes, showBytes } from "./bytes.ts";

/** What a terminal would obey, or what would turn a line round: C0, C1, line and paragraph separators, text directions. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
/** What holds none of these, and nothing that could be written in two ways: most names do. */
const PLAIN = /^[ -~]*$/;
const PLAIN_WORD = /^[!-~]*$/;
const CONTROL_IN_LINES = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Returns a name without control characters: what two people see alike is alike. */
export const withoutControls = (text: string): string => (PLAIN.test(text) ? text : text.replace(CONTROL, ""));

/** Returns lines as they may go to a terminal: each control character shows as U+FFFD and does nothing; a byte that is no UTF-8 as `\xe9`. */
export const printable = (lines: string): string => showBytes(lines.replace(CONTROL_IN_LINES, "\u{fffd}"));

/** Takes JSON; returns it with the control characters that JSON lets through escaped, and bytes that are no UTF-8. */
export const escapeControls = (json: string): string =>
  escapeBytes(json).replace(
    CONTROL_IN_LINES,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Returns a text for comparing: what people see of it, in lower case. */
export const fold = (text: string) =>
  PLAIN_WORD.test(text)
    ? text.toLowerCase()
    : withoutControls(text).normalize("NFC").toLowerCase().replace(/\s+/gu, " ").trim();

/** What looks like an API key or a personal access token; what `list` shows of one (`sk-22bc7***b691`) does not. */
const KEY = /\bsk-[A-Za-z0-9_-]{16,}|(?<![\w-])at-[A-Za-z0-9_]{20,}/g;

/** Takes what is said to people; returns it without API keys: one may have been pasted where a selector, a path or an alias belongs. */
export const withoutKeys = (text: string): string => text.replace(KEY, (secret) => `${secret.slice(0, 3)}***`);

/** Returns a name in quotes of the shell, for a command line that people are told. */
export const inQuotes = (name: string) =>
  hasBytes(name) ? `$'${showBytes(name.replace(/[\\']/g, "\\$&"))}'` : `'${name.replaceAll("'", "'\\''")}'`;

/** Returns a path as a word of the shell, for a command line that people are told: in quotes where it needs them. */
export const asWord = (path: string) => (/^[\w@%+=:,./-]+$/.test(path) ? path : inQuotes(path));
