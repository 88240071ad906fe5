import * as v from "valibot";
import { defineVerb } from "../command.ts";
import { derived } from "../core/derived.ts";
import { type Changes, hookedChanges } from "../core/here/hooked.ts";
import { parseJson } from "../core/json.ts";
import { APPLIED, oldName, SECRETS, setName } from "../core/homes/inherit.ts";
import { PROCESS_SHELLS } from "../process-shell.ts";
import { tcshAnswer, tcshKept } from "./hook/tcsh.ts";

// What a snippet of these shells calls when the directory changes. Standard input is what the last answer had in `keep`: what is in force in this very
// shell, and the secrets of the user's that an account has taken away, which no environment holds.
export default defineVerb({
  args: { shell: { type: "positional", description: PROCESS_SHELLS.join(", "), options: [...PROCESS_SHELLS] } },
  examples: ["codex-auth hook nu"],
  async run(outside, { shell }) {
    const started = outside.now();
    const input = await outside.terminal.readInput();
    const kept = readKept(shell === "tcsh" ? tcshKept(input) : input);
    const { [APPLIED]: before, ...secrets } = kept;
    const ctx = derived(outside, { env: { ...outside.env, ...secrets } });
    const changes: Changes = await hookedChanges(ctx, before);
    ctx.terminal.write(shell === "tcsh" ? tcshAnswer(changes, started) : `${JSON.stringify(changes)}\n`);
  },
});

const NAMES: ReadonlySet<string> = new Set([APPLIED, ...SECRETS.flatMap((name) => [oldName(name), setName(name)])]);

function readKept(text: string): Record<string, string> {
  if (text.trim() === "") return {};
  const kept = v.parse(v.record(v.string(), v.string()), parseJson(text));
  return Object.fromEntries(Object.entries(kept).filter(([name]) => NAMES.has(name)));
}
