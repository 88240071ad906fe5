import * as v from "valibot";
import { defineVerb } from "../command.ts";
import { derived } from "../core/derived.ts";
import { type Changes, hookedChanges } from "../core/here/hooked.ts";
import { parseJson } from "../core/json.ts";
import { oldName, SECRETS, setName } from "../core/homes/inherit.ts";
import { JSON_SHELLS } from "../process-shell.ts";

// What a snippet of these shells calls when the directory changes. Standard input is what the last answer had in `keep`: the secrets of the
// user's that an account has taken away, which no environment holds.
export default defineVerb({
  args: { shell: { type: "positional", description: JSON_SHELLS.join(", "), options: [...JSON_SHELLS] } },
  examples: ["codex-auth hook nu"],
  async run(outside) {
    const ctx = derived(outside, { env: { ...outside.env, ...readKept(await outside.terminal.readInput()) } });
    const changes: Changes = await hookedChanges(ctx);
    ctx.terminal.write(`${JSON.stringify(changes)}\n`);
  },
});

const NAMES: ReadonlySet<string> = new Set(SECRETS.flatMap((name) => [oldName(name), setName(name)]));

function readKept(text: string): Record<string, string> {
  if (text.trim() === "") return {};
  const kept = v.parse(v.record(v.string(), v.string()), parseJson(text));
  return Object.fromEntries(Object.entries(kept).filter(([name]) => NAMES.has(name)));
}
