import { labelOf, withoutControls } from "../../core/accounts/account.ts";
import { accountDocuments } from "../../core/documents/documents.ts";
import { SCHEMA_VERSION } from "../../core/documents/render-document.ts";
import type { Exported } from "./exporting.ts";
import type { ReportLine } from "../import/report.ts";

/** Returns what to tell of an export. */
export function exportReport({ directory, outcomes }: Exported): ReportLine[] {
  const lines = outcomes.map(({ account, file, reason }): ReportLine => {
    if (reason !== null) return { to: "err", text: `  skipped   ${labelOf(account)}: ${reason}` };
    return { to: "out", text: `  exported  ${labelOf(account)}: ${file}` };
  });
  const written = outcomes.filter(({ file }) => file !== null).length;
  const skipped = outcomes.length - written;
  const summary = `Export Summary: ${written} exported, ${skipped} skipped (to ${withoutControls(directory)})`;
  return [...lines, { to: "out", text: summary }];
}

/** Returns the JSON document of an export. */
export function exportDocument({ directory, outcomes, input }: Exported) {
  const document = accountDocuments(input);
  const exported = outcomes.map(({ account, file, reason }) => ({ account: document(account), file, reason }));
  return { schema_version: SCHEMA_VERSION, command: "export", directory, exported };
}
