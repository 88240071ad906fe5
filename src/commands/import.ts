import { resolve } from "node:path";
import { labelOf } from "../core/account.ts";
import { changeState, CREATING } from "../core/change.ts";
import { identify, isCredential, parseCredential } from "../core/credential.ts";
import { UserError } from "../core/errors.ts";
import { putAccount } from "../core/registry.ts";
import { checkAlias } from "../core/selectors.ts";
import { loadRegistry } from "../core/state.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    path: { type: "positional", description: "an auth.json" },
    alias: { type: "string", description: "name the account", valueHint: "ALIAS" },
  },
  examples: ["codex-auth import ~/Downloads/auth.json --alias work"],
  async run(ctx, { path, alias }) {
    const file = resolve(ctx.cwd ?? "/", path);
    const credential = parseCredential(ctx.files.read(file) ?? "");
    if (!isCredential(credential)) throw new UserError(`${path}: ${credential}`, { hint: "give an auth.json" });
    const known = identify(credential, loadRegistry(ctx).accounts, new Map()) !== undefined;
    const identity =
      credential.kind === "apikey" && !known
        ? await ctx.openai.me(credential.apiKey, { timeoutMs: 5000, retries: 2 }).catch((error) => {
            const reason = error.status === 401 ? "InvalidApiKey" : "IdentityUnavailable";
            throw new UserError(`${path}: ${reason}`, { hint: "check the key, and that OpenAI can be reached" });
          })
        : undefined;
    await changeState(ctx, CREATING, async (store) => {
      const { account, isNew } = await store.adopt(credential, ctx.files.mtimeMs(file) ?? 0, identity);
      if (alias !== undefined) {
        store.registry = putAccount(store.registry, {
          ...account,
          alias: checkAlias(store.registry, alias, account.account_key),
        });
      }
      ctx.terminal.out(`  ${isNew ? "imported" : "updated "}  ${labelOf(account)}\n`);
    });
  },
});
