import type { Context } from "../../context.ts";
import { homeIdOf } from "../accounts/account.ts";
import { labelOf } from "../accounts/names.ts";
import { accountOfHome, findAccount, type Registry } from "../accounts/registry.ts";
import { successorOf } from "../homes/rotated.ts";
import { printable, withoutKeys } from "../printable.ts";
import type { Plan, Step } from "../reconcile/step.ts";

type HistoryContext = Pick<Context, "files" | "layout" | "now" | "command">;

/** In bytes; half of it stays where it would be more. */
const LARGEST = 1_000_000;

/** One line of the history: when (milliseconds since 1970), by which command, and what. */
export interface Happened {
  atMs: number;
  command: string;
  what: string;
}

/**
 * Adds to the history what has happened to the accounts, each in a line of its own: `time TAB command TAB what`. Whatever keeps it from being
 * written is no reason for a command to fail.
 */
export function record({ files, layout, now, command }: HistoryContext, happened: readonly string[]): void {
  if (happened.length === 0) return;
  const time = new Date(now()).toISOString();
  const lines = happened.map((what) => `${time}\t${command}\t${inOneLine(what)}\n`).join("");
  try {
    if (files.append(layout.log, lines) <= LARGEST) return;
    const tail = (files.read(layout.log) ?? "").slice(-LARGEST / 2);
    files.write(layout.log, tail.slice(tail.indexOf("\n") + 1));
  } catch {
    // a full disk is told by what matters more
  }
}

/** Nothing in a line is obeyed by a terminal, ends it, or is a secret. */
const inOneLine = (text: string) => withoutKeys(printable(text)).replaceAll("\n", "\u{fffd}");

/** Returns the newest lines of the history, the newest last. */
export function readHistory({ files, layout }: Pick<Context, "files" | "layout">, count: number): Happened[] {
  const found: Happened[] = [];
  if (files.entry(layout.log)?.kind !== "file") return found;
  for (const line of files.linesFromEnd(layout.log)) {
    if (found.length >= count) break;
    const [time = "", command = "", what] = line.split("\t");
    const atMs = Date.parse(time);
    if (what !== undefined && !Number.isNaN(atMs)) found.push({ atMs, command, what });
  }
  return found.reverse();
}

/** Returns what has become of the accounts between two states of the registry. That a key was replaced is told where it is done. */
export function changesBetween(
  { files, layout }: Pick<Context, "files" | "layout">,
  before: Registry,
  after: Registry,
): string[] {
  if (before === after) return [];
  const gone = before.accounts.filter(({ account_key: key }) => !findAccount(after, key));
  const replaced = new Map(
    gone.flatMap((account) => {
      const successor = accountOfHome(after, successorOf(files, layout, homeIdOf(account.account_key)));
      return successor && !findAccount(before, successor.account_key) ? [[account, successor] as const] : [];
    }),
  );
  const successors = new Set(replaced.values());
  const added = after.accounts.filter((one) => !findAccount(before, one.account_key) && !successors.has(one));
  const [was, is] = [before, after].map((registry) => findAccount(registry, registry.active_account_key));
  const isSame = was === undefined ? is === undefined : (replaced.get(was) ?? was).account_key === is?.account_key;
  const names = [was && labelOf(before, was), is && labelOf(after, is)].map((label) => label ?? "nobody");
  return [
    ...added.map((account) => `added ${labelOf(after, account)}`),
    ...gone.filter((account) => !replaced.has(account)).map((account) => `removed ${labelOf(before, account)}`),
    ...(isSame ? [] : [`the default account is ${names[1]}, was ${names[0]}`]),
  ];
}

/** Returns what reconciling does to logins; of a plan that has been carried out. */
export const tellSteps = ({ early, late, registry }: Plan): string[] =>
  [...early, ...late].flatMap((step) => tellStep(registry, step));

function tellStep(registry: Registry, step: Step): string[] {
  const account = "account" in step ? findAccount(registry, step.account) : undefined;
  const label = account ? labelOf(registry, account) : "an account";
  if (step.do === "store") return [`a login of ${label} was taken up`];
  if (step.do === "restore") return [`the login of ${label} came back from its backup`];
  return step.do === "retire" ? [`${label} is logged out`] : [];
}
