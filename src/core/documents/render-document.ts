import { escapeControls } from "../printable.ts";

/** The version of every JSON document. Source of the format: Loongphy's codex-auth. */
export const SCHEMA_VERSION = 1;

/** Returns a document as text: 2-space indent, a newline at the end, control characters escaped. */
export const renderDocument = (document: object): string => `${escapeControls(JSON.stringify(document, null, 2))}\n`;
