import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import type { Registry } from "../core/accounts/registry.ts";
import { saveSettings, type Settings } from "../core/base/settings.ts";
import { UserError } from "../core/errors.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { viewState } from "../core/state/state.ts";

interface Configured {
  settings: Settings;
  registry: Registry;
}

type Change = { settings: Partial<Settings> } | { interval: number };

/** A setting as people see it; `write` returns what it changes, or undefined for a value that it can't have. */
interface Setting {
  /** The words that it may be, or what they are. */
  values: readonly string[] | string;
  fallback: string;
  meaning: string;
  /** What a value means, told when it has been set. */
  means(value: string): string;
  read(from: Configured): string;
  write(value: string): Change | undefined;
}

const SHARING: Record<string, string> = {
  all: "account homes share all but logins with the base home: sessions, history, config and so on",
  config: "account homes share config, prompts, skills and rules; each has sessions, history and memories of its own",
  none: "account homes share nothing: each has sessions and a config.toml of its own, and starts without either",
};

const BOOLEANS: Record<string, boolean | undefined> = { true: true, false: false };

/** The settings, in the order they are shown in. */
const SETTINGS = {
  share: {
    values: ["all", "config", "none"],
    fallback: "all",
    meaning:
      "what account homes share with the base home: all but logins; config, prompts, skills and rules, but no sessions, history, memories; nothing",
    means: (value) => SHARING[value] ?? "",
    read: ({ settings }) => settings.share,
    write: (value) =>
      value === "all" || value === "config" || value === "none" ? { settings: { share: value } } : undefined,
  },
  export_api_key: {
    values: ["true", "false"],
    fallback: "true",
    meaning: "set OPENAI_API_KEY in shells whose account is an API key",
    means: (value) =>
      value === "true"
        ? "shells whose account is an API key have it in OPENAI_API_KEY"
        : "no shell gets a key in OPENAI_API_KEY; Codex has it all the same",
    read: ({ settings }) => String(settings.export_api_key),
    write: (value) => (BOOLEANS[value] === undefined ? undefined : { settings: { export_api_key: BOOLEANS[value] } }),
  },
  announce: {
    values: ["true", "false"],
    fallback: "false",
    meaning: "tell on standard error when a shell changes accounts",
    means: (value) =>
      value === "true" ? "shells say when they change accounts" : "shells change accounts without a word",
    read: ({ settings }) => String(settings.announce),
    write: (value) => (BOOLEANS[value] === undefined ? undefined : { settings: { announce: BOOLEANS[value] } }),
  },
  label_width: {
    values: "0, or 8 to 200 columns",
    fallback: "0",
    meaning: "how much room a label has in the prompt: what is longer is cut in its middle; 0 shows all of it",
    means: (value) => (value === "0" ? "prompts show the whole label" : `prompts show labels in ${value} columns`),
    read: ({ settings }) => String(settings.label_width),
    write: (value) =>
      /^(0|[1-9]\d{0,2})$/.test(value) && (+value === 0 || (+value >= 8 && +value <= 200))
        ? { settings: { label_width: +value } }
        : undefined,
  },
  interval: {
    values: "5 to 3600 seconds",
    fallback: "60",
    meaning: "how often `list --live` asks for usage",
    means: (value) => `\`list --live\` asks for usage every ${value} seconds`,
    read: ({ registry }) => String(registry.interval_seconds),
    write: (value) =>
      /^[1-9]\d{0,3}$/.test(value) && +value >= 5 && +value <= 3600 ? { interval: +value } : undefined,
  },
} as const satisfies Record<string, Setting>;

export default defineVerb({
  args: {
    key: {
      type: "positional",
      required: false,
      description: Object.keys(SETTINGS).join(", "),
      offers: () => Object.keys(SETTINGS),
    },
    value: {
      type: "positional",
      required: false,
      description: "its new value",
      offers: ([key = ""]) => [findSetting(key)?.values ?? []].flat().filter((word) => !word.includes(" ")),
    },
  },
  examples: ["codex-auth config", "codex-auth config announce true", "codex-auth config share none"],
  async run(ctx, { key, value }) {
    if (key !== undefined && value !== undefined) return await changeSetting(ctx, key, value);
    const state = viewState(ctx);
    if (key !== undefined) return ctx.terminal.out(`${settingOf(key).read(state)}\n`);
    for (const [name, { values, fallback, meaning, read }] of Object.entries<Setting>(SETTINGS))
      ctx.terminal.out(`${name} = ${read(state)}\n    ${meaning}\n    (${valuesText(values)}; default ${fallback})\n`);
  },
});

/** Changes a setting; shells and homes follow. Throws UserError for a setting or a value that there is not. */
async function changeSetting(ctx: Context, key: string, value: string): Promise<void> {
  const { write, values, means } = settingOf(key);
  const change = write(value);
  if (change === undefined)
    throw new UserError(`${key} cannot be "${value}"`, {
      hint: `codex-auth config ${key} VALUE, where VALUE is ${valuesText(values)}`,
      exitCode: 2,
    });
  await changeState(ctx, { ...ASKING, create: true }, (store) => {
    if ("interval" in change) {
      store.registry = { ...store.registry, interval_seconds: change.interval };
      return;
    }
    store.settings = { ...store.settings, ...change.settings };
    saveSettings(ctx.files, ctx.layout, store.settings);
  });
  ctx.log.info(`${key} is ${value}: ${means(value)}`);
}

const valuesText = (values: Setting["values"]) => [values].flat().join("|");

const findSetting = (key: string) => Object.entries<Setting>(SETTINGS).find(([name]) => name === key)?.[1];

function settingOf(key: string): Setting {
  const setting = findSetting(key);
  if (setting) return setting;
  throw new UserError(`there is no setting "${key}"`, {
    hint: `one of ${Object.keys(SETTINGS).join(", ")}`,
    exitCode: 2,
  });
}
