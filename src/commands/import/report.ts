import { labelOf, nameAccounts, numberText } from "../../core/accounts/names.ts";
import type { Context } from "../../context.ts";
import { type Account, isApiKey } from "../../core/accounts/account.ts";
import { accountDocuments } from "../../core/documents/accounts.ts";
import { UserError } from "../../core/errors.ts";
import type { Imported, Outcome } from "./adopt.ts";
import { findAccount } from "../../core/accounts/registry.ts";
import { asWord } from "../../core/printable.ts";

const KEPT = { same: "already here", older: "older than the login that is here, which stays" };

const NOTHING = "there is no credential in it";

/** Says what became of an import. Source of the lines: Loongphy's codex-auth. */
export function reportImport({ terminal, log }: Pick<Context, "terminal" | "log">, imported: Imported): void {
  const { scanned, outcomes, dropped } = imported;
  if (scanned === undefined && outcomes.length === 0) return void log.warn(NOTHING);
  if (scanned !== undefined) terminal.out(`Scanning ${scanned}...\n`);
  for (const { name, status, reason, why } of outcomes) {
    if (status === "skipped") log.log(`  skipped   ${name}: ${reason}${why === undefined ? "" : `: ${why}`}`);
    else terminal.out(`  ${status.padEnd(8)}  ${name}\n`);
  }
  for (const outcome of outcomes) tellWhose(log, outcome, imported.after);
  for (const outcome of outcomes) tellSecondCopy(log, outcome, imported.after);
  for (const { label } of dropped) log.log(`  dropped   ${label}: no credential was found`);
  if (scanned !== undefined) terminal.out(`${summary(outcomes)}\n`);
  if (imported.needsDefault)
    log.info({ message: "there is no default account", hint: `codex-auth switch${defaultSelector(imported)}` });
}

function tellWhose(log: Context["log"], { name, accountKey, kept }: Outcome, after: Imported["after"]): void {
  const account = after && findAccount(after.registry, accountKey);
  if (account) log.log(`  ${name} is ${labelOf(after.registry, account)}`);
  if (kept !== null) log.log(`  ${name} is ${KEPT[kept]}`);
}

/** A refresh token is good once: with two live copies of a login whoever refreshes second is logged out. */
function tellSecondCopy(log: Context["log"], { home, accountKey }: Outcome, after: Imported["after"]): void {
  const account = after && findAccount(after.registry, accountKey);
  if (!home || !account || isApiKey(account)) return;
  log.warn({
    message: `the login of ${labelOf(after.registry, account)} lives in ${home.path} too: the first of the two to refresh it logs the other out`,
    hint: `rm ${asWord(home.path)}, and use it through codex-auth`,
  });
}

function summary(outcomes: readonly Outcome[]): string {
  const count = (status: Outcome["status"]) => outcomes.filter((outcome) => outcome.status === status).length;
  const files = `${outcomes.length} ${outcomes.length === 1 ? "file" : "files"}`;
  return `Import Summary: ${count("imported")} imported, ${count("updated")} updated, ${count("skipped")} skipped (total ${files})`;
}

/** Returns the number of the account to switch to, when only one comes into question. */
function defaultSelector({ after, outcomes }: Imported): string {
  const keys = new Set(outcomes.flatMap(({ accountKey }) => accountKey ?? []));
  const shown = after ? nameAccounts(after.registry).filter(({ account }) => keys.has(account.account_key)) : [];
  const [only] = shown;
  return shown.length === 1 && only ? ` ${numberText(only.number)}` : "";
}

/** Whether an import as a whole has failed: nothing of what was named by itself could be taken. What a folder skips is no failure. */
export const hasFailed = ({ scanned, outcomes }: Imported) =>
  scanned === undefined && outcomes.every(({ status }) => status === "skipped");

/** Whether nothing of a file that was named by itself could be taken, alone or among others: who goes on as if it had been would lose it. */
export function lacksNamed(imported: Imported): boolean {
  const files = Map.groupBy(imported.outcomes, ({ named }) => named);
  files.delete(undefined);
  return [...files.values()].some((ofFile) => ofFile.every(({ status }) => status === "skipped"));
}

/** Returns the JSON document of an import. Throws UserError with the reasons when it failed as a whole. */
export function importDocument(imported: Imported) {
  const { scanned, outcomes, after } = imported;
  if (hasFailed(imported)) {
    const [first] = outcomes;
    const message = first ? [first.name, first.reason, first.why ?? []].flat().join(": ") : NOTHING;
    throw new UserError(message, {
      code: "failed",
      details: { results: outcomes.map(({ name, reason }) => ({ name, status: "skipped", reason })) },
    });
  }
  const document = after && accountDocuments(after);
  const accountOf = (key: string | null): Account | undefined => after && findAccount(after.registry, key);
  const results = outcomes.map(({ name, status, reason, accountKey, kept }) => {
    const account = accountOf(accountKey);
    return {
      name,
      status,
      reason,
      kept_later: kept === "older",
      account: account && document ? document(account) : null,
    };
  });
  const dropped = imported.dropped.map(({ accountKey, label }) => ({ account_key: accountKey, label }));
  return { command: "import", scanned: scanned ?? null, results, dropped };
}
