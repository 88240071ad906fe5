import { labelOf } from "../../core/accounts/account.ts";
import { accountDocuments } from "../../core/documents/accounts.ts";
import type { Exported } from "./exporting.ts";
import type { Context } from "../../context.ts";

/** Says what became of an export. */
export function reportExport({ terminal, log }: Pick<Context, "terminal" | "log">, exported: Exported): void {
  const { directory, outcomes } = exported;
  for (const { account, file, reason } of outcomes) {
    if (reason !== null) log.log(`  skipped   ${labelOf(account)}: ${reason}`);
    else terminal.out(`  exported  ${labelOf(account)}: ${file}\n`);
  }
  const written = outcomes.filter(({ file }) => file !== null).length;
  terminal.out(`Export Summary: ${written} exported, ${outcomes.length - written} skipped (to ${directory})\n`);
}

/** Returns the JSON document of an export. */
export function exportDocument({ directory, outcomes, input }: Exported) {
  const document = accountDocuments(input);
  const exported = outcomes.map(({ account, file, reason }) => ({ account: document(account), file, reason }));
  return { command: "export", directory, exported };
}
