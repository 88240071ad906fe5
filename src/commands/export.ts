import { labelOf, nameAccounts } from "../core/accounts/names.ts";
import { join } from "node:path";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { type Account, fileKeyOf } from "../core/accounts/account.ts";
import { readCredential } from "../core/accounts/auth-file.ts";
import { credentialPath } from "../core/base/layout.ts";
import { accountDocuments, type DocumentInput, documentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import { UserError } from "../core/errors.ts";
import { asWord } from "../core/printable.ts";
import { guess, noAccounts } from "../core/selectors/refuse.ts";
import { pathFromHere } from "../core/here/directory.ts";
import { askEach, chooseAccounts } from "../core/selectors/ask.ts";
import { resolveSelector } from "../core/selectors/match.ts";
import { loadRegistry } from "../core/state/state.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { cpaFile, freeName } from "./export/files.ts";
import { writeManifest } from "./export/manifest.ts";

export default defineVerb({
  args: {
    to: {
      type: "string",
      description: "the directory (default: accounts/backup in the base home)",
      valueHint: "DIR",
      offers: "directories",
    },
    cpa: { type: "boolean", description: "write token files for CLIProxyAPI" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  rest: {
    name: "selector",
    description: "only these accounts (default: all); a single word that names no account is the directory",
    offers: "accounts",
  },
  examples: [
    "codex-auth export --to ~/backup",
    "codex-auth export work alice@example.com --to ~/backup",
    "codex-auth export --cpa --to ~/.cli-proxy-api",
  ],
  async run(ctx, { to, cpa, json, _: words }) {
    const { directory, selectors } = placeAndAccounts(ctx, to, words);
    const exported = await exportAccounts(ctx, directory, await askEach(ctx, selectors, { json }), cpa);
    if (json) ctx.terminal.write(renderDocument(exportDocument(exported)));
    else reportExport(ctx, exported);
    // who names an account means that one: nobody shall go on as if it had been exported
    const hasFailed = ({ file }: ExportOutcome) => file === null;
    return selectors.length > 0 ? +exported.outcomes.some(hasFailed) : +exported.outcomes.every(hasFailed);
  },
});

/**
 * A single word that names no account, or a directory that is there, is the directory: so it is in the older tool. Throws UserError for what looks
 * like a slip, as every login would lie in a directory of that name.
 */
function placeAndAccounts(ctx: Context, to: string | undefined, words: readonly string[]) {
  const [only] = words;
  if (to !== undefined || only === undefined || words.length > 1) return { directory: to, selectors: words };
  const place = { directory: only, selectors: [] };
  const there = ctx.cwd === undefined ? undefined : ctx.files.physical(pathFromHere(ctx, only));
  if (there !== undefined && ctx.files.entry(there)?.kind === "directory") return place;
  const accounts = nameAccounts(loadRegistry(ctx));
  const { status, isExact } = resolveSelector(accounts, only);
  const isPath = only === "" || /^[.~]|\//.test(only);
  if (status !== "not_found" && (isExact || !isPath)) return { directory: undefined, selectors: words };
  if (isPath) return place;
  const meant = guess(accounts, only);
  if (meant === "" && !/^\d+$/.test(only)) return place;
  const hint = `codex-auth list, or to a new directory: codex-auth export --to ${asWord(only)}`;
  throw new UserError(`"${only}" is no account${meant}`, { hint, code: "account_not_found" });
}

/** What became of an account's credential: the name of its file, or why there is none. */
interface ExportOutcome {
  account: Account;
  file: string | null;
  /** MissingAuth: it is logged out; NoChatgptLogin: CLIProxyAPI has no use for an API key. */
  reason: "MissingAuth" | "NoChatgptLogin" | null;
}

/** What became of an export. */
interface Exported {
  directory: string;
  outcomes: ExportOutcome[];
  input: DocumentInput;
}

/**
 * Writes credentials out, 0600 each; a file that is there is only replaced by the same account's. Without a directory: to `accounts/backup`, as
 * the older tool.
 */
async function exportAccounts(
  ctx: Context,
  directory: string | undefined,
  selectors: readonly string[],
  cpa: boolean,
): Promise<Exported> {
  const { files, layout } = ctx;
  const target = pathFromHere(ctx, directory ?? join(layout.accounts, "backup"));
  checkOutside(ctx, target);
  return await changeState(ctx, ASKING, (store) => {
    const { registry } = store;
    const input = documentInput(ctx, { registry, loggedOut: new Set(store.loggedOut) });
    const accounts = selectors.length === 0 ? registry.accounts : chooseAccounts(ctx, registry, selectors);
    if (accounts.length === 0) throw noAccounts();
    makeTarget(files, target);
    const outcomes = accounts.map((account) => exportAccount(ctx, target, account, cpa));
    if (!cpa) writeManifest(ctx, target, accounts);
    return { directory: target, input, outcomes };
  });
}

/** Throws UserError for a directory of the live credentials, or of ours: what lies there means something. */
function checkOutside({ files, layout }: Context, target: string): void {
  const physical = files.physical(target) ?? target;
  const ours = files.physical(layout.ours) ?? layout.ours;
  const isLive = physical === files.physical(layout.accounts);
  if (!isLive && physical !== ours && !physical.startsWith(`${ours}/`)) return;
  const why = isLive ? "is where the live credentials are" : "belongs to codex-auth";
  throw new UserError(`${target} ${why}`, { hint: "export to another directory", exitCode: 2 });
}

function makeTarget(files: Context["files"], target: string): void {
  try {
    files.makeDirectory(target);
  } catch (error) {
    throw new UserError(`${target} cannot be made, or is no directory${wordsOf(error)}`, {
      hint: "codex-auth export --to another directory",
    });
  }
}

/** Returns what the system says of a failure, as in `ENOENT: no such file or directory, mkdir '/x'`. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? /^E\w+: ([^,]+),/.exec(error.message)?.[1] : undefined;
  return words === undefined ? "" : `: ${words}`;
}

function exportAccount({ files, layout }: Context, directory: string, account: Account, cpa: boolean): ExportOutcome {
  const credential = readCredential(files, credentialPath(layout, fileKeyOf(account.account_key)));
  if (!credential) return { account, file: null, reason: "MissingAuth" };
  const exported = cpa
    ? cpaFile(credential)
    : { stem: fileKeyOf(account.account_key), end: ".auth.json", text: credential.text };
  if (exported === undefined) return { account, file: null, reason: "NoChatgptLogin" };
  const file = freeName(files, directory, exported, credential);
  files.write(join(directory, file), exported.text);
  return { account, file, reason: null };
}

/** Says what became of an export. */
function reportExport({ terminal, log }: Pick<Context, "terminal" | "log">, exported: Exported): void {
  const { directory, outcomes, input } = exported;
  for (const { account, file, reason } of outcomes) {
    if (reason !== null) log.log(`  skipped   ${labelOf(input.registry, account)}: ${reason}`);
    else terminal.out(`  exported  ${labelOf(input.registry, account)}: ${file}\n`);
  }
  const written = outcomes.filter(({ file }) => file !== null).length;
  terminal.out(`Export Summary: ${written} exported, ${outcomes.length - written} skipped (to ${directory})\n`);
}

/** Returns the JSON document of an export. */
function exportDocument({ directory, outcomes, input }: Exported) {
  const document = accountDocuments(input);
  const exported = outcomes.map(({ account, file, reason }) => ({ account: document(account), file, reason }));
  return { command: "export", directory, exported };
}
