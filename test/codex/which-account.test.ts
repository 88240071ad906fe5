import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { apiKeyAuth, chatgptAuth, fakeKey } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { accountHome } from "./homes.ts";
import { createWorld, writeAuth } from "./world.ts";

// what DESIGN.md's table of variables rests on: whom Codex bills

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const bob = chatgptAuth({ email: "bob@example.com" });

const worldOfAda = (own: Parameters<typeof createWorld>[0] = {}) => {
  const world = createWorld({ keys: [ada, eve], ...own });
  writeAuth(join(world.base, "auth.json"), apiKeyAuth(ada));
  return world;
};

codexTest("CODEX_HOME decides; without it ~/.codex does", async () => {
  await using world = worldOfAda();
  const home = accountHome(world, "eve", apiKeyAuth(eve));
  await world.exec();
  await world.exec({ env: home.env });
  await world.exec({ env: { CODEX_HOME: "" } });
  expect(world.fake.billed()).toEqual(["ada", "eve", "ada"]);
});

codexTest("a CODEX_HOME that does not exist stops Codex, and is not made", async () => {
  await using world = worldOfAda();
  const missing = join(world.base, "codex-auth", "homes", "0000000000000000.missing");
  for (const args of [["exec", "--skip-git-repo-check", "hi"], ["login", "status"], ["app-server"], ["resume"]]) {
    const ran = await world.codex(args, { env: { CODEX_HOME: missing } });
    expect({ args, failed: ran.code !== 0 }).toEqual({ args, failed: true });
    expect(ran.err).toContain("CODEX_HOME");
  }
  expect(existsSync(missing)).toBe(false);
  expect(world.fake.requests).toEqual([]);
});

codexTest("a home without auth.json does not stop codex exec: it asks without Authorization", async () => {
  await using world = worldOfAda({ behave: { responses: { status: 400 } } });
  const empty = world.directory("empty");
  await Bun.write(join(empty, "config.toml"), Bun.file(join(world.base, "config.toml")));
  expect((await world.codex(["exec", "--skip-git-repo-check", "hi"], { env: { CODEX_HOME: empty } })).code).not.toBe(0);
  expect(world.fake.billed()).toEqual(["nobody"]);
});

for (const auth of [apiKeyAuth(ada), bob]) {
  codexTest(`CODEX_API_KEY beats a ${auth.auth_mode} login in codex exec, OPENAI_API_KEY does not`, async () => {
    await using world = createWorld({ keys: [ada, eve] });
    const home = accountHome(world, "a", auth);
    await world.exec({ env: { ...home.env, OPENAI_API_KEY: eve.key } });
    await world.exec({ env: { ...home.env, CODEX_API_KEY: eve.key } });
    expect(world.fake.billed()).toEqual([auth.auth_mode === "apikey" ? "ada" : "bob@example.com", "eve"]);
    const status = await world.codex(["login", "status"], { env: { ...home.env, CODEX_API_KEY: eve.key } });
    expect(status.err).not.toContain(eve.key.slice(-5));
  });
}

// what each stray variable makes of a request as ada: the bearer, or nothing sent at all
const refusing = { responses: { status: 400 } } as const;
for (const name of ["OPENAI_FEDERATION_RULE_ID", "OPENAI_IDENTITY_TOKEN_FILE", "CODEX_ACCESS_TOKEN"]) {
  codexTest(`${name} keeps auth.json from being used`, async () => {
    await using world = worldOfAda({ behave: refusing });
    const value = name === "CODEX_ACCESS_TOKEN" ? bob.tokens.access_token : join(world.home, "token");
    await world.codex(["exec", "--skip-git-repo-check", "hi"], { env: { [name]: value } });
    expect(world.fake.requests.map(({ bearer }) => bearer)).not.toContain(ada.key);
  });
}

codexTest("OPENAI_ORGANIZATION and OPENAI_PROJECT are sent along", async () => {
  await using world = worldOfAda();
  await world.exec({ env: { OPENAI_ORGANIZATION: "org-other", OPENAI_PROJECT: "proj-other" } });
  expect(world.fake.requestsTo("responses")).toMatchObject([{ organization: "org-other", project: "proj-other" }]);
});

for (const name of ["OPENAI_BASE_URL", "OPENAI_IDENTITY_TOKEN", "CHATGPT_ACCOUNT_ID"]) {
  codexTest(`${name} has no effect`, async () => {
    await using world = worldOfAda();
    await world.exec({ env: { [name]: "http://127.0.0.1:1/v1" } });
    expect(world.fake.requestsTo("responses")).toMatchObject([{ bearer: ada.key, account: null }]);
  });
}
