import * as v from "valibot";
import { parseJson } from "../json.ts";

/** The file beside exported credentials that tells what they themselves do not; no `*.json`, which other tools take for a credential. */
export const MANIFEST_NAME = "codex-auth.manifest";

const ManifestSchema = v.looseObject({
  schema_version: v.literal(1),
  accounts: v.array(
    v.looseObject({
      account_key: v.string(),
      alias: v.optional(v.string(), ""),
      account_name: v.optional(v.nullable(v.string()), null),
      pins: v.optional(v.array(v.string()), []),
    }),
  ),
});

/** What an export tells beside the credentials. `pins` are physical directories. */
export type Manifest = v.InferOutput<typeof ManifestSchema>;

/** Takes the text of a manifest, if there is one; returns what it tells, or undefined for what is none. */
export function parseManifest(text: string | undefined): Manifest | undefined {
  const parsed = v.safeParse(ManifestSchema, parseJson(text ?? ""));
  return parsed.success ? parsed.output : undefined;
}
