import * as v from "valibot";

/** The user's settings, as `settings.json` keeps them; fields that are not ours survive. */
export const SettingsSchema = v.looseObject({
  share: v.optional(v.picklist(["all", "none"]), "all"),
  export_api_key: v.optional(v.boolean(), true),
  announce: v.optional(v.boolean(), false),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;
