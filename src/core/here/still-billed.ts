import type { Account } from "../accounts/account.ts";
import type { Active } from "../active/active.ts";
import type { BilledHere } from "./billed.ts";

/**
 * Returns what to say behind a command that makes an account the one of this directory (or the default): whom a bare `codex` here bills all the
 * same, and why. Undefined where it is that account.
 */
export function tellStillBilled(
  { active, billed }: { active: Active; billed: BilledHere },
  wanted: Account,
  setup: { line: string; file: string },
): { message: string; hint?: string } | undefined {
  const [first] = billed.overriddenBy;
  if (first) return { message: first.message, hint: first.remedy };
  if (billed.account?.account_key === wanted.account_key) return undefined;
  const message = `a bare codex in this shell still bills ${billed.label ?? "nobody"}`;
  if (!billed.follows) return { message, hint: waysToFollow(setup) };
  return active.source === "use"
    ? { message: `${message}: it is used here`, hint: "codex-auth use -" }
    : { message: `${message}: pinned in ${active.pin}` };
}

/** Returns what to say where a bare `codex` here bills another than the directory says though nothing overrides it: the hook does not run. */
export function tellUnfollowed(
  active: Active,
  billed: BilledHere,
  setup: { line: string; file: string },
): { message: string; hint: string } | undefined {
  if (billed.follows || billed.overriddenBy.length > 0) return undefined;
  if (billed.account?.account_key === active.account?.account_key && !active.missing) return undefined;
  return {
    message: `a bare codex in this shell bills ${billed.label ?? "nobody"}: the snippet does not run here`,
    hint: waysToFollow(setup),
  };
}

const waysToFollow = ({ line, file }: { line: string; file: string }) =>
  `${line} in ${file}, or codex-auth shim install, or codex-auth exec -- codex`;
