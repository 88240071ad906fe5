import { expect } from "bun:test";
import { existsSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiKeyAuth, chatgptAuth, fakeKey } from "../fake/accounts.ts";
import { startAppServer } from "./app-server.ts";
import { codexTest } from "./find-codex.ts";
import { accountHome, SHARED_DIRECTORIES, SHARED_FILES } from "./homes.ts";
import { startMcpServer } from "./mcp-server.ts";
import { createWorld, linkHome, writeAuth, type World } from "./world.ts";

// what an account home made of links rests on

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const bob = chatgptAuth({ email: "bob@example.com" });

const entriesOfItsOwn = (home: string) =>
  [...new Bun.Glob("*").scanSync({ cwd: home, dot: true, onlyFiles: false })].filter(
    (name) => !lstatSync(join(home, name)).isSymbolicLink(),
  );
const rollouts = (home: string) => [...new Bun.Glob("sessions/**/rollout-*.jsonl").scanSync({ cwd: home })];
const threadId = ({ err }: { err: string }) => err.match(/session id: (\S+)/)?.[1] ?? "no session id";

/** Two account homes and the base home, all with a login of their own. */
function threeHomes(): { world: World; first: ReturnType<typeof accountHome>; second: ReturnType<typeof accountHome> } {
  const world = createWorld({ keys: [ada, eve] });
  const first = accountHome(world, "ada", apiKeyAuth(ada));
  const second = accountHome(world, "bob", bob);
  writeAuth(join(world.base, "auth.json"), apiKeyAuth(eve));
  return { world, first, second };
}

codexTest("everything that is not private lands in the base home, through links that stay", async () => {
  const { world, first, second } = threeHomes();
  await using _ = world;
  await Promise.all([world.exec({ env: first.env }), world.exec({ env: second.env }), world.exec()]);
  expect(world.fake.billed().toSorted()).toEqual(["ada", "bob@example.com", "eve"]);
  expect(rollouts(world.base)).toHaveLength(3);
  for (const { path } of [first, second]) {
    const linked = ["auth.json", ...SHARED_DIRECTORIES, ...SHARED_FILES];
    expect(linked.filter((name) => !lstatSync(join(path, name)).isSymbolicLink())).toEqual([]);
    const private_ =
      /^(\.tmp|tmp|\.sandbox_migration|log|cache|auth\.lock|models_cache\.json|cloud-config-bundle-cache\.json)$/;
    expect(entriesOfItsOwn(path).filter((name) => !private_.test(name))).toEqual([]);
  }
  const databases = [...new Bun.Glob("*.sqlite").scanSync({ cwd: world.base })];
  expect(databases).toContain("state_5.sqlite");
});

codexTest("six codex exec at once in two homes each send their own bearer", async () => {
  const { world, first, second } = threeHomes();
  await using _ = world;
  const runs = [first, second, first, second, first, second].map(({ env }) => world.exec({ env }));
  const said = (await Promise.all(runs)).map(({ out }) => out.trim());
  const [one, two] = ["hello from ada", "hello from bob@example.com"];
  expect(said).toEqual([one, two, one, two, one, two].map(String));
  expect(world.fake.billed().toSorted()).toEqual([...Array(3).fill("ada"), ...Array(3).fill("bob@example.com")]);
});

codexTest("resume continues a session of another home, by id and --last, and bills the home that resumes", async () => {
  const { world, first, second } = threeHomes();
  await using _ = world;
  const id = threadId(await world.exec({ env: first.env }));
  await world.exec({ env: second.env, args: ["resume", "--last"] });
  await world.exec({ args: ["resume", id] });
  expect(world.fake.billed()).toEqual(["ada", "bob@example.com", "eve"]);
  expect(rollouts(world.base)).toHaveLength(1);
  const last = world.fake.requestsTo("responses").at(-1);
  expect(last?.body).toContain("hello from bob@example.com");
});

codexTest("with a home gone its sessions are found no more, with the two links left they are", async () => {
  const { world, first } = threeHomes();
  await using _ = world;
  const id = threadId(await world.exec({ env: first.env }));
  const aside = `${first.path}.aside`;
  renameSync(first.path, aside);
  const lost = await world.codex(["exec", "--skip-git-repo-check", "resume", id, "hi"]);
  expect(lost.code).not.toBe(0);
  expect(lost.err).toContain("no rollout found");

  linkHome(first.path, {
    sessions: join(world.base, "sessions"),
    archived_sessions: join(world.base, "archived_sessions"),
  });
  await world.exec({ args: ["resume", id] });
  expect(world.fake.billed()).toEqual(["ada", "eve"]);
});

codexTest(
  "config.toml, installation_id and the session index are made in the base home through dangling links",
  async () => {
    const { world, first } = threeHomes();
    await using _ = world;
    const config = join(world.base, "config.toml");
    const before = readFileSync(config, "utf8");
    rmSync(config);
    expect((await world.codex(["mcp", "add", "tool", "--", "true"], { env: first.env })).code).toBe(0);
    expect(readFileSync(config, "utf8")).toContain("[mcp_servers.tool]");
    writeFileSync(config, before);
    {
      await using server = await startAppServer(world, first.env);
      const thread = await server.startThread();
      await server.turn(thread, "hi");
      await server.request("thread/name/set", { threadId: thread, name: "my thread" });
    }
    expect(readFileSync(join(world.base, "session_index.jsonl"), "utf8")).toContain("my thread");
    for (const name of ["config.toml", "installation_id", "session_index.jsonl", "session_index.jsonl.lock"]) {
      expect(lstatSync(join(first.path, name)).isSymbolicLink()).toBe(true);
      expect(lstatSync(join(world.base, name)).isFile()).toBe(true);
    }
  },
);

codexTest("an empty installation_id is filled in", async () => {
  const { world, first } = threeHomes();
  await using _ = world;
  writeFileSync(join(world.base, "installation_id"), "");
  await world.exec({ env: first.env });
  expect(readFileSync(join(world.base, "installation_id"), "utf8")).toMatch(/^[0-9a-f-]{36}$/);
});

// so it is private: a refreshed token of an MCP server could not be saved
for (const [title, seed] of [
  ["leads nowhere", null],
  ["leads to a file", "{}"],
] as const) {
  codexTest(`.credentials.json is never written through a link, if it ${title}`, async () => {
    const { world, first } = threeHomes();
    await using _ = world;
    await using mcp = startMcpServer();
    const config = join(world.base, "config.toml");
    writeFileSync(config, `${mcp.setting}\n${readFileSync(config, "utf8")}\n${mcp.table}`);
    const target = join(world.base, ".credentials.json");
    if (seed !== null) writeFileSync(target, seed, { mode: 0o600 });
    linkHome(first.path, { ".credentials.json": target });
    const linked = await mcp.login(world, first.env);
    expect(linked).toMatchObject({ code: 1, output: expect.stringContaining("Symbolic link loop") });
    rmSync(join(first.path, ".credentials.json"));
    expect(await mcp.login(world, first.env)).toMatchObject({ code: 0 });
    expect(lstatSync(join(first.path, ".credentials.json")).isFile()).toBe(true);
    expect(existsSync(target) ? readFileSync(target, "utf8") : null).toBe(seed);
  });
}
