/** The version of every JSON document. Source of the format: Loongphy's codex-auth. */
export const SCHEMA_VERSION = 1;

/** The control characters that JSON lets through: names come from anywhere, and the document may go to a terminal. */
const UNESCAPED = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Returns a document as text: 2-space indent, a newline at the end, control characters escaped. */
export function renderDocument(document: object): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(document, null, 2).replace(UNESCAPED, escaped)}\n`;
}
