import { join } from "node:path";
import type { Context } from "../../context.ts";
import type { Account } from "../../core/accounts/account.ts";
import { homeIdOf } from "../../core/accounts/account.ts";
import { listPins } from "../../core/active/pins.ts";
import { type Manifest, MANIFEST_NAME } from "../../core/accounts/manifest.ts";

/** Writes what the credentials themselves do not tell, beside them: aliases, names of workspaces, pins. Nothing of it is secret. */
export function writeManifest({ files, layout }: Context, directory: string, accounts: readonly Account[]): void {
  const pins = listPins(files, layout);
  const manifest: Manifest = {
    schema_version: 1,
    accounts: accounts.map(({ account_key, alias, account_name }) => ({
      account_key,
      alias,
      account_name,
      pins: pins.flatMap(({ path, homeId }) => (homeId === homeIdOf(account_key) ? path : [])),
    })),
  };
  files.write(join(directory, MANIFEST_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
}
