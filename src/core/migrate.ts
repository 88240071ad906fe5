import * as v from "valibot";
import { UserError } from "./errors.ts";

const VersionSchema = v.looseObject({ schema_version: v.optional(v.number()), version: v.optional(v.number()) });

/** Takes a parsed registry.json; returns it in the shape of version 4. Throws UserError for a version that is not 2 to 4. */
export function migrate(document: unknown, path: string, _readSnapshot: (name: string) => string | undefined): unknown {
  const versions = v.safeParse(VersionSchema, document);
  if (!versions.success) return document;
  const { version, ...rest } = versions.output;
  const found = rest.schema_version ?? version;
  if (found === 4 || found === 3) return { ...rest, schema_version: 4 };
  throw new UserError(`${path} has version ${found ?? "none"}, which this codex-auth does not know`, {
    hint: "update codex-auth, or use the program that wrote the file; nothing has been changed",
  });
}
