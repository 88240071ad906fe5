import { defineVerb } from "../command.ts";
import { examine } from "./doctor/checks.ts";
import { renderDocument } from "../core/documents/render.ts";

const MARKS = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

export default defineVerb({
  args: { json: { type: "boolean", description: "print a JSON document" } },
  examples: ["codex-auth doctor"],
  run(ctx, { json }) {
    const findings = examine(ctx);
    if (json) ctx.terminal.write(renderDocument({ command: "doctor", findings }));
    else {
      for (const { level, message, remedy } of findings) {
        ctx.terminal.out(`${MARKS[level]}  ${message}\n${remedy === null ? "" : `      try: ${remedy}\n`}`);
      }
    }
    return findings.some(({ level }) => level === "fail") ? 1 : 0;
  },
});
