import type { Context } from "../../context.ts";
import { inPool } from "../../core/pool.ts";
import { withProgress } from "../../core/progress.ts";
import type { Identity, KeyedCredential } from "../../core/accounts/credential.ts";
import { askWhose } from "../../core/accounts/whose.ts";

/** Whose an API key is, or why that is not known: the API refused the key, or could not be asked. */
export type Owner = Identity | Refusal;

/** Why it is not known whose an API key is, also in words. */
export interface Refusal {
  reason: "InvalidApiKey" | "IdentityUnavailable";
  why: string;
  /** OpenAI knows the key, and does not tell its owner: it is a restricted one. */
  isRestricted: boolean;
}

/** What asking needs from outside. */
export interface Asking {
  openai: Pick<Context["openai"], "me" | "whoami">;
  terminal: Pick<Context["terminal"], "progress">;
}

const LIMITS = { timeoutMs: 5000, retries: 2 };
const AT_ONCE = 8;

/** Asks whose these API keys are, each once and several at a time; returns the answers by the keys' sha256. On a terminal it shows how far it is when that takes longer. */
export async function askOwners(
  { openai, terminal }: Asking,
  keys: readonly KeyedCredential[],
): Promise<Map<string, Owner>> {
  const unique = [...new Map(keys.map((key) => [key.keyHash, key])).values()];
  const owners = new Map<string, Owner>();
  const how = () => `asking OpenAI whose the API keys are: ${owners.size} of ${unique.length}`;
  const show = (text: string) => terminal.progress(text);
  await withProgress(show, how, (moved) =>
    inPool(AT_ONCE, unique, async (key) => {
      owners.set(key.keyHash, await askWhose(openai, key, LIMITS).catch(reasonOf));
      moved();
    }),
  );
  return owners;
}

function reasonOf(error: unknown): Refusal {
  const status = error instanceof Error && "status" in error ? error.status : null;
  const isRestricted = status === 403 || status === 404;
  const said = error instanceof Error && "why" in error ? String(error.why) : "OpenAI could not be asked";
  const why = isRestricted ? `${said} (to take a restricted key all the same: --unverified)` : said;
  return { reason: status === 401 ? "InvalidApiKey" : "IdentityUnavailable", why, isRestricted };
}
