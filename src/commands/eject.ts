import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { homeIdOf } from "../core/accounts/account.ts";
import { listPins } from "../core/active/pins.ts";
import { keptPaths } from "../core/base/kept.ts";
import { listShims, removeShims } from "../core/base/shims.ts";
import { homePath } from "../core/base/layout.ts";
import { UserError } from "../core/errors.ts";
import { authPath, codexLocks, holdCodexLocks } from "../core/reconcile/execute.ts";
import { canAsk, confirm } from "../core/selectors/confirm.ts";
import { ASKING, changeState } from "../core/state/change.ts";
import { loadRegistry } from "../core/state/state.ts";
import { authPaths } from "../core/state/synced.ts";
import { finishRefreshes } from "../core/usage/refreshing.ts";
import { underOurLock } from "../core/state/our-lock.ts";
import { rewriteSessions } from "./eject/sessions.ts";
import { keepLogins, removeOurs } from "./eject/state.ts";

// auth.json becomes a plain file with the default account's login, the account homes and all state of ours go. `accounts/` stays, in the format
// of the older tool, and so does what is nowhere else. Sessions stay resumable: Codex's database is told their paths in the base home.
export default defineVerb({
  args: { yes: { type: "boolean", alias: "y", description: "do not ask" } },
  examples: ["codex-auth eject"],
  async run(ctx, { yes }) {
    const { files, layout, codex, log, terminal } = ctx;
    if (files.names(layout.ours).every((name) => name === "kept"))
      throw new UserError(`${layout.base} has nothing of codex-auth: nothing is left to do`);
    if (!yes && canAsk(ctx)) await askForPins(ctx);
    await finishRefreshes(ctx, authPaths(ctx.layout, loadRegistry(ctx)));
    await changeState(ctx, ASKING, async (store) => {
      for (const { account_key: key } of store.registry.accounts)
        await codex.endServers(homePath(layout, homeIdOf(key)));
    });
    await underOurLock(ctx, async () => {
      keepLogins(ctx);
      await holdCodexLocks(ctx, codexLocks(layout, { homes: [] }, [], ["base"]), () => plainLogin(ctx));
      const shims = listShims(ctx);
      removeShims(ctx, shims);
      for (const path of shims) log.info(`removed the shim ${path}`);
      const count = await rewriteSessions(ctx);
      for (const path of await removeOurs(ctx)) log.info(`kept, because it is nowhere else: ${path}`);
      const sessions = count === 1 ? "1 session" : `${count} sessions`;
      if (count > 0) log.info(`${sessions} of account homes can be resumed from ${layout.base}`);
    });
    if (keptPaths(ctx).length > 0) log.info(`logins that are nowhere else stay in ${layout.kept}`);
    terminal.out(`${layout.base} is as Codex alone would have it; the logins stay in ${layout.accounts}\n`);
    log.info({
      message: "where your shell's start file has the line, take it out, then open a new terminal",
      hint: "codex-auth setup --remove",
    });
  },
});

/** Throws UserError unless the user lets the pins go. */
async function askForPins(ctx: Context): Promise<void> {
  const pins = listPins(ctx.files, ctx.layout);
  if (pins.length === 0) return;
  await confirm(ctx, {
    going: pins.slice(0, SHOWN).map(({ path }) => `  ${path} is pinned: the pin goes`),
    question: `Forget ${pins.length === 1 ? "this pin" : `all ${pins.length} pins`} and take codex-auth out of ${ctx.layout.base}?`,
    otherwise: "nothing has changed",
  });
}

const SHOWN = 20;

function plainLogin({ files, layout }: Context): void {
  const auth = authPath(layout, "base");
  if (files.entry(auth)?.kind !== "link") return;
  const text = files.read(auth);
  const isOurs = files.linkText(auth)?.startsWith("accounts/");
  if (text !== undefined && isOurs) files.write(auth, text);
}
