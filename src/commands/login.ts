import { checkOneLine } from "../core/base/layout.ts";
import { labelOf } from "../core/accounts/names.ts";
import { defineVerb } from "../command.ts";
import type { Context } from "../context.ts";
import { isApiKey, keyHashOf } from "../core/accounts/account.ts";
import type { ApiKeyCredential } from "../core/accounts/credential.ts";
import type { Registry } from "../core/accounts/registry.ts";
import { UserError } from "../core/errors.ts";
import { inQuotes } from "../core/printable.ts";
import { aliasedAs, checkAliasText } from "../core/selectors/alias.ts";
import { checkChangeable } from "../core/state/our-lock.ts";
import { checkBaseHome, loadRegistry } from "../core/state/state.ts";
import { addAccount, type Added, type Options, report } from "./login/add.ts";
import { loginWithCodex } from "./login/from-codex.ts";
import { ownerOfKey, readAccessToken, readApiKey } from "../core/here/new-key.ts";

export default defineVerb({
  args: {
    "device-auth": { type: "boolean", description: "log in with a code on another device" },
    "with-api-key": {
      type: "boolean",
      description: "add an API key: from standard input, or typed without being shown",
    },
    "with-access-token": {
      type: "boolean",
      description: "add a personal access token: from standard input, or typed without being shown",
    },
    unverified: {
      type: "boolean",
      description: "take a restricted API key too, whose owner OpenAI does not tell (--with-api-key)",
    },
    alias: { type: "string", description: "name the account", valueHint: "ALIAS" },
    pin: { type: "boolean", description: "pin this directory to the account; the default account stays" },
  },
  examples: [
    "codex-auth login",
    "codex-auth login --device-auth --alias work",
    "printenv OPENAI_API_KEY | codex-auth login --with-api-key",
    "printenv CODEX_ACCESS_TOKEN | codex-auth login --with-access-token",
    "codex-auth login --pin",
  ],
  async run(ctx, args) {
    const ways = (["device-auth", "with-api-key", "with-access-token"] as const).filter((way) => args[way]);
    if (ways.length > 1) {
      throw new UserError(`--${ways[0]} and --${ways[1]} exclude each other`, {
        exitCode: 2,
        hint: "give one of them",
      });
    }
    if (args.unverified && !args["with-api-key"])
      throw new UserError("--unverified is for --with-api-key", { exitCode: 2, hint: "codex-auth login --help" });
    // before anybody types a key or goes to a browser: what would be refused afterwards
    if (args.alias !== undefined) checkAliasText(args.alias);
    if (args.pin) checkOneLine(ctx.layout.base);
    const options = { alias: args.alias, pin: args.pin ? ctx.cwd : undefined };
    const added = args["with-api-key"]
      ? await addKey(ctx, args.unverified, options)
      : args["with-access-token"]
        ? await addToken(ctx, options)
        : await addLogin(ctx, args["device-auth"], options);
    await report(ctx, added, options);
  },
});

async function addKey(ctx: Context, isUnverified: boolean, options: Options): Promise<Added> {
  const key = await readApiKey(ctx);
  checkChangeable(ctx);
  if (options.alias !== undefined) checkNoOtherKey(loadRegistry(ctx), options.alias, key);
  const owner = await ownerOfKey(ctx, key, { flag: "--unverified", isGiven: isUnverified });
  return await addAccount(ctx, key, owner, options);
}

async function addToken(ctx: Context, options: Options): Promise<Added> {
  const token = await readAccessToken(ctx);
  checkChangeable(ctx);
  return await addAccount(ctx, token, await ownerOfKey(ctx, token), options);
}

/** Throws UserError when another key has the alias: whoever gives it to a new key means that this takes the other's place. */
function checkNoOtherKey(registry: Registry, alias: string, key: ApiKeyCredential): void {
  const other = aliasedAs(registry, alias);
  if (!other || !isApiKey(other) || keyHashOf(other.account_key) === key.keyHash) return;
  throw new UserError(`the alias "${other.alias}" is taken by ${labelOf(registry, other)}`, {
    hint: `to replace its key: codex-auth rotate ${inQuotes(other.alias)}; else another alias`,
  });
}

async function addLogin(ctx: Context, deviceAuth: boolean, options: Options): Promise<Added> {
  // likewise, whoever comes back
  checkBaseHome(ctx);
  return await loginWithCodex(ctx, deviceAuth, (credential) => addAccount(ctx, credential, undefined, options));
}
