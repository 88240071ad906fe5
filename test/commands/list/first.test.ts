import { expect, test } from "bun:test";
import { keyAuth, KEY } from "../credentials.ts";
import { User } from "../user.ts";

// on a fresh machine: `codex login --with-api-key`, then `codex-auth list` as the very first command

test("the key that codex has just logged in with is an account, with its e-mail", async () => {
  await using user = new User({ keys: [KEY] });
  user.write(".codex/auth.json", keyAuth());
  const { code, out } = await user.run(["list"]);
  expect({ code, row: out.trimEnd().split("\n").at(-1) }).toEqual({
    code: 0,
    row: expect.stringMatching(/^\* 01 billing@acme\.example +API_KEY +-/),
  });
  expect((await user.json(["list"])).accounts).toMatchObject([{ email: "billing@acme.example", active: true }]);
});

test.each([
  ["nobody can be asked", ["list"], { CODEX_AUTH_OPENAI_URL: "http://127.0.0.1:1/v1" }],
  ["nobody is to be asked", ["list", "--skip-api"], {}],
])("%s: the table is there, and a note says who is logged in", async (_what, words, env) => {
  await using user = new User({ keys: [KEY] });
  user.write(".codex/auth.json", keyAuth());
  const { code, err } = await user.run(words, { env });
  expect(code).toBe(0);
  expect(err).toContain("is no account yet");
  expect(user.fake.requests).toEqual([]);
});
