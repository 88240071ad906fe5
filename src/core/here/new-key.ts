import type { Context } from "../../context.ts";
import { isUnverified, UNVERIFIED } from "../accounts/account.ts";
import {
  type ApiKeyCredential,
  identify,
  type Identity,
  isCredential,
  parseCredential,
  renderApiKeyFile,
} from "../accounts/credential.ts";
import { UserError } from "../errors.ts";
import { secretView } from "../selectors/secret.ts";
import { loadRegistry } from "../state/state.ts";

const ASK = { timeoutMs: 5000, retries: 2 };

/** Reads an API key from standard input, or asks for it (`what`) on the terminal without showing it. Throws UserError for what is none. */
export async function readApiKey({ terminal }: Pick<Context, "terminal">, what = "API key"): Promise<ApiKeyCredential> {
  const isAsked = terminal.tty.in && terminal.tty.err;
  const secret = isAsked
    ? (await terminal.interact(secretView(`${what} (not shown): `)))?.secret
    : await terminal.readInput();
  if (isAsked && !secret) throw new UserError("broken off; nothing has changed", { exitCode: 130, code: "cancelled" });
  const credential = parseCredential(renderApiKeyFile(secret?.trim() ?? ""));
  if (isCredential(credential) && credential.kind === "apikey") return credential;
  throw new UserError("that is no API key", { hint: "an API key is one word, like sk-…" });
}

/** Lets a key through whose owner OpenAI does not tell: the flag that does so, and whether it was given. */
export interface Unverified {
  flag: "--unverified" | "--force";
  isGiven: boolean;
}

/** Asks whose an API key is; returns undefined when a record knows it already. Throws UserError when OpenAI refuses it or can't be asked. */
export async function ownerOfKey(
  ctx: Context,
  key: ApiKeyCredential,
  unverified: Unverified,
): Promise<Identity | undefined> {
  const { accounts } = loadRegistry(ctx);
  const known = accounts.find((account) => account.account_key === identify(key, accounts, new Map()));
  if (known && !isUnverified(known)) return undefined;
  return await askOwner(ctx, key, known ? { ...unverified, isGiven: true } : unverified);
}

/** Asks whose an API key is. Throws UserError when OpenAI refuses it, does not tell, or can't be asked. */
export async function askOwner(
  { openai }: Pick<Context, "openai">,
  { apiKey }: ApiKeyCredential,
  { flag, isGiven }: Unverified,
): Promise<Identity> {
  try {
    return await openai.me(apiKey, ASK);
  } catch (error) {
    const status = error instanceof Error && "status" in error ? error.status : null;
    const isRestricted = status === 403 || status === 404;
    if (isRestricted && isGiven) return { id: UNVERIFIED, email: "" };
    if (status === 401)
      throw new UserError("InvalidApiKey: OpenAI refused the key", {
        hint: "check that the key is whole and not revoked",
      });
    const why = error instanceof Error && "why" in error ? `: ${error.why}` : "";
    throw new UserError(`IdentityUnavailable: OpenAI could not be asked whose the key is${why}`, {
      hint: isRestricted ? `if the key is a restricted one: ${flag}` : "try again when it can be reached",
    });
  }
}
