import { type Account, labelOf, withoutControls } from "./account.ts";
import type { Active } from "./active.ts";
import type { Known } from "./derive.ts";
import { shownPlan } from "./display.ts";
import { MISSING_LABEL } from "./environment.ts";
import type { Setup } from "./setup.ts";

/** What `codex-auth` alone tells of. */
export interface Overview {
  active: Active;
  state: Pick<Known, "registry" | "unregistered" | "loggedOut">;
  /** How to set this shell up; undefined where the snippet runs already. */
  setup: Setup | undefined;
}

/** A command line that one may want next, and what it is good for. */
type Step = readonly [command: string, why: string];

/** Returns what is active here and why, and the commands one wants next. */
export function renderOverview(overview: Overview): string {
  const steps = nextSteps(overview);
  const width = Math.max(...steps.map(([command]) => command.length));
  const lines = steps.map(([command, why]) => `  ${command.padEnd(width)}  ${why}`);
  return [headline(overview), "", ...lines, "", "all commands: codex-auth --help", ""].join("\n");
}

function headline({ active, state }: Overview): string {
  if (active.missing) return `${MISSING_LABEL}: ${whyActive(active)}, and codex is kept from starting`;
  if (active.account) {
    const note = state.loggedOut.has(active.account.account_key) ? ", logged out" : "";
    return `${describe(active.account)}${note}: ${whyActive(active)}`;
  }
  if (state.unregistered)
    return `${withoutControls(state.unregistered.label)}: the login of the base home, no account yet`;
  return state.registry.accounts.length === 0
    ? "no account yet"
    : "no account is active here, and there is no default one";
}

/** Returns why the active account is the active one. */
export function whyActive({ source, pin, missing }: Active): string {
  if (source === "use") return missing ? "what was chosen with `use` is not there" : "chosen in this shell with `use`";
  if (source === "pin") return missing ? `what ${pin} is pinned to is not there` : `${pin} is pinned to it`;
  return "the default account";
}

function describe(account: Account): string {
  const parts = [account.alias ? withoutControls(account.email) : "", shownPlan(account)].filter(Boolean);
  const plan = labelOf(account).endsWith(` ${shownPlan(account)}`) ? parts.slice(0, -1) : parts;
  return plan.length === 0 ? labelOf(account) : `${labelOf(account)} (${plan.join(", ")})`;
}

function nextSteps({ active, state, setup }: Overview): Step[] {
  const count = state.registry.accounts.length;
  const steps: Step[] = [];
  if (count === 0) steps.push(["codex-auth login", "log in and add an account; with --with-api-key an API key"]);
  if (active.missing) steps.push(active.source === "use" ? LEAVE_USE : PIN_AGAIN);
  if (setup) steps.push([setup.line, `in ${setup.file}: each terminal follows its directory`]);
  if (count === 0) steps.push(["codex-auth import PATH", "add accounts from credentials that lie somewhere else"]);
  if (count === 1) steps.push(["codex-auth login", "add another account"]);
  if (count > 0) steps.push(["codex-auth list", "all accounts, and what is left of their limits"]);
  if (count > 0 && !active.account && !active.missing) steps.push(["codex-auth switch", "choose the default account"]);
  if (count > 1) steps.push(active.source === "use" ? LEAVE_USE : PIN_HERE);
  if (count > 1) steps.push(["codex-auth use", "another account in this shell only"]);
  return steps.slice(0, 3);
}

const LEAVE_USE: Step = ["codex-auth use -", "back to the account of the directory"];
const PIN_HERE: Step = ["codex-auth pin", "use another account in this directory and below"];
const PIN_AGAIN: Step = ["codex-auth pin", "choose an account that is there"];
