import { nameAccounts } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import { documentInput, accountDocuments, type DocumentInput } from "../core/documents/accounts.ts";
import { renderDocument } from "../core/documents/render.ts";
import { UserError } from "../core/errors.ts";
import { refreshedListing, renderListing, saveListing } from "./list/listing.ts";
import { runLive } from "./list/live-run.ts";

export default defineVerb({
  args: {
    active: { type: "boolean", description: "refresh only the account that is active here" },
    "skip-api": { type: "boolean", description: "ask nobody; read what Codex's own sessions tell" },
    api: { type: "boolean", description: "ask OpenAI, as it does anyway" },
    live: { type: "boolean", description: "fill the terminal, and refresh again and again" },
    json: { type: "boolean", description: "print a JSON document" },
  },
  notes: [
    "`*` marks the default account, `>` the one that is active in this directory, where that is another.",
    "A percentage is what is left of a limit, and when it starts anew; API keys have none.",
    "`88% TimedOut` (`88%!` on a narrow terminal) is the last that is known: asking has failed.",
  ],
  examples: ["codex-auth list", "codex-auth list --live", "codex-auth list --skip-api", "codex-auth list --json"],
  async run(ctx, args) {
    const { active: activeOnly, "skip-api": skipApi, live, json } = args;
    const { terminal } = ctx;
    if (live && json) throw new UserError("--live and --json exclude each other", { exitCode: 2 });
    if (args.api && skipApi) throw new UserError("--api and --skip-api exclude each other", { exitCode: 2 });
    if (live) return await runLive(ctx, { activeOnly, skipApi });
    const listing = await refreshedListing(ctx, { activeOnly, skipApi, progress: terminal.progress });
    const { state, views, notes } = listing;
    terminal.write(
      json
        ? renderDocument(listDocument({ ...documentInput(ctx, state), views }))
        : renderListing(listing, { columns: terminal.columns, colors: terminal.colors }, ctx.now()),
    );
    const unsaved = await saveListing(ctx, listing);
    for (const note of [...notes, unsaved ?? []].flat()) ctx.log.info(note);
    return 0;
  },
});

/** Returns the document of `list`: all accounts in the table's order. */
export function listDocument(input: DocumentInput) {
  const accounts = nameAccounts(input.registry).map(({ account }) => account);
  return {
    command: "list",
    active_account_key: input.registry.active_account_key,
    accounts: accounts.map(accountDocuments(input)),
  };
}
