import type { Verb } from "./verb.ts";

/** How the help groups the commands. */
export const GROUPS = {
  daily: "Every day",
  accounts: "Accounts",
  directories: "Directories and shells",
  care: "Setup and care",
} as const;

/** A command before its module is loaded. */
export interface Command {
  description: string;
  load(): Promise<{ default: Verb }>;
}

/** A command that the root help shows. */
export interface VerbEntry extends Command {
  group: keyof typeof GROUPS;
  /** What stands behind the name in the root help, in short. */
  usage: string;
}

/** Every command. Only the one that is run gets loaded. */
export const VERBS = {
  list: {
    group: "daily",
    usage: "",
    description: "accounts, their plans and what is left of their limits",
    load: () => import("./commands/list.ts"),
  },
  current: {
    group: "daily",
    usage: "",
    description: "which account is active here, and why",
    load: () => import("./commands/current.ts"),
  },
  pin: {
    group: "daily",
    usage: "[SELECTOR] [DIR]",
    description: "use an account in this directory and below",
    load: () => import("./commands/pin.ts"),
  },
  unpin: {
    group: "daily",
    usage: "[DIR]",
    description: "take the pin of this directory away",
    load: () => import("./commands/unpin.ts"),
  },
  use: {
    group: "daily",
    usage: "[SELECTOR]",
    description: "use an account in this shell and what it starts, until `use -`",
    load: () => import("./commands/use.ts"),
  },
  switch: {
    group: "daily",
    usage: "[SELECTOR]",
    description: "change the default account; `switch -` goes back",
    load: () => import("./commands/switch.ts"),
  },
  exec: {
    group: "daily",
    usage: "-- COMMAND…",
    description: "run a command as the account of this directory, without the snippet",
    load: () => import("./commands/exec.ts"),
  },
  login: {
    group: "accounts",
    usage: "",
    description: "log in and add the account, or add an API key",
    load: () => import("./commands/login.ts"),
  },
  import: {
    group: "accounts",
    usage: "PATH",
    description: "add accounts from files, folders or CLIProxyAPI",
    load: () => import("./commands/import.ts"),
  },
  export: {
    group: "accounts",
    usage: "[DIR]",
    description: "write the credentials out",
    load: () => import("./commands/export.ts"),
  },
  alias: {
    group: "accounts",
    usage: "set|clear SELECTOR",
    description: "name an account",
    load: () => import("./commands/alias.ts"),
  },
  remove: {
    group: "accounts",
    usage: "SELECTOR…",
    description: "remove accounts with their credentials and homes",
    load: () => import("./commands/remove.ts"),
  },
  init: {
    group: "directories",
    usage: "SHELL",
    description: "print the snippet for zsh, bash, fish or pwsh",
    load: () => import("./commands/init.ts"),
  },
  completion: {
    group: "directories",
    usage: "SHELL",
    description: "print the completions for a shell",
    load: () => import("./commands/completion.ts"),
  },
  pins: {
    group: "directories",
    usage: "",
    description: "every pinned directory and its account",
    load: () => import("./commands/pins.ts"),
  },
  env: {
    group: "directories",
    usage: "[SELECTOR]",
    description: "print an account's variables, for direnv, CI and scripts",
    load: () => import("./commands/env.ts"),
  },
  config: {
    group: "care",
    usage: "[KEY [VALUE]]",
    description: "show and change settings",
    load: () => import("./commands/config.ts"),
  },
  doctor: {
    group: "care",
    usage: "",
    description: "check Codex, homes, links, permissions and shells",
    load: () => import("./commands/doctor.ts"),
  },
  sync: {
    group: "care",
    usage: "",
    description: "take up what Codex or another program has written",
    load: () => import("./commands/sync.ts"),
  },
  clean: { group: "care", usage: "", description: "drop stale files", load: () => import("./commands/clean.ts") },
  eject: {
    group: "care",
    usage: "",
    description: "put a plain auth.json back and take all of ours away",
    load: () => import("./commands/eject.ts"),
  },
} as const satisfies Record<string, VerbEntry>;

/** Commands that the help does not show. */
export const HIDDEN = {
  overview: {
    description: "what `codex-auth` alone shows on a terminal",
    load: () => import("./commands/overview.ts"),
  },
  candidates: {
    description: "the names that a completion script offers",
    load: () => import("./commands/candidates.ts"),
  },
} as const satisfies Record<string, Command>;

const COMMANDS = new Map<string, Command>([...Object.entries(VERBS), ...Object.entries(HIDDEN)]);

/** Returns the command of this name, if there is one; what every object has (`toString`) is no command. */
export const findCommand = (name: string): Command | undefined => COMMANDS.get(name);
