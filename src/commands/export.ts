import { renderDocument } from "../core/documents/render-document.ts";
import { exportDocument, exportReport } from "./export/report.ts";
import { exportAccounts } from "./export/exporting.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    dir: {
      type: "positional",
      required: false,
      description: "the directory (default: accounts/backup in the base home)",
    },
    cpa: { type: "boolean", description: "write token files for CLIProxyAPI" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  rest: { name: "selector", description: "only these accounts (default: all)" },
  examples: ["codex-auth export", "codex-auth export ~/backup work", "codex-auth export --cpa ~/.cli-proxy-api"],
  async run(ctx, { dir, cpa, json, _: selectors }) {
    const exported = await exportAccounts(ctx, { directory: dir, selectors, cpa });
    if (json) ctx.terminal.out(renderDocument(exportDocument(exported)));
    else for (const { to, text } of exportReport(exported)) ctx.terminal[to](`${text}\n`);
    return exported.outcomes.some(({ file }) => file !== null) ? 0 : 1;
  },
});
