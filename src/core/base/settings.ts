import * as v from "valibot";
import type { Files } from "../../io/files.ts";
import { UserError } from "../errors.ts";
import { parseJson } from "../json.ts";
import type { Layout } from "./layout.ts";

const SettingsSchema = v.looseObject({
  share: v.optional(v.picklist(["all", "config", "none"]), "all"),
  export_api_key: v.optional(v.boolean(), true),
  announce: v.optional(v.boolean(), false),
  /** Columns that a label may take in prompts; 0: as many as it needs. */
  label_width: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
});

/** The user's settings, as `settings.json` keeps them; fields that are not ours survive. */
export type Settings = v.InferOutput<typeof SettingsSchema>;

/** Returns the settings, the defaults where there are none. Throws UserError when the file is damaged. */
export function loadSettings(files: Files, layout: Layout): Settings {
  const text = files.read(layout.settings);
  if (text === undefined) return v.parse(SettingsSchema, {});
  try {
    return v.parse(SettingsSchema, parseJson(text));
  } catch {
    throw new UserError(`${layout.settings} is damaged`, { hint: "mend it, or remove it to have the defaults" });
  }
}

/** Saves the settings. */
export function saveSettings(files: Files, layout: Layout, settings: Settings): void {
  files.makeDirectory(layout.ours);
  files.write(layout.settings, `${JSON.stringify(settings, null, 2)}\n`);
}
