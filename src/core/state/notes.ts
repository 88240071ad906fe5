import type { Context } from "../../context.ts";
import type { Plan } from "../reconcile/step.ts";

const fingerprint = (note: string) => Bun.SHA256.hash(note, "hex").slice(0, 16);

/** Tells on standard error what reconciling found; of what it left alone only what it has not said and found the same ever since. */
export function tell(
  { files, layout, log }: Pick<Context, "files" | "layout" | "log">,
  plan: Pick<Plan, "events" | "leftAlone">,
): void {
  const before = files.read(layout.said) ?? "";
  const said = before.split("\n");
  const news = [...plan.events, ...plan.leftAlone.filter((note) => !said.includes(fingerprint(note)))];
  for (const note of news) log.warn(note);
  const now = plan.leftAlone.map((note) => `${fingerprint(note)}\n`).join("");
  if (now !== before) files.write(layout.said, now);
}
