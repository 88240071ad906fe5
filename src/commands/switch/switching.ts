import type { Context } from "../../context.ts";
import { type Account, labelOf } from "../../core/accounts/account.ts";
import { checkAllowed } from "../../core/homes/allowed.ts";
import { ASKING, changeState } from "../../core/state/change.ts";
import { askWhich, chooseAccount } from "../../core/selectors/choose.ts";
import { isCredential, parseCredential } from "../../core/accounts/credential.ts";
import { UserError } from "../../core/errors.ts";
import { findAccount, type Registry } from "../../core/accounts/registry.ts";
import type { State } from "../../core/state/state.ts";

/** What became of a switch: the account that is the default now, and of Codex's background server, which keeps the login it started with. */
export interface Switched {
  account: Account;
  state: Pick<State, "registry" | "loggedOut">;
  server: "none" | "restarted" | "failed";
}

/** Makes another account the default: the selected one, the previous one for `-`, or one that is asked for. Throws UserError when it cannot be. */
export async function switchAccount(
  ctx: Context,
  selector: string | undefined,
  { json = false } = {},
): Promise<Switched> {
  const which = selector === "-" ? selector : await askWhich(ctx, selector, { json });
  await finishRefresh(ctx);
  const switched = await changeState(ctx, ASKING, async (store) => {
    const account = which === "-" ? previous(store.registry) : chooseAccount(ctx, store.registry, which);
    checkAllowed(ctx, account);
    await store.setDefault(account);
    return { account: findAccount(store.registry, account.account_key) ?? account, state: store };
  });
  return { ...switched, server: await ctx.codex.restartServer(ctx.layout.base) };
}

/**
 * A Codex that refreshes the login of the base home just now would drop the new tokens when it finds another login there, and the old ones
 * are used up. So when that login has expired, Codex refreshes it first; is it refused, then another one may be at it, and is waited for.
 */
async function finishRefresh({ codex, files, layout, now, sleep }: Context): Promise<void> {
  const isExpired = () => {
    const credential = parseCredential(files.read(layout.auth) ?? "");
    if (!isCredential(credential) || credential.kind !== "chatgpt" || credential.expiresAt === null) return false;
    return credential.expiresAt * 1000 <= now();
  };
  const program = codex.find();
  if (program === undefined || !isExpired()) return;
  const request = { program, codexHome: layout.base, sqliteHome: undefined, limitMs: REFRESH_LIMIT_MS };
  await codex.readRateLimits(request).catch(() => {});
  for (const end = now() + OTHERS_LIMIT_MS; isExpired() && now() < end;) await sleep(50);
}

const REFRESH_LIMIT_MS = 5000;
const OTHERS_LIMIT_MS = 2000;

function previous(registry: Registry): Account {
  const account = findAccount(registry, registry.previous_active_account_key);
  if (account) return account;
  throw new UserError("there is no previous default account", {
    hint: "codex-auth switch SELECTOR",
    code: "account_not_found",
  });
}

/** Returns what to say of the background server, if anything. */
export function serverNote({ server, account }: Switched): string | undefined {
  if (server === "restarted") return "Codex's background server was restarted with the new login";
  if (server === "failed")
    return `Codex's background server may still be logged in as before ${labelOf(account)}; try: codex app-server daemon restart`;
  return undefined;
}
