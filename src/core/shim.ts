import * as v from "valibot";
import { parseJson } from "./json.ts";

const ShimSchema = v.object({
  /** The base home that it was made for. */
  base: v.string(),
  /** The home id of the account that it always is; without one it finds the account of the directory. */
  homeId: v.optional(v.string()),
});

/** What a shim says of itself. */
export type Shim = v.InferOutput<typeof ShimSchema>;

/** How a shim begins; what follows on the line says what it is. */
export const SHIM_START = "#!/bin/sh\n# codex-auth shim ";

/** Returns the first two lines of a shim. */
export const renderShimStart = (shim: Shim): string => `${SHIM_START}${JSON.stringify(shim)}\n`;

/** Takes what follows that beginning on its line; returns what it says, or undefined for what is of no shim of ours. */
export function parseShim(said: string): Shim | undefined {
  const value = parseJson(said);
  return v.is(ShimSchema, value) ? value : undefined;
}
