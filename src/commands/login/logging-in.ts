import { basename, join } from "node:path";
import type { Context } from "../../context.ts";
import type { Account } from "../../core/accounts/account.ts";
import { checkAllowed } from "../../core/homes/allowed.ts";
import { checkAlias } from "../../core/selectors/selectors.ts";
import { changeState, CREATING } from "../../core/state/change.ts";
import { checkChangeable } from "../../core/state/our-lock.ts";
import {
  type Credential,
  identify,
  type Identity,
  isCredential,
  parseCredential,
  renderApiKeyFile,
} from "../../core/accounts/credential.ts";
import { UserError } from "../../core/errors.ts";
import { runStep } from "../../core/reconcile/execute.ts";
import { putAccount } from "../../core/accounts/registry.ts";
import { checkBaseHome, loadRegistry } from "../../core/state/state.ts";
import type { Store } from "../../core/state/store.ts";

/** What becomes of a login. */
export interface LoginOptions {
  alias: string | undefined;
  /** The physical directory to pin to the account; without one the account becomes the default. */
  pin: string | undefined;
}

const ASK = { timeoutMs: 5000, retries: 2 };

/** Runs `codex login` in a scratch home and takes the result over. Throws UserError when it was broken off: then nothing has changed. */
export async function loginWithCodex(ctx: Context, deviceAuth: boolean, options: LoginOptions): Promise<Account> {
  const { files, layout, codex } = ctx;
  const program = codex.find();
  if (program === undefined) throw new UserError("there is no codex on PATH", { hint: "npm install -g @openai/codex" });
  checkOptions(ctx, options);
  const isNew = [layout.ours, layout.base].filter((path) => files.entry(path) === undefined);
  checkChangeable(ctx); // before anybody logs in for nothing
  const scratch = join(layout.ours, `login-${crypto.getRandomValues(new Uint8Array(6)).toHex()}`);
  files.makeDirectory(scratch);
  try {
    const credential = await runLogin(ctx, program, scratch, deviceAuth);
    return await takeUp(ctx, credential, undefined, options).catch((error) => {
      // a login is never lost: the next sync takes it up
      runStep(ctx, { do: "park", keyHash: basename(scratch), text: credential.text });
      throw error;
    });
  } finally {
    files.removeTree(scratch);
    for (const path of isNew) files.removeEmpty(path);
  }
}

async function runLogin(ctx: Context, program: string, scratch: string, deviceAuth: boolean): Promise<Credential> {
  const { files, layout, codex, env } = ctx;
  files.link(layout.config, join(scratch, "config.toml"));
  const issuer = env.CODEX_AUTH_ISSUER_URL;
  const flags = [deviceAuth ? "--device-auth" : [], issuer ? ["--experimental_issuer", issuer] : []].flat();
  const code = await codex.run(program, ["login", "-c", 'cli_auth_credentials_store="file"', ...flags], scratch);
  const text = files.read(join(scratch, "auth.json"));
  if (code !== 0 || text === undefined) {
    throw new UserError("codex login was broken off; nothing has changed", { hint: "codex-auth login" });
  }
  const credential = parseCredential(text);
  if (isCredential(credential)) return credential;
  throw new UserError(`codex login left a login that codex-auth does not know: ${credential}`, { hint: "codex login" });
}

/** Before anybody goes to a browser: what would be refused afterwards. */
function checkOptions(ctx: Context, { alias }: LoginOptions): void {
  checkBaseHome(ctx);
  if (alias !== undefined) checkAlias(loadRegistry(ctx), alias, undefined);
}

/** Takes an API key over, after asking whose it is. Throws UserError when OpenAI refuses it or can't be asked: then nothing has changed. */
export async function loginWithApiKey(ctx: Context, apiKey: string, options: LoginOptions): Promise<Account> {
  checkChangeable(ctx);
  const credential = parseCredential(renderApiKeyFile(apiKey));
  if (!isCredential(credential))
    throw new UserError("that is no API key", { hint: "an API key is one word, like sk-…" });
  return await takeUp(ctx, credential, await ownerOf(ctx, credential), options);
}

/** Returns an API key's owner; undefined when a record knows the key already. */
async function ownerOf(ctx: Context, credential: Credential): Promise<Identity | undefined> {
  if (credential.kind !== "apikey" || identify(credential, loadRegistry(ctx).accounts, new Map()) !== undefined)
    return undefined;
  try {
    return await ctx.openai.me(credential.apiKey, ASK);
  } catch (error) {
    const refused = error instanceof Error && "status" in error && error.status === 401;
    if (refused)
      throw new UserError("InvalidApiKey: OpenAI refused the key", {
        hint: "check that the key is whole and not revoked",
      });
    throw new UserError("IdentityUnavailable: OpenAI could not be asked whose the key is", {
      hint: "try again when it can be reached",
    });
  }
}

async function takeUp(
  ctx: Context,
  credential: Credential,
  identity: Identity | undefined,
  options: LoginOptions,
): Promise<Account> {
  return await changeState(ctx, CREATING, async (store) => {
    const { account } = await store.adopt(credential, ctx.now(), identity);
    const { alias } = options;
    // the login is kept whatever becomes of the alias: a second one would have to be made
    const named =
      alias === undefined ? account : { ...account, alias: checkAlias(store.registry, alias, account.account_key) };
    store.registry = putAccount(store.registry, named);
    await place(ctx, store, named, options.pin);
    return named;
  });
}

async function place(ctx: Context, store: Store, account: Account, pin: string | undefined): Promise<void> {
  checkAllowed(ctx, account);
  if (pin === undefined) return await store.setDefault(account);
  await store.needHome(account, true);
  store.pin(pin, account);
}
