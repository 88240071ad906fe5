import type { Verb } from "../command.ts";

/** A command before its module is loaded: what stands behind its name in the root help, what it does, and its module. */
export type Entry = readonly [usage: string, description: string, load: () => Promise<{ default: Verb }>];
type Table = Readonly<Record<string, Entry>>;

/** The commands as the root help groups them. Only the one that is run gets loaded. */
export const GROUPS: Readonly<Record<string, Table>> = {
  "Every day": {
    list: ["", "accounts, their plans and what is left of their limits", () => import("./list.ts")],
    current: ["", "which account is active here, and why", () => import("./current.ts")],
    pin: ["[SELECTOR] [DIR]", "use an account in this directory and below", () => import("./pin.ts")],
    unpin: ["[DIR]", "take the pin of this directory away", () => import("./unpin.ts")],
    use: ["[SELECTOR]", "use an account in this shell and what it starts, until `use -`", () => import("./use.ts")],
    switch: ["[SELECTOR]", "change the default account; `switch -` goes back", () => import("./switch.ts")],
    exec: [
      "-- COMMAND…",
      "run a command as the account of this directory; needs no snippet",
      () => import("./exec.ts"),
    ],
  },
  Accounts: {
    login: ["", "log in and add the account, or add an API key", () => import("./login.ts")],
    import: ["PATH…", "add accounts from files, folders or CLIProxyAPI", () => import("./import.ts")],
    export: ["[SELECTOR…] [--to DIR]", "write the credentials out", () => import("./export.ts")],
    alias: ["set|clear SELECTOR", "name an account", () => import("./alias.ts")],
    check: ["[SELECTOR…]", "ask OpenAI whether each key and login still works", () => import("./check.ts")],
    rotate: ["SELECTOR", "replace an API key: all that uses it goes over", () => import("./rotate.ts")],
    remove: ["SELECTOR…", "remove accounts with their credentials and homes", () => import("./remove.ts")],
  },
  "Directories and shells": {
    init: ["SHELL", "print the snippet: zsh, bash, fish, pwsh, elvish, nu, xonsh, tcsh", () => import("./init.ts")],
    completion: ["SHELL", "print the completions for a shell", () => import("./completion.ts")],
    pins: ["", "every pinned directory and its account", () => import("./pins.ts")],
    shim: [
      "[install|remove]",
      "a `codex` for what has no hook: editors, agents, scripts, cron",
      () => import("./shim.ts"),
    ],
    env: ["[SELECTOR]", "print an account's variables, for direnv, CI and scripts", () => import("./env.ts")],
  },
  "Setup and care": {
    setup: ["[SHELL]", "add the line to your shell's start file, or take it out", () => import("./setup.ts")],
    config: ["[KEY [VALUE]]", "show and change settings", () => import("./config.ts")],
    log: ["", "what happened to the accounts here, and by which command", () => import("./log.ts")],
    doctor: ["", "check Codex, homes, links, permissions and shells", () => import("./doctor.ts")],
    sync: ["", "take up what Codex or another program has written", () => import("./sync.ts")],
    clean: ["", "drop stale files", () => import("./clean.ts")],
    eject: ["", "put a plain auth.json back and remove everything of ours", () => import("./eject.ts")],
  },
};

/** Commands that the help does not show. */
export const HIDDEN: Table = {
  overview: ["", "what `codex-auth` alone shows on a terminal", () => import("./overview.ts")],
  "shim-exec": ["", "what a shim starts: becomes the real codex", () => import("./shim-exec.ts")],
  hook: ["SHELL", "what the snippets of elvish, nu, xonsh and tcsh call", () => import("./hook.ts")],
  complete: ["", "what Tab offers, for the completion scripts", () => import("./complete.ts")],
};

/** Words that stand for others at the beginning of a command line, as in the older tool. */
export const SHORT_FORMS: readonly (readonly [words: readonly string[], meant: readonly string[]])[] = [
  [["-"], ["switch", "-"]],
  [["add"], ["login"]],
  [
    ["switch", "--live"],
    ["list", "--live"],
  ],
];

/** What other programs call a command of ours. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  ls: "codex-auth list",
  rm: "codex-auth remove SELECTOR",
  status: "codex-auth current",
  whoami: "codex-auth current",
  logout: "codex logout, or codex-auth remove SELECTOR",
};

/** Those that the help shows, in its order. */
export const VERBS: Table = Object.assign({}, ...Object.values(GROUPS));

const COMMANDS = new Map<string, Entry>([...Object.entries(VERBS), ...Object.entries(HIDDEN)]);

/** Returns the command of this name, if there is one; what every object has (`toString`) is no command. */
export const findCommand = (name: string): Entry | undefined => COMMANDS.get(name);
