import type { Account } from "../../src/core/accounts/account.ts";
import { nameAccounts } from "../../src/core/accounts/names.ts";
import { accountRows, type RowsInput } from "../../src/commands/list/rows.ts";
import { renderTable } from "../../src/commands/list/table.ts";
import { registryOf } from "./registries.ts";

/** 26 July 2026, 12:00 in the time zone of the tests, in milliseconds. */
export const NOON = new Date(2026, 6, 26, 12, 0).getTime();

/** Seconds since 1970, `minutes` from NOON. */
export const at = (minutes: number) => NOON / 1000 + minutes * 60;

/** A stored snapshot: how much is used of the five hours and of the week, the first reset at 14:30, the second at 9:00 the next day. */
export const snapshot = (fiveHours: number, week: number) => ({
  primary: { used_percent: fiveHours, window_minutes: 300, resets_at: at(150) },
  secondary: { used_percent: week, window_minutes: 10_080, resets_at: at(21 * 60) },
  credits: null,
  reset_credits: null,
  plan_type: null,
});

/** Returns the rows of a table of these accounts at NOON. */
export function rowsOf(accounts: Account[], own: Partial<RowsInput> = {}) {
  const defaultKey = own.defaultKey ?? null;
  return accountRows({
    named: nameAccounts(registryOf(accounts, defaultKey)),
    views: new Map(),
    defaultKey,
    activeKey: defaultKey,
    loggedOut: new Set(),
    damaged: new Set(),
    now: NOON,
    ...own,
  });
}

/** Returns the table as text, without colours; `columns` undefined: a pipe. */
export function tableOf(accounts: Account[], columns?: number, own: Partial<RowsInput> = {}): string {
  const { head, body } = renderTable(rowsOf(accounts, own), { columns, colors: false });
  return [...head, ...body].map((line) => `${line}\n`).join("");
}
