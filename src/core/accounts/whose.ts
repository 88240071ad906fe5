import type { OpenAI, RequestOptions } from "../../io/openai.ts";
import type { Identity, KeyedCredential } from "./credential.ts";

/** Asks OpenAI whose an API key or access token is. Throws RequestFailure. */
export const askWhose = (
  openai: Pick<OpenAI, "me" | "whoami">,
  credential: KeyedCredential,
  options: RequestOptions,
): Promise<Identity> =>
  credential.kind === "token" ? openai.whoami(credential.token, options) : openai.me(credential.apiKey, options);
