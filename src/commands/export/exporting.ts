import { join, resolve } from "node:path";
import type { Context } from "../../context.ts";
import { type Account, fileKeyOf } from "../../core/accounts/account.ts";
import { ASKING, changeState } from "../../core/state/change.ts";
import { isCredential, parseCredential } from "../../core/accounts/credential.ts";
import { documentInput, accountDocuments, type DocumentInput } from "../../core/documents/accounts.ts";
import { UserError } from "../../core/errors.ts";
import { cpaFile, freeName } from "./files.ts";
import { credentialPath } from "../../core/base/layout.ts";
import { selectAccounts } from "../../core/selectors/selectors.ts";

/** What to write, and where. */
export interface ExportOptions {
  /** Default: `accounts/backup`, as the older tool. */
  directory: string | undefined;
  /** Only these; default: all. */
  selectors: readonly string[];
  /** As token files of CLIProxyAPI. */
  cpa: boolean;
}

/** What became of an account's credential: the name of its file, or why there is none. */
export interface ExportOutcome {
  account: Account;
  file: string | null;
  /** MissingAuth: it is logged out; NoChatgptLogin: CLIProxyAPI has no use for an API key. */
  reason: "MissingAuth" | "NoChatgptLogin" | null;
}

/** What became of an export. */
export interface Exported {
  directory: string;
  outcomes: ExportOutcome[];
  input: DocumentInput;
}

/** Writes credentials out, 0600 each; a file that is there is only replaced by the same account's. */
export async function exportAccounts(ctx: Context, { directory, selectors, cpa }: ExportOptions): Promise<Exported> {
  const { files, layout } = ctx;
  const target = resolve(ctx.cwd ?? "/", directory ?? join(layout.accounts, "backup"));
  if (files.physical(target) === files.physical(layout.accounts) && files.physical(target) !== undefined) {
    throw new UserError(`${target} is where the live credentials are`, {
      hint: "export to another directory",
      exitCode: 2,
    });
  }
  return await changeState(ctx, ASKING, (store) => {
    const { registry } = store;
    const input = documentInput(ctx, { registry, loggedOut: new Set(store.loggedOut) });
    const accounts =
      selectors.length === 0 ? registry.accounts : selectAccounts(registry, selectors, accountDocuments(input));
    if (accounts.length === 0) {
      throw new UserError("there are no accounts", {
        hint: "codex-auth login, or codex-auth import PATH",
        code: "account_not_found",
      });
    }
    files.makeDirectory(target);
    return { directory: target, input, outcomes: accounts.map((account) => exportAccount(ctx, target, account, cpa)) };
  });
}

function exportAccount({ files, layout }: Context, directory: string, account: Account, cpa: boolean): ExportOutcome {
  const credential = parseCredential(files.read(credentialPath(layout, fileKeyOf(account.account_key))) ?? "");
  if (!isCredential(credential)) return { account, file: null, reason: "MissingAuth" };
  const exported = cpa
    ? cpaFile(credential)
    : { stem: fileKeyOf(account.account_key), end: ".auth.json", text: credential.text };
  if (exported === undefined) return { account, file: null, reason: "NoChatgptLogin" };
  const file = freeName(files, directory, exported, credential);
  files.write(join(directory, file), exported.text);
  return { account, file, reason: null };
}
