import { defineVerb } from "../command.ts";
import { UserError } from "../core/errors.ts";
import { type Happened, readHistory } from "../core/state/history.ts";
import { padEnd, widest } from "../core/width.ts";

export default defineVerb({
  args: { n: { type: "string", default: "20", description: "how many lines", valueHint: "N" } },
  examples: ["codex-auth log", "codex-auth log -n 100"],
  run(ctx, { n }) {
    const count = /^\d+$/.test(n) ? Number(n) : 0;
    if (count === 0)
      throw new UserError(`-n takes a number from 1 on, not "${n}"`, { exitCode: 2, hint: "codex-auth log -n 20" });
    const happened = readHistory(ctx, count);
    if (happened.length === 0) ctx.log.info("nothing has happened yet");
    const width = widest(happened.map(({ command }) => command));
    for (const { atMs, command, what } of happened)
      ctx.terminal.out(`${timeText(atMs)}  ${padEnd(command, width)}  ${what}\n`);
  },
});

/** Returns a moment (milliseconds since 1970) in the local time zone. */
function timeText(ms: Happened["atMs"]): string {
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
