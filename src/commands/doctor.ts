import { examine } from "./doctor/checks.ts";
import { withoutControls } from "../core/accounts/account.ts";
import { doctorDocument } from "../core/documents/documents.ts";
import { renderDocument } from "../core/documents/render-document.ts";
import { defineVerb } from "../verb.ts";

const MARKS = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

export default defineVerb({
  args: { json: { type: "boolean", description: "print a JSON document" } },
  examples: ["codex-auth doctor"],
  run(ctx, { json }) {
    const findings = examine(ctx);
    if (json) ctx.terminal.out(renderDocument(doctorDocument(findings)));
    else {
      for (const { level, message, remedy } of findings) {
        ctx.terminal.out(
          `${MARKS[level]}  ${withoutControls(message)}\n${remedy === null ? "" : `      try: ${withoutControls(remedy)}\n`}`,
        );
      }
    }
    return findings.some(({ level }) => level === "fail") ? 1 : 0;
  },
});
