import type { Context } from "../../context.ts";
import { labelOf } from "../accounts/names.ts";
import type { Plan } from "../reconcile/step.ts";

const fingerprint = (note: string) => Bun.SHA256.hash(note, "hex").slice(0, 16);

/** Tells on standard error what reconciling found; of what it left alone only what it has not said and found the same ever since. */
export function tell(
  { files, layout, log }: Pick<Context, "files" | "layout" | "log">,
  plan: Pick<Plan, "events" | "leftAlone" | "damaged" | "registry">,
): void {
  const before = files.read(layout.said) ?? "";
  const said = before.split("\n");
  const damaged = plan.registry.accounts
    .filter(({ account_key: key }) => plan.damaged.has(key))
    .map((account) => `the login of ${labelOf(plan.registry, account)} is damaged; left as it is`);
  const standing = [...plan.leftAlone, ...damaged];
  const news = [...plan.events, ...standing.filter((note) => !said.includes(fingerprint(note)))];
  for (const note of news) log.warn(note);
  const now = standing.map((note) => `${fingerprint(note)}\n`).join("");
  if (now !== before) files.write(layout.said, now);
}
