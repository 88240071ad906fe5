import { describe, expect, test } from "bun:test";
import { hashKey } from "../../../src/core/accounts/account.ts";
import type { ApiKeyCredential } from "../../../src/core/accounts/credential.ts";
import { askOwners } from "../../../src/commands/import/owners.ts";
import { RequestFailure } from "../../../src/io/request-failure.ts";

const key = (name: string): ApiKeyCredential => ({ kind: "apikey", text: "", apiKey: name, keyHash: hashKey(name) });
const keys = (count: number) => Array.from({ length: count }, (_, at) => key(`sk-${at}`));

/** Asks with an OpenAI that answers by `answer`; returns the answers, what was asked, how many at once, and what was shown. */
async function ask(wanted: ApiKeyCredential[], answer: (apiKey: string) => void) {
  const asked: string[] = [];
  const shown: string[] = [];
  let now = 0;
  let most = 0;
  const me = async (apiKey: string) => {
    asked.push(apiKey);
    most = Math.max(most, ++now);
    await Bun.sleep(2);
    now--;
    answer(apiKey);
    return { id: `user-${apiKey}`, email: "" };
  };
  const terminal = { progress: (text: string) => void shown.push(text) };
  const owners = await askOwners({ openai: { me, whoami: me }, terminal }, wanted);
  return { owners, asked, most, shown };
}

describe("asking whose API keys are", () => {
  test("at most eight at a time, each once", async () => {
    const { owners, asked, most } = await ask([...keys(30), ...keys(30)], () => {});
    expect(asked).toHaveLength(30);
    expect(owners.size).toBe(30);
    expect(most).toBe(8);
    expect(owners.get(hashKey("sk-7"))).toEqual({ id: "user-sk-7", email: "" });
  });

  test.each([
    [401, "InvalidApiKey"],
    [403, "IdentityUnavailable"],
    [429, "IdentityUnavailable"],
    [null, "IdentityUnavailable"],
  ] as const)("%p: %s", async (status, reason) => {
    const refuse = () => {
      throw new RequestFailure("why", status);
    };
    expect((await ask(keys(1), refuse)).owners.get(hashKey("sk-0"))).toMatchObject({ reason });
  });

  test("nothing to ask: nothing is asked or shown", async () => {
    expect(await ask([], () => {})).toMatchObject({ asked: [], shown: [] });
  });

  test("what is quick shows no progress", async () => {
    expect((await ask(keys(2), () => {})).shown).toEqual([]);
  });
});
