import type { Context } from "../../context.ts";
import { isUnverified, UNVERIFIED } from "../accounts/account.ts";
import {
  type ApiKeyCredential,
  type Identity,
  isCredential,
  type KeyedCredential,
  parseCredential,
  renderApiKeyFile,
  renderTokenFile,
  type TokenCredential,
} from "../accounts/credential.ts";
import { identify } from "../accounts/record.ts";
import { askWhose } from "../accounts/whose.ts";
import { UserError } from "../errors.ts";
import { secretView } from "../selectors/secret.ts";
import { loadRegistry } from "../state/state.ts";

const ASK = { timeoutMs: 5000, retries: 2 };

/** Reads an API key from standard input, or asks for it (`what`) on the terminal without showing it. Throws UserError for what is none. */
export async function readApiKey(ctx: Pick<Context, "terminal">, what = "API key"): Promise<ApiKeyCredential> {
  const credential = parseCredential(renderApiKeyFile(await readSecret(ctx, what)));
  if (isCredential(credential) && credential.kind === "apikey") return credential;
  throw new UserError("that is no API key", { hint: "an API key is one word, like sk-…" });
}

/** Reads a personal access token likewise. */
export async function readAccessToken(ctx: Pick<Context, "terminal">): Promise<TokenCredential> {
  const secret = await readSecret(ctx, "access token");
  const credential = parseCredential(renderTokenFile(secret));
  if (secret.startsWith("at-") && isCredential(credential) && credential.kind === "token") return credential;
  // what Codex takes a JWT for
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(secret))
    throw new UserError("an agent identity is no account of codex-auth", { hint: "codex login --with-access-token" });
  throw new UserError("that is no access token", { hint: "a personal access token is one word, like at-…" });
}

async function readSecret({ terminal }: Pick<Context, "terminal">, what: string): Promise<string> {
  const isAsked = terminal.tty.in && terminal.tty.err;
  const secret = isAsked
    ? (await terminal.interact(secretView(`${what} (not shown): `)))?.secret
    : await terminal.readInput();
  if (isAsked && !secret) throw new UserError("broken off; nothing has changed", { exitCode: 130, code: "cancelled" });
  return secret?.trim() ?? "";
}

/** Lets a key through whose owner OpenAI does not tell: the flag that does so, and whether it was given. */
export interface Unverified {
  flag: "--unverified" | "--force";
  isGiven: boolean;
}

/** Asks whose a key or access token is; returns undefined when a record knows it already. Throws UserError when OpenAI refuses it or can't be asked. */
export async function ownerOfKey(
  ctx: Context,
  key: KeyedCredential,
  unverified?: Unverified,
): Promise<Identity | undefined> {
  const { accounts } = loadRegistry(ctx);
  const known = accounts.find((account) => account.account_key === identify(key, accounts, new Map()));
  if (known && !isUnverified(known)) return undefined;
  return await askOwner(ctx, key, known && unverified ? { ...unverified, isGiven: true } : unverified);
}

/** Asks whose a key or access token is. Throws UserError when OpenAI refuses it, does not tell, or can't be asked. */
export async function askOwner(
  { openai }: Pick<Context, "openai">,
  credential: KeyedCredential,
  unverified?: Unverified,
): Promise<Identity> {
  try {
    return await askWhose(openai, credential, ASK);
  } catch (error) {
    const status = error instanceof Error && "status" in error ? error.status : null;
    const isRestricted = status === 403 || status === 404;
    if (isRestricted && unverified?.isGiven) return { id: UNVERIFIED, email: "" };
    const what = credential.kind === "token" ? "access token" : "key";
    if (status === 401)
      throw new UserError(`InvalidApiKey: OpenAI refused the ${what}`, {
        hint: `check that the ${what} is whole and not revoked`,
      });
    const why = error instanceof Error && "why" in error ? `: ${error.why}` : "";
    throw new UserError(`IdentityUnavailable: OpenAI could not be asked whose the ${what} is${why}`, {
      hint:
        isRestricted && unverified
          ? `if the key is a restricted one: ${unverified.flag}`
          : "again when it can be reached",
    });
  }
}
