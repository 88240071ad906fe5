import { numberText, type NamedAccount } from "../../core/accounts/names.ts";
import { shownPlan } from "../../core/accounts/usage.ts";
import {
  agoText,
  isRefusal,
  remainingPercent,
  windowsOf,
  windowText,
  cachedView,
  type UsageView,
  type UsageViews,
} from "../../core/usage/view.ts";
import type { Usage, Window } from "../../core/accounts/usage.ts";

/** How a cell is coloured, where there are colours. */
export type Tone = "plain" | "faint" | "strong" | "plenty" | "low" | "empty" | "failed";

/** A cell of the table; `brief` stands for it on a narrow terminal. */
export interface Cell {
  text: string;
  brief: string;
  tone: Tone;
}

/** An account of the table. `prefix` is the mark and the number. */
export interface AccountRow {
  kind: "account";
  key: string;
  prefix: string;
  indent: number;
  name: Cell;
  plan: Cell;
  fiveHours: Cell;
  week: Cell;
  credits: Cell;
  resetCredits: Cell;
  last: Cell;
}

/** A line of the table: an account, or the e-mail above several. */
export type Row = AccountRow | { kind: "group"; email: string };

/** What the rows are made of. Times in milliseconds since 1970. */
export interface RowsInput {
  named: readonly NamedAccount[];
  views: UsageViews;
  defaultKey: string | null;
  /** The account that is active in this directory. */
  activeKey: string | null;
  loggedOut: ReadonlySet<string>;
  damaged: ReadonlySet<string>;
  now: number;
}

/** Returns the rows of the table. */
export function accountRows(input: RowsInput): Row[] {
  return input.named.flatMap((named, index) => {
    const opensGroup = named.group !== null && input.named[index - 1]?.group !== named.group;
    const header: Row[] = opensGroup && named.group !== null ? [{ kind: "group", email: named.group }] : [];
    return [...header, accountRow(named, input)];
  });
}

function accountRow({ account, number, row, group }: NamedAccount, input: RowsInput): AccountRow {
  const { views, defaultKey, activeKey, loggedOut, damaged, now } = input;
  const key = account.account_key;
  const mark = key === defaultKey ? "*" : key === activeKey ? ">" : " ";
  const view = views.get(key) ?? cachedView(account);
  const windows = windowsOf(view.usage);
  return {
    kind: "account",
    key,
    prefix: `${mark} ${numberText(number)} `,
    indent: group === null ? 0 : 2,
    name: cell(
      loggedOut.has(key) ? `${row} ${damaged.has(key) ? "damaged" : "logged out"}` : row,
      mark === " " ? "plain" : "strong",
    ),
    plan: cell(shownPlan(account)),
    fiveHours: usageCell(windows.fiveHours, view, now),
    week: usageCell(windows.week, view, now, true),
    credits: creditsCell(view.usage),
    resetCredits: cell(view.usage?.reset_credits ? String(view.usage.reset_credits) : "-"),
    last: cell(agoText(view.updatedAt, now), "faint"),
  };
}

function creditsCell(usage: Usage | null): Cell {
  const { has_credits: has = false, unlimited = false, balance = null } = usage?.credits ?? {};
  return cell(unlimited ? "unlimited" : has && balance ? balance : "-");
}

const cell = (text: string, tone: Tone = "plain", brief = text): Cell => ({ text, brief, tone });

/** Returns what is left of a limit. A failure marks what was known, unless the login is refused; `isWide`: there is room for all that OpenAI says of it. */
function usageCell(window: Window | null, { failure }: UsageView, now: number, isWide = false): Cell {
  if (failure !== null) {
    const [reason = failure] = failure.split(" ");
    if (!window || isRefusal(failure)) return cell(isWide ? failure : reason, "failed", reason);
    const percent = windowText(window, now, true);
    return cell(`${percent} ${reason}`, "failed", `${percent}!`);
  }
  if (!window) return cell("-", "faint");
  const remains = remainingPercent(window, now);
  const tone = remains > 30 ? "plenty" : remains > 10 ? "low" : "empty";
  return cell(windowText(window, now), tone, windowText(window, now, true));
}
