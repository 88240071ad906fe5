import { escapeControls } from "../printable.ts";

/** The version of every JSON document. Source of the format: Loongphy's codex-auth. */
const SCHEMA_VERSION = 1;

/** Takes a document without its version; returns it as text: 2-space indent, a newline at the end, control characters escaped. */
export function renderDocument(document: object): string {
  return `${escapeControls(JSON.stringify({ schema_version: SCHEMA_VERSION, ...document }, null, 2))}\n`;
}
