import type { Context } from "../../context.ts";
import { labelOf } from "../../core/accounts/names.ts";
import { inQuotes } from "../../core/printable.ts";
import { loadRegistry } from "../../core/state/state.ts";
import { fail, type Finding, warn } from "./finding.ts";

/** What is wrong with a registry that can be read, or is not there. */
export const registry = (ctx: Context): Finding[] => {
  const { files, layout } = ctx;
  const logins = files.names(layout.accounts).filter((name) => name.endsWith(".auth.json"));
  if (files.entry(layout.registry) === undefined)
    return logins.length === 0
      ? []
      : [fail("registry", `${layout.registry} is gone, but not the logins beside it`, "codex-auth import --purge")];
  const saved = loadRegistry(ctx);
  const byKey = Map.groupBy(saved.accounts, (account) => account.account_key);
  const byAlias = Map.groupBy(
    [...byKey.values()].flatMap((one) => one.slice(0, 1)),
    ({ alias }) => alias.toLowerCase(),
  );
  const repeated = [...byKey.values()].flatMap(([account, ...more]) =>
    account && more.length > 0 ? [{ ...saved, accounts: [account] }] : [],
  );
  const shared = [...byAlias.values()].flatMap((accounts) => {
    const [{ alias = "" } = {}] = accounts;
    return alias !== "" && accounts.length > 1 ? [{ alias, count: accounts.length }] : [];
  });
  return [
    ...repeated.map((one) =>
      warn(
        "registry",
        `the registry has ${one.accounts.map((account) => labelOf(one, account)).join()} more than once`,
        "codex-auth import --purge",
      ),
    ),
    ...shared.map(({ alias, count }) =>
      warn(
        "registry",
        `${JSON.stringify(alias)} is the alias of ${count} accounts`,
        `give one of them another, by its account key: codex-auth alias set KEY ${inQuotes(`${alias}2`)}`,
      ),
    ),
  ];
};
