import { labelOf } from "../accounts/names.ts";
import type { Context } from "../../context.ts";
import type { Account } from "../accounts/account.ts";
import { findAccount, type Registry } from "../accounts/registry.ts";
import { type Note, UserError } from "../errors.ts";
import { checkAllowed } from "../homes/allowed.ts";
import { chooseAccount } from "../selectors/ask.ts";
import { ASKING, changeState } from "../state/change.ts";
import type { State } from "../state/state.ts";
import { finishRefreshes } from "../usage/refreshing.ts";

/** A default account that has been changed; `note` is what to say of Codex's background server, which keeps the login it started with. */
export interface Switched {
  account: Account;
  label: string;
  state: Pick<State, "registry" | "loggedOut">;
  note: Note | undefined;
}

/** Makes another account the default: the selected one, or the previous one for `-`. Throws UserError when it cannot be. */
export async function switchDefault(ctx: Context, selector: string | undefined): Promise<Switched> {
  await finishRefreshes(ctx, [ctx.layout.auth]);
  const switched = await changeState(ctx, ASKING, async (store) => {
    const account = selector === "-" ? previous(store.registry) : chooseAccount(ctx, store.registry, selector);
    checkAllowed(ctx, store.registry, account, { as: "default", directory: undefined });
    await store.setDefault(account);
    return { account: findAccount(store.registry, account.account_key) ?? account, state: store };
  });
  const label = labelOf(switched.state.registry, switched.account);
  return { ...switched, label, note: await restartServer(ctx, label) };
}

/** Restarts Codex's background server of the base home, which keeps the login it started with; returns what to say of it. */
export async function restartServer({ codex, layout }: Context, label: string): Promise<Note | undefined> {
  return noteOn(await codex.restartServer(layout.base), label);
}

function previous(registry: Registry): Account {
  const account = findAccount(registry, registry.previous_active_account_key);
  if (account) return account;
  throw new UserError("there is no previous default account", {
    hint: "codex-auth switch SELECTOR",
    code: "account_not_found",
  });
}

function noteOn(server: "none" | "restarted" | "failed", label: string): Switched["note"] {
  if (server === "restarted") return { message: "Codex's background server was restarted with the new login" };
  if (server === "none") return undefined;
  return {
    message: `Codex's background server may still be logged in as before ${label}`,
    hint: "codex app-server daemon restart",
  };
}
