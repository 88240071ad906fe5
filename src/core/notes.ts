import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { withoutControls } from "./account.ts";

const fingerprint = (note: string) => createHash("sha256").update(note).digest("hex").slice(0, 16);

/** Says each note on standard error, unless it was said and has held ever since. */
export function sayOnce(
  { files, layout, terminal }: Pick<Context, "files" | "layout" | "terminal">,
  notes: readonly string[],
): void {
  const before = files.read(layout.said) ?? "";
  const said = before.split("\n");
  for (const note of notes) {
    if (!said.includes(fingerprint(note))) terminal.err(`codex-auth: ${withoutControls(note)}\n`);
  }
  const now = notes.map((note) => `${fingerprint(note)}\n`).join("");
  if (now !== before) files.write(layout.said, now);
}
