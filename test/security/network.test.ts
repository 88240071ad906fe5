import { afterEach, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { apiKeyAuth, chatgptAuth, fakeKey } from "../fake/accounts.ts";
import { User } from "../commands/user.ts";

const KEY = fakeKey("secret");
const LOGIN = chatgptAuth({ email: "alice@example.com" });
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server that answers everything in one way, and notes who asked with what. */
function serve(answer: () => Response): { url: string; bearers: (string | null)[] } {
  const bearers: (string | null)[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch(request) {
      bearers.push(request.headers.get("authorization"));
      return answer();
    },
  });
  stops.push(() => server.stop(true));
  return { url: `http://127.0.0.1:${server.port}`, bearers };
}

const stream = (bytes: number, pauseMs: number) =>
  new ReadableStream({
    async pull(controller) {
      await Bun.sleep(pauseMs);
      controller.enqueue(new Uint8Array(bytes).fill(32));
    },
  });

const ANSWERS: [string, () => Response][] = [
  ["a drip without an end", () => new Response(stream(1, 100))],
  ["more than anybody sends", () => new Response(stream(1 << 20, 0))],
  ["an error whose text never ends", () => new Response(stream(1, 100), { status: 403 })],
  ["a page", () => new Response("<html>sign in to the network</html>")],
  ["other types", () => Response.json({ id: 5, email: ["a"] })],
  ["an id of control characters", () => Response.json({ id: "user\nCODEX_HOME=/tmp", email: "a@example.com" })],
  ["an id too long for a file", () => Response.json({ id: "u".repeat(5000), email: "a@example.com" })],
];

describe("whose a key is, answered by", () => {
  test.concurrent.each(ANSWERS)("%s: not known, in time, without a word of the key", async (_, answer) => {
    await using user = new User();
    const { url } = serve(answer);
    const before = Date.now();
    user.write(".codex/auth.json", JSON.stringify(apiKeyAuth(KEY)));
    const ran = await user.run(["sync"], { env: { CODEX_AUTH_OPENAI_URL: url } });
    expect(ran.code).toBe(0);
    expect(Date.now() - before).toBeLessThan(30_000);
    expect(ran.out + ran.err).not.toContain(KEY.key.slice(3, 12));
    expect(await user.json(["list", "--skip-api"])).toMatchObject({ accounts: [] });
  });
});

test("what an answer has in an e-mail does not steer the terminal", async () => {
  await using user = new User();
  const { url } = serve(() =>
    Response.json({ id: "user-x", email: "\u001b]0;x\u0007\u009b2J\u061c\u202ea@example.com" }),
  );
  user.write(".codex/auth.json", JSON.stringify(apiKeyAuth(KEY)));
  const env = { CODEX_AUTH_OPENAI_URL: url };
  for (const words of [["sync"], ["list", "--skip-api"], ["current"], ["doctor"], ["env"]]) {
    const { out, err } = await user.run(words, { env });
    expect((out + err).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  }
});

test.each([301, 302, 307, 308])("a bearer is not sent on by a redirect to another port: %i", async (status) => {
  await using user = new User();
  const thief = serve(() => Response.json({ id: "user-thief", email: "thief@example.com" }));
  const portal = serve(() => new Response(null, { status, headers: { location: `${thief.url}/v1/me` } }));
  const env = { CODEX_AUTH_OPENAI_URL: portal.url, CODEX_AUTH_CHATGPT_URL: portal.url };
  await user.auth(["import", user.write("login.json", JSON.stringify(LOGIN))]);
  await user.run(["import", user.write("key.json", JSON.stringify(apiKeyAuth(KEY)))], { env });
  const { out, err } = await user.run(["list"], { env });
  expect(portal.bearers).toContain(`Bearer ${KEY.key}`);
  expect(portal.bearers).toContain(`Bearer ${LOGIN.tokens.access_token}`);
  expect(thief.bearers).toEqual([]);
  expect(out + err).not.toContain(LOGIN.tokens.access_token.slice(0, 40));
});

test("nobody is told a word of a login", async () => {
  await using user = new User();
  const { id_token, access_token, refresh_token } = LOGIN.tokens;
  const parts = [KEY.key, id_token, access_token, refresh_token].map((secret) => secret.slice(-20));
  user.write("bin/codex", `#!/bin/sh\ntr '\\0' '\\n' </proc/$$/cmdline >>"${user.home}/argv"\n`, 0o755);
  user.fake.addKey(KEY);
  const files = [
    user.write("login.json", JSON.stringify(LOGIN)),
    user.write("key.json", JSON.stringify(apiKeyAuth(KEY))),
    user.write("damaged.json", JSON.stringify({ ...LOGIN, tokens: { ...LOGIN.tokens, account_id: "other" } })),
    user.write("cut.json", JSON.stringify(LOGIN).slice(0, -20)),
  ];
  const commands = [
    ...files.map((file) => ["import", file]),
    ["import", files[0] ?? "", "--json"],
    ["list"],
    ["list", "--json"],
    ["switch", "secret@example.com"],
    ["current", "--json"],
    ["doctor", "--json"],
    ["pin", "alice@example.com", "."],
    ["pins", "--json"],
    ["export", "out"],
    ["sync"],
    ["login"],
    ["remove", "alice@example.com", "--json"],
    ["remove", KEY.key],
  ];
  for (const words of commands) {
    const { out, err } = await user.run(words);
    const told = words.includes(KEY.key) ? err.replace(KEY.key, "") : out + err;
    for (const part of parts) expect(told).not.toContain(part);
  }
  const argv = await Bun.file(join(user.home, "argv")).text();
  for (const part of parts) expect(argv).not.toContain(part);
  expect(readdirSync(join(user.base, "codex-auth")).filter((name) => name.startsWith("login-"))).toEqual([]);
});
