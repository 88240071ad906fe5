import { defineVerb } from "../command.ts";
import { renderDocument } from "../core/documents/render.ts";
import { exportDocument, reportExport } from "./export/report.ts";
import { exportAccounts } from "./export/exporting.ts";

export default defineVerb({
  args: {
    dir: {
      type: "positional",
      required: false,
      description: "the directory (default: accounts/backup in the base home)",
      offers: "directories",
    },
    cpa: { type: "boolean", description: "write token files for CLIProxyAPI" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  rest: { name: "selector", description: "only these accounts (default: all)", offers: "accounts" },
  examples: ["codex-auth export", "codex-auth export ~/backup work", "codex-auth export --cpa ~/.cli-proxy-api"],
  async run(ctx, { dir, cpa, json, _: selectors }) {
    const exported = await exportAccounts(ctx, { directory: dir, selectors, cpa });
    if (json) ctx.terminal.write(renderDocument(exportDocument(exported)));
    else reportExport(ctx, exported);
    return exported.outcomes.some(({ file }) => file !== null) ? 0 : 1;
  },
});
