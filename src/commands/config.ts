import { changeSetting, listSettings, readSetting, SETTINGS } from "./config/configuring.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    key: { type: "positional", required: false, description: Object.keys(SETTINGS).join(", ") },
    value: { type: "positional", required: false, description: "its new value" },
  },
  examples: ["codex-auth config", "codex-auth config announce true", "codex-auth config share none"],
  async run(ctx, { key, value }) {
    if (key !== undefined && value !== undefined) return await changeSetting(ctx, key, value);
    if (key !== undefined) return ctx.terminal.out(`${readSetting(ctx, key)}\n`);
    for (const setting of listSettings(ctx)) {
      ctx.terminal.out(
        `${setting.key} = ${setting.value}\n    ${setting.meaning}\n    (${setting.values}; by itself ${setting.fallback})\n`,
      );
    }
  },
});
