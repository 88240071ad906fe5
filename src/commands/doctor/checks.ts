import type { Context } from "../../context.ts";
import { loadSettings } from "../../core/base/settings.ts";
import { currentAccount } from "../../core/here/current.ts";
import { loadRegistry, type State } from "../../core/state/state.ts";
import { accounts } from "./accounts.ts";
import { config, strays } from "./billing.ts";
import { codexProgram, shims } from "./codex.ts";
import { type Check, type Finding, findingsOf, ok, warn } from "./finding.ts";
import { homes, pins } from "./homes.ts";
import { kept } from "./kept.ts";
import { baseHome, permissions } from "./places.ts";
import { registry } from "./registry.ts";
import { envFiles } from "./shells.ts";
import { waiting } from "./waiting.ts";

const shell = ({ env }: Context): Finding[] => {
  if (env.CODEX_AUTH_SNIPPET) return [ok("shell", `the snippet runs in this ${env.CODEX_AUTH_SNIPPET}`)];
  return [warn("shell", "the snippet does not run in this shell", "codex-auth setup, then open a new terminal")];
};

/** What needs to know the accounts. */
const CHECKS: readonly Check[] = [accounts, waiting, config, homes, pins, envFiles, strays];

/** What can be looked at whatever is broken. */
const ALWAYS: readonly ((ctx: Context) => Finding[])[] = [codexProgram, shims, baseHome, kept, permissions, shell];

/** Looks at everything that may be wrong; changes nothing. What cannot be read is a finding, and keeps only what is told from it from being looked at. */
export function examine(ctx: Context): Finding[] {
  const broken = [
    ...brokenBy("registry", () => loadRegistry(ctx)),
    ...brokenBy("settings", () => loadSettings(ctx.files, ctx.layout)),
  ];
  const always = [
    ...brokenBy("lock", () => ctx.locks.check()),
    ...ALWAYS.flatMap((check) => findingsOf("base_home", () => check(ctx))),
  ];
  if (broken.length > 0) return once([...broken, ...always]);
  always.unshift(...findingsOf("state", () => registry(ctx)));
  const known: { state?: State } = {};
  const unknown = brokenBy("state", () => (known.state = currentAccount(ctx).state));
  const { state } = known;
  const checked = state ? CHECKS.flatMap((check) => findingsOf("state", () => check(ctx, state))) : [];
  return once([...always, ...unknown, ...checked]);
}

/** Returns what keeps something from being read. */
const brokenBy = (id: string, read: () => unknown): Finding[] => findingsOf(id, () => (read(), []));

/** What keeps several accounts from something, or several looks from being taken, is told once. */
const once = (found: readonly Finding[]): Finding[] => [
  ...new Map(found.map((finding) => [`${finding.id} ${finding.message}`, finding])).values(),
];
