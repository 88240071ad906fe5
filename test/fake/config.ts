import type { FakeOpenAI } from "./openai.ts";

/** A config.toml that makes Codex talk to a fake server only, and at once. */
export function codexConfig(url: string): string {
  return [
    `openai_base_url = "${url}/v1"`,
    `chatgpt_base_url = "${url}/backend-api"`,
    "check_for_update_on_startup = false",
    "",
  ].join("\n");
}

/** The environment that makes codex-auth and Codex ask a fake server instead of OpenAI. */
export function fakeEnvironment(fake: Pick<FakeOpenAI, "url" | "openaiUrl" | "chatgptUrl" | "tokenUrl">) {
  return {
    CODEX_AUTH_OPENAI_URL: fake.openaiUrl,
    CODEX_AUTH_CHATGPT_URL: fake.chatgptUrl,
    CODEX_AUTH_ISSUER_URL: fake.url,
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: fake.tokenUrl,
  };
}
