import { join } from "node:path";
import type { Context } from "../../context.ts";
import type { Settings } from "../base/settings.ts";

type GenerationContext = Pick<Context, "files" | "layout">;

const textOf = (token: string, { announce }: Settings) => `${token}\n${announce ? "announce\n" : ""}`;

/**
 * Ends the newest generation, before anything that shells read is changed: a change that is broken off has no new one, and the next command
 * makes it, though it finds nothing to change any more.
 */
export function endGeneration({ files, layout }: GenerationContext): void {
  for (const name of files.names(layout.now)) files.remove(join(layout.now, name));
}

/** Whether the newest generation still holds: nothing has been changed since, nor is told otherwise. */
export function isNewest({ files, layout }: GenerationContext, settings: Settings): boolean {
  const text = files.readQuietly(layout.generation) ?? "";
  const [token = ""] = text.split("\n");
  return text === textOf(token, settings) && files.names(layout.now).includes(token);
}

/**
 * Makes a new generation: every shell reads its account again. Its second line tells the shells to announce changes. A file in `now/` is
 * named by the token, and is there only while that is the newest: a shell tests it for less than reading costs.
 */
export function renewGeneration(ctx: GenerationContext, settings: Settings): void {
  const { files, layout } = ctx;
  const token = crypto.getRandomValues(new Uint8Array(8)).toHex();
  endGeneration(ctx);
  files.makeDirectory(layout.now);
  files.write(layout.generation, textOf(token, settings));
  files.write(join(layout.now, token), "");
}
