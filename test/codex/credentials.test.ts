import { expect } from "bun:test";
import { existsSync, lstatSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { apiKeyAuth, chatgptAuth, fakeKey, loginOfToken, type ChatgptAuth } from "../fake/accounts.ts";
import { startAppServer } from "./app-server.ts";
import { codexTest } from "./find-codex.ts";
import { accountHome, linkBase } from "./homes.ts";
import { createWorld, expireAuth, writeAuth } from "./world.ts";

// what DESIGN.md's links rest on: how Codex reads, writes and removes auth.json

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const PAST = 1_700_000_000;
const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
const readAuth = (path: string): ChatgptAuth => JSON.parse(readFileSync(path, "utf8"));

codexTest(
  "codex login --with-api-key writes two fields, indented by 2, without a newline, for the user only",
  async () => {
    await using world = createWorld({ keys: [ada] });
    const ran = await world.codex(["login", "--with-api-key"], { stdin: `${ada.key}\n` });
    expect(ran.code).toBe(0);
    const path = join(world.base, "auth.json");
    expect(readFileSync(path, "utf8")).toBe(JSON.stringify(apiKeyAuth(ada), null, 2));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  },
);

codexTest(
  "codex login writes through a link, whoever logs in, also through two and where there is no target yet",
  async () => {
    await using world = createWorld({ keys: [ada, eve] });
    const home = accountHome(world, "ada", apiKeyAuth(ada));
    await world.codex(["login", "--with-api-key"], { stdin: eve.key, env: home.env });
    expect(isLink(join(home.path, "auth.json"))).toBe(true);
    expect(readFileSync(home.credential, "utf8")).toBe(JSON.stringify(apiKeyAuth(eve), null, 2));

    const target = join(world.base, "nowhere", "new.auth.json");
    symlinkSync(target, join(world.home, "second-link"));
    symlinkSync(join(world.home, "second-link"), join(world.base, "auth.json"));
    const status = await world.codex(["login", "status"]);
    expect(status).toMatchObject({ code: 1, err: expect.stringContaining("Not logged in") });
    const login = await world.codex(["login", "--with-api-key"], { stdin: ada.key });
    expect(login.code).toBe(0);
    expect(readFileSync(target, "utf8")).toContain(ada.key);
    expect([isLink(join(world.base, "auth.json")), isLink(join(world.home, "second-link"))]).toEqual([true, true]);
  },
);

codexTest("codex logout removes the link only; every other link to a ChatGPT login holds a dead one then", async () => {
  await using world = createWorld();
  const home = accountHome(world, "bob", chatgptAuth({ email: "bob@example.com" }));
  linkBase(world, home.credential);
  const logout = await world.codex(["logout"], { env: home.env });
  expect(logout.code).toBe(0);
  expect(existsSync(join(home.path, "auth.json"))).toBe(false);
  expect(readAuth(home.credential).tokens.account_id).toBe("acct-bob");
  expect(world.fake.tokens.revoked).toEqual(["bob@example.com"]);
  expect((await world.codex(["login", "status"])).err).toContain("Logged in");
  const exec = await world.codex(["exec", "--skip-git-repo-check", "hi"]);
  expect(exec.code).not.toBe(0);

  await world.codex(["login", "--with-api-key"], { stdin: ada.key, env: home.env });
  expect(lstatSync(join(home.path, "auth.json")).isFile()).toBe(true);
});

codexTest("an expired token is refreshed in the file that the link leads to, once, under both locks", async () => {
  await using world = createWorld();
  const home = accountHome(world, "bob", chatgptAuth({ email: "bob@example.com", exp: PAST }));
  linkBase(world, home.credential);
  const before = readAuth(home.credential);
  await world.exec({ env: home.env });
  const after = readAuth(home.credential);
  expect(isLink(join(home.path, "auth.json"))).toBe(true);
  expect(after.tokens.refresh_token).not.toBe(before.tokens.refresh_token);
  expect(loginOfToken(after.tokens.access_token)?.serial).toBe(1);
  for (const lock of [join(home.path, "auth.lock"), `${home.credential}.lock`]) expect(existsSync(lock)).toBe(true);

  await world.exec();
  expect(world.fake.billed()).toEqual(["bob@example.com", "bob@example.com"]);
  expect(world.fake.tokens).toMatchObject({ refreshed: ["bob@example.com"], reused: [] });
});

// Codex does not hold its locks over the request: both may send the refresh token, and the one that is refused reads the
// file again. In one home it is the same; with two live copies of the credential the second would be logged out.
codexTest("two homes of one expired login refresh it at once, and both go on", async () => {
  await using world = createWorld({ behave: { token: { delay: 300 } } });
  const home = accountHome(world, "bob", chatgptAuth({ email: "bob@example.com", exp: PAST }));
  linkBase(world, home.credential);
  await Promise.all([world.exec(), world.exec({ env: home.env })]);
  expect(world.fake.billed()).toEqual(["bob@example.com", "bob@example.com"]);
  expect(world.fake.tokens.refreshed).toEqual(["bob@example.com"]);
  expect(loginOfToken(readAuth(home.credential).tokens.access_token)?.serial).toBe(1);
});

codexTest("a refresh that comes back after auth.json has become somebody else's is written nowhere", async () => {
  await using world = createWorld({ keys: [ada], behave: { token: { delay: 1000 } } });
  const bob = writeAuth(join(world.home, "bob.json"), chatgptAuth({ email: "bob@example.com", exp: PAST }));
  const other = writeAuth(join(world.home, "ada.json"), apiKeyAuth(ada));
  const files = () => [bob, other].map((path) => readFileSync(path, "utf8"));
  const before = files();
  const auth = join(world.base, "auth.json");
  symlinkSync(bob, auth);
  const running = world.exec();
  while (world.fake.requestsTo("token").length === 0) await Bun.sleep(10);
  rmSync(auth);
  symlinkSync(other, auth);
  await running;
  expect(files()).toEqual(before);
  expect(world.fake.tokens.refreshed).toEqual(["bob@example.com"]);
  expect(world.fake.billed()).toEqual(["ada"]);
});

codexTest("a background server whose login another home has refreshed goes on with the new tokens", async () => {
  await using world = createWorld();
  const home = accountHome(world, "bob", chatgptAuth({ email: "bob@example.com" }));
  linkBase(world, home.credential);
  await using server = await startAppServer(world, home.env);
  const thread = await server.startThread();
  await server.turn(thread, "hi");
  expireAuth(home.credential);
  await world.exec();
  world.fake.behave("responses", { status: 401, body: { error: { message: "expired" } }, times: 1 });
  await server.turn(thread, "again");
  const serials = world.fake.requestsTo("responses").map(({ bearer }) => loginOfToken(bearer ?? "")?.serial);
  expect(serials).toEqual([0, 1, 0, 1]);
  expect(world.fake.tokens).toMatchObject({ refreshed: ["bob@example.com"], reused: [] });
});

for (const lock of ["auth.lock", "credential"] as const) {
  codexTest(
    `a refresh waits for a flock on the ${lock}`,
    async () => {
      await using world = createWorld();
      const home = accountHome(world, "bob", chatgptAuth({ email: "bob@example.com", exp: PAST }));
      const file = lock === "auth.lock" ? join(home.path, "auth.lock") : `${home.credential}.lock`;
      const holder = Bun.spawn(["flock", file, "sh", "-c", "echo held; sleep 1.2"], { stdout: "pipe" });
      await holder.stdout.getReader().read();
      const start = performance.now();
      await world.exec({ env: home.env });
      expect(performance.now() - start).toBeGreaterThan(1000);
      await holder.exited;
      expect(loginOfToken(readAuth(home.credential).tokens.access_token)?.serial).toBe(1);
    },
    { needs: ["flock"] },
  );
}

codexTest("a device login keeps its issuer in auth.json", async () => {
  await using world = createWorld();
  world.fake.signIn({ email: "cy@example.com", plan: "team" });
  const ran = await world.codex(["login", "--device-auth", "--experimental_issuer", world.fake.url]);
  expect(ran.code).toBe(0);
  expect(readAuth(join(world.base, "auth.json"))).toMatchObject({
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: { account_id: "acct-cy", oauth_provenance: { issuer: world.fake.url }, login_owner_id: expect.any(String) },
  });
});

for (const [setting, auth, left] of [
  [`forced_login_method = "chatgpt"`, apiKeyAuth(ada), false],
  [`forced_login_method = "api"`, chatgptAuth({ email: "bob@example.com" }), false],
  [`forced_chatgpt_workspace_id = "another"`, chatgptAuth({ email: "bob@example.com" }), false],
  [`forced_login_method = "api"`, apiKeyAuth(ada), true],
  [`forced_chatgpt_workspace_id = "acct-bob"`, chatgptAuth({ email: "bob@example.com" }), true],
] as const) {
  codexTest(
    `${setting} ${left ? "keeps" : "logs out"} the home of a ${auth.auth_mode} login, and the credential stays`,
    async () => {
      await using world = createWorld({ keys: [ada] });
      const home = accountHome(world, "a", auth);
      const config = join(world.base, "config.toml");
      await Bun.write(config, `${setting}\n${readFileSync(config, "utf8")}`);
      const ran = await world.codex(["exec", "--skip-git-repo-check", "hi"], { env: home.env });
      expect({ code: ran.code === 0, link: isLink(join(home.path, "auth.json")) }).toEqual({ code: left, link: left });
      expect(existsSync(home.credential)).toBe(true);
      if (!left) expect(ran.err).toContain("Logging out.");
    },
  );
}

codexTest("a store other than file lets codex exec go on without any Authorization", async () => {
  await using world = createWorld({ keys: [ada], behave: { responses: { status: 400 } } });
  writeAuth(join(world.base, "auth.json"), apiKeyAuth(ada));
  const args = ["exec", "--skip-git-repo-check", "-c", 'cli_auth_credentials_store="ephemeral"', "hi"];
  expect((await world.codex(args)).code).not.toBe(0);
  expect(world.fake.billed()).toEqual(["nobody"]);
  expect(world.fake.requestsTo("socket").map(({ bearer }) => bearer)).not.toContain(ada.key);
});
