import { asWord } from "../printable.ts";
import type { HomeSlot, Slot } from "./disk.ts";

// An auth.json that is gone: `codex logout` took it away, and the login is revoked; or it was only deleted, and the login is as good as before.

/** How long a `codex logout` may take: it asks the server to revoke the login. */
const LOGOUT_MS = 30_000;

/** Whether nothing says that Codex took a home's auth.json away: no Codex had started just before. Where Codex leaves no trace of its starts, it did. */
export function wasOnlyDeleted({ changedMs, startedMs }: Slot): boolean {
  return startedMs !== undefined && (changedMs < startedMs || changedMs - startedMs > LOGOUT_MS);
}

/** Returns what to say, once, of a login whose auth.json was only deleted, and how to have it back. */
export function tellDeleted(slot: Slot | HomeSlot, label: string): string[] {
  const isHome = "shownMs" in slot;
  if (isHome && slot.shownMs > slot.changedMs) return [];
  const [what, command] = isHome ? [`the home of ${label}`, "pin"] : [label, "switch"];
  return [`auth.json of ${what} was deleted, not logged out: to have it back: codex-auth ${command} ${asWord(label)}`];
}

/** Returns what to say of an account that somebody logged out; takes the path of its backup. */
export function tellLogout(label: string, backup: string): string {
  return `${label} is logged out; try: codex-auth login, or if auth.json was only deleted: codex-auth import ${asWord(backup)}`;
}
