import { expect } from "bun:test";
import { copyFileSync, existsSync, lstatSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeKey } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { startMcpServer } from "./mcp-server.ts";
import { createProduct, sessionsIn, type Product } from "./product.ts";

// settings of codex-auth and of Codex, and the way back

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const BOB = "bob@example.com";

/** Default: ada; ~/acme is pinned to eve. */
async function adaAndEve(): Promise<Product> {
  const product = await createProduct({ keys: [ada, eve] });
  await product.addKey(eve);
  await product.addKey(ada);
  await product.auth(["pin", "eve@example.com", product.directory("acme")]);
  return product;
}

codexTest("share none makes homes with sessions of their own", async () => {
  await using product = await adaAndEve();
  await product.auth(["config", "share", "none"]);
  const home = await product.accountHome("eve@example.com");
  // such a home has a config.toml of its own, and this one has to name the fake
  copyFileSync(join(product.base, "config.toml"), join(home, "config.toml"));
  await product.execIn(join(product.home, "acme"));
  await product.execIn(join(product.home, "acme"), ["resume", "--last"]);
  await product.execIn(product.work);
  expect(product.fake.billed()).toEqual(["eve", "eve", "ada"]);
  expect([sessionsIn(home).length, sessionsIn(product.base).length]).toEqual([1, 1]);
  expect(existsSync(join(home, "state_5.sqlite"))).toBe(true);
});

codexTest("share config: sessions of their own, one config.toml", async () => {
  await using product = await adaAndEve();
  await product.auth(["config", "share", "config"]);
  const home = await product.accountHome("eve@example.com");
  for (const args of [[], ["resume", "--last"]]) await product.execIn(join(product.home, "acme"), args);
  await product.execIn(product.work);
  expect(product.fake.billed()).toEqual(["eve", "eve", "ada"]);
  expect([sessionsIn(home).length, sessionsIn(product.base).length]).toEqual([1, 1]);
  expect(readlinkSync(join(home, "config.toml"))).toBe("../../../config.toml");
  for (const name of ["sessions", "history.jsonl"])
    expect(lstatSync(join(home, name), { throwIfNoEntry: false })?.isSymbolicLink() ?? false).toBe(false);
  expect((await product.tryAuth(["doctor"])).out).toContain("ok    account homes share all they should");
});

codexTest(
  "a forced_login_method that excludes the account is refused, and what Codex did about it is mended",
  async () => {
    await using product = await adaAndEve();
    const acme = join(product.home, "acme");
    const config = join(product.base, "config.toml");
    const before = readFileSync(config, "utf8");
    writeFileSync(config, `forced_login_method = "chatgpt"\n${before}`);
    for (const args of [
      ["pin", "eve@example.com"],
      ["switch", "eve@example.com"],
      ["exec", "--", "codex", "--version"],
    ]) {
      const ran = await product.tryAuth(args, { cwd: acme });
      expect({ args, code: ran.code }).toEqual({ args, code: 1 });
      expect(ran.err).toContain("forced_login_method");
    }
    const shell = 'eval "$(command codex-auth init bash --no-prompt)"; codex exec --skip-git-repo-check hi';
    expect((await product.run(["bash", "-c", shell], { cwd: acme })).err).toContain("Logging out.");
    await product.auth(["sync"]);
    writeFileSync(config, before);
    await product.execIn(acme);
    expect(product.fake.billed()).toEqual(["eve"]);
  },
);

codexTest(
  "codex logout in the account home of the default account: logged out everywhere, and one login mends it",
  async () => {
    await using product = await createProduct();
    await product.addLogin({ email: BOB });
    const lab = product.directory("lab");
    await product.auth(["pin", BOB, lab]);
    await product.auth(["exec", "--", "codex", "logout"], { cwd: lab });
    const sync = await product.auth(["sync"]);
    expect(sync.err).toContain("logged out");
    expect((await product.current()).account).toBeNull();
    expect((await product.auth(["current"], { cwd: lab })).out).toContain("logged out");
    await product.addLogin({ email: BOB });
    for (const directory of [lab, product.work]) await product.execIn(directory);
    expect(product.fake.billed()).toEqual([BOB, BOB]);
    expect(product.fake.tokens.reused).toEqual([]);
  },
);

codexTest("logins to MCP servers are each home's own, and writable", async () => {
  await using product = await adaAndEve();
  await using mcp = startMcpServer();
  const config = join(product.base, "config.toml");
  writeFileSync(config, `${mcp.setting}\n${readFileSync(config, "utf8")}\n${mcp.table}`);
  const home = await product.accountHome("eve@example.com");
  expect(await mcp.login(product, {})).toMatchObject({ code: 0 });
  await product.auth(["sync"]);
  expect(await mcp.login(product, { CODEX_HOME: home, CODEX_SQLITE_HOME: product.base })).toMatchObject({ code: 0 });
  for (const path of [product.base, home]) expect(lstatSync(join(path, ".credentials.json")).isFile()).toBe(true);
});

codexTest("after eject Codex alone goes on with the default account and every session", async () => {
  await using product = await adaAndEve();
  await product.execIn(join(product.home, "acme"));
  await product.execIn(product.work);
  await product.auth(["eject"]);
  expect(lstatSync(join(product.base, "auth.json")).isFile()).toBe(true);
  for (const session of sessionsIn(product.base)) {
    const id = session.match(/rollout-.{19}-(.*)\.jsonl$/)?.[1] ?? "";
    await product.exec({ args: ["resume", id] });
  }
  expect(product.fake.billed()).toEqual(["eve", "ada", "ada", "ada"]);
  const login = await product.codex(["login", "--with-api-key"], { stdin: eve.key });
  expect(login.code).toBe(0);
  await product.exec();
  expect(product.fake.billed().at(-1)).toBe("eve");
});
