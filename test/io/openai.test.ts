import { expect, test } from "bun:test";
import type { $Fetch } from "ofetch";
import { errorCodeOf } from "../../src/io/error-code.ts";
import { connectOpenAI } from "../../src/io/openai.ts";

test.each([
  ["ENOTFOUND", "the name of the server is not found"],
  ["EAI_AGAIN", "the name of the server is not found"],
  ["ECONNREFUSED", "the connection is refused"],
  ["ECONNRESET", "the connection is refused or broken off"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "NODE_EXTRA_CA_CERTS"],
  ["EHOSTUNREACH", "there is no connection (EHOSTUNREACH)"],
])("%s is told in words", async (code, why) => {
  const cause = Object.assign(new TypeError("no"), { code });
  const request = () => Promise.reject(Object.assign(new Error("no"), { name: "FetchError", cause }));
  const openai = connectOpenAI({}, async () => request as unknown as $Fetch);
  await expect(openai.me("sk-key", { timeoutMs: 1000, retries: 0 })).rejects.toMatchObject({
    reason: "Unreachable",
    status: null,
    why: expect.stringContaining(why),
  });
});

test.each([
  ['{"error":{"message":"no","code":"token_invalidated"}}', "token_invalidated"],
  ['{"detail":{"code":"deactivated_workspace"}}', "deactivated_workspace"],
  ['{"error":{"code":"a b\\u001b[31m"}}', null],
  ['{"error":{"code":null}}', null],
  ['{"error":"no"}', null],
  ["<html>", null],
  ["", null],
])("the code in %j is %p", (text, code) => expect(errorCodeOf(text)).toBe(code));
