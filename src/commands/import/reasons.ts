import type { CredentialFault } from "../../core/accounts/credential.ts";

/** Why a file or an element of one was not taken; the older tool's names where it has them. */
export type Reason =
  | CredentialFault
  | "InvalidApiKey"
  | "IdentityUnavailable"
  | "SupersededByNewerSnapshot"
  | "FileNotFound"
  | "AccessDenied"
  | "IsDir";

/** What a reason means, and what helps. Those that OpenAI's answer explains, or their own name, are not here. */
const WORDS: Partial<Record<Reason, string>> = {
  MalformedJson: "no login or API key can be read from it",
  MissingEmail: "the login names no e-mail; codex-auth login makes another",
  MissingAccountId: "the login names no workspace; codex-auth login makes another",
  MissingChatgptUserId: "the login names no user; codex-auth login makes another",
  AccountIdMismatch: "its account_id is another than the one in its id_token; codex-auth login makes a whole login",
  MissingRefreshToken:
    "a login without a refresh token would end with its access token; codex-auth login makes another",
  SupersededByNewerSnapshot: "a later login of the account is there too",
  FileNotFound: "it is a link that leads nowhere",
  AccessDenied: "it cannot be read, or is no file",
  IsDir: "it is a folder",
};

/** Takes a reason; returns it in words for people, undefined where there are no more. */
export const wordsFor = (reason: Reason): string | undefined => WORDS[reason];
