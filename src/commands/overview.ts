import { shownPlan } from "../core/accounts/usage.ts";
import { defineVerb } from "../command.ts";
import { type Account, isApiKey } from "../core/accounts/account.ts";
import { type Current, currentAccount, reasonOf } from "../core/here/current.ts";
import { checkPlace } from "../core/active/active.ts";
import { tellMoved } from "../core/here/moved.ts";
import { tellMoreLeft } from "../core/here/more-left.ts";
import { followsHere } from "../core/here/billed.ts";
import { tellUnfollowed } from "../core/here/still-billed.ts";
import { type Setup, setupHere } from "../setup.ts";

export default defineVerb({
  args: {},
  examples: ["codex-auth overview"],
  run(ctx) {
    // the snippet's function says so when it calls
    const setup = followsHere(ctx) ? undefined : setupHere(ctx.env);
    checkPlace(ctx);
    const current = currentAccount(ctx);
    const unfollowed = setup && tellUnfollowed(current.active, current.billed, setup);
    const moved = tellMoved(ctx, current.state.registry, current.active);
    if (moved) ctx.log.warn(moved);
    const more = moreLeft(current, ctx.now());
    const said = [unfollowed?.message, more && `${more.message}: ${more.hint}`].filter((text) => text !== undefined);
    ctx.terminal.out(renderOverview(current, setup, said));
  },
});

/** A command line that one may want next, and what it is good for. */
type Step = readonly [command: string, why: string];

/**
 * Returns what `codex-auth` alone tells: what is active here and why, and the three commands one wants next. `setup` is how this shell
 * gets the snippet; undefined where it runs already. `said` is what else there is to say of it.
 */
export function renderOverview(current: Current, setup: Setup | undefined, said: readonly string[] = []): string {
  const steps = nextSteps(current, setup).slice(0, 3);
  const width = Math.max(...steps.map(([command]) => command.length));
  const lines = steps.map(([command, why]) => `  ${command.padEnd(width)}  ${why}`);
  return [...headline(current, said), "", ...lines, "", "all commands: codex-auth --help", ""].join("\n");
}

const moreLeft = ({ active: { account, source }, state }: Current, now: number) =>
  account && tellMoreLeft(state, account, now, source === "default" ? "switch" : "use");

function headline({ active, label, state, billed }: Current, said: readonly string[]): string[] {
  if (label === undefined) {
    return [
      state.registry.accounts.length === 0
        ? "no account yet"
        : "no account is active here, and there is no default one",
    ];
  }
  const about = [...(active.account ? details(active.account) : []), reasonOf(active)];
  if (active.missing) about.push("codex is kept from starting");
  const others = [...billed.overriddenBy.map(({ message }) => message), ...said];
  return [label, `  ${about.join(", ")}`, ...others.map((message) => `  ${message}`)];
}

function details(account: Account): string[] {
  return [account.alias ? account.email : "", isApiKey(account) ? "" : shownPlan(account)].filter(Boolean);
}

function nextSteps({ active, label, state, billed }: Current, setup: Setup | undefined): Step[] {
  const count = state.registry.accounts.length;
  const leave: Step[] = active.source === "use" ? [["codex-auth use -", "back to the account of the directory"]] : [];
  const setUp: Step[] = setup ? [["codex-auth setup", "each terminal follows its directory"]] : [];
  if (count === 0) {
    return [
      ["codex-auth login", "log in and add an account; with --with-api-key an API key"],
      ...setUp,
      ["codex-auth import PATH", "add accounts from credentials that lie somewhere else"],
    ];
  }
  const mend: Step[] =
    active.missing && leave.length === 0 ? [["codex-auth pin", "choose an account that is there"]] : [];
  const choose: Step[] = label === undefined ? [["codex-auth switch", "choose the default account"]] : [];
  return [
    ...billed.overriddenBy
      .filter(({ remedy }) => remedy.startsWith("unset "))
      .slice(0, 1)
      .map(({ remedy }): Step => [remedy, "and Codex uses the account"]),
    ...(active.missing ? leave : []),
    ...mend,
    ...setUp,
    ...choose,
    ["codex-auth list", "all accounts (* the default, > the one here), and the percentage left of their limits"],
    ...(count === 1 ? [ADD] : [PIN, ...leave, USE]),
  ];
}

const ADD: Step = ["codex-auth login", "add another account"];
const PIN: Step = ["codex-auth pin", "use another account in this directory and below"];
const USE: Step = ["codex-auth use", "use another account in this shell only"];
