import type { Context } from "../../context.ts";
import {
  type ApiKeyCredential,
  identify,
  type Identity,
  isCredential,
  parseCredential,
  renderApiKeyFile,
} from "../../core/accounts/credential.ts";
import { UserError } from "../../core/errors.ts";
import { secretView } from "../../core/selectors/secret.ts";
import { loadRegistry } from "../../core/state/state.ts";

const ASK = { timeoutMs: 5000, retries: 2 };

/** Reads an API key from standard input, or asks for it on the terminal without showing it. Throws UserError for what is none. */
export async function readApiKey({ terminal }: Pick<Context, "terminal">): Promise<ApiKeyCredential> {
  const isAsked = terminal.tty.in && terminal.tty.err;
  const secret = isAsked
    ? (await terminal.interact(secretView("API key (not shown): ")))?.secret
    : await terminal.readInput();
  if (isAsked && !secret) throw new UserError("broken off; nothing has changed", { exitCode: 130, code: "cancelled" });
  const credential = parseCredential(renderApiKeyFile(secret?.trim() ?? ""));
  if (isCredential(credential) && credential.kind === "apikey") return credential;
  throw new UserError("that is no API key", { hint: "an API key is one word, like sk-…" });
}

/** Asks whose an API key is; returns undefined when a record knows it already. Throws UserError when OpenAI refuses it or can't be asked. */
export async function ownerOfKey(ctx: Context, key: ApiKeyCredential): Promise<Identity | undefined> {
  if (identify(key, loadRegistry(ctx).accounts, new Map()) !== undefined) return undefined;
  try {
    return await ctx.openai.me(key.apiKey, ASK);
  } catch (error) {
    const isRefused = error instanceof Error && "status" in error && error.status === 401;
    if (isRefused)
      throw new UserError("InvalidApiKey: OpenAI refused the key", {
        hint: "check that the key is whole and not revoked",
      });
    const why = error instanceof Error && "why" in error ? `: ${error.why}` : "";
    throw new UserError(`IdentityUnavailable: OpenAI could not be asked whose the key is${why}`, {
      hint: "try again when it can be reached",
    });
  }
}
