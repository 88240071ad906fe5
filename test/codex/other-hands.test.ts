import { expect } from "bun:test";
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fakeKey, loginOfToken } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct, type Product } from "./product.ts";
import { expireAuth } from "./world.ts";

// what Codex itself does to the logins that codex-auth keeps, and what becomes of it

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const kim = fakeKey("kim");
const BOB = "bob@example.com";

/** Default: bob; ~/acme is pinned to ada. */
async function bobAndAda(): Promise<Product> {
  const product = await createProduct({ keys: [ada, eve, kim] });
  await product.addKey(ada);
  await product.addLogin({ email: BOB });
  await product.auth(["pin", "ada@example.com", product.directory("acme")]);
  return product;
}
const acme = (product: Product) => join(product.home, "acme");
const billedIn = async (product: Product, directory: string) =>
  (await product.execIn(directory)).out.trim().replace("hello from ", "");
/** What codex-auth says of those of these accounts that it cannot give the variables of. */
const lost = async (product: Product, emails: readonly string[]) =>
  (await Promise.all(emails.map((email) => product.tryAuth(["env", email])))).flatMap(({ code, err }) =>
    code === 0 ? [] : err,
  );
const readAuth = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const isLink = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

codexTest("codex login as somebody else in a pinned directory: one more account, and the pin holds", async () => {
  await using product = await bobAndAda();
  await product.auth(["exec", "--", "codex", "login", "--with-api-key"], { cwd: acme(product), stdin: eve.key });
  await product.auth(["sync"]);
  expect(await billedIn(product, acme(product))).toBe("ada");
  expect(await billedIn(product, product.work)).toBe(BOB);
  expect(await lost(product, ["ada@example.com", "eve@example.com", BOB])).toEqual([]);
  await product.auth(["switch", "eve@example.com"]);
  expect(await billedIn(product, product.work)).toBe("eve");
});

codexTest("codex login as somebody else in the base home: that is the default account now, none is lost", async () => {
  await using product = await bobAndAda();
  await product.codex(["login", "--with-api-key"], { stdin: eve.key });
  await product.auth(["sync"]);
  expect((await product.current()).account?.email).toBe("eve@example.com");
  expect(isLink(join(product.base, "auth.json"))).toBe(true);
  expect(await billedIn(product, product.work)).toBe("eve");
  expect(await billedIn(product, acme(product))).toBe("ada");
  await product.auth(["switch", BOB]);
  expect(await billedIn(product, product.work)).toBe(BOB);
});

codexTest("codex login, then another, then the first again, without codex-auth in between", async () => {
  await using product = await bobAndAda();
  for (const key of [eve, kim, eve]) await product.codex(["login", "--with-api-key"], { stdin: key.key });
  await product.auth(["sync"]);
  expect((await product.current()).account?.email).toBe("eve@example.com");
  expect(await lost(product, [BOB, "ada@example.com"])).toEqual([]);
});

codexTest("codex logout in the base home: no default account; its ChatGPT login is known and logged out", async () => {
  await using product = await bobAndAda();
  await product.codex(["logout"]);
  expect(product.fake.tokens.revoked).toEqual([BOB]);
  await product.auth(["sync"]);
  expect((await product.current()).account).toBeNull();
  expect(existsSync(join(product.base, "auth.json"))).toBe(false);
  expect(await billedIn(product, acme(product))).toBe("ada");

  await product.addLogin({ email: BOB });
  expect((await product.current()).account?.email).toBe(BOB);
  expect(await billedIn(product, product.work)).toBe(BOB);
});

/** Codex leaves a trace of its start in a home that is not below the system's directory for temporary files. */
const traced = (product: Product) => ({ env: { TMPDIR: product.directory("tmp") } });
const traces = (home: string) => readdirSync(join(home, "tmp")).map((name) => join(home, "tmp", name));

codexTest(
  "an auth.json that somebody deleted is no logout; what codex logout does is one, where Codex leaves its trace too",
  async () => {
    await using product = await bobAndAda();
    await product.exec(traced(product));
    for (const trace of traces(product.base)) utimesSync(trace, Date.now() / 1000 - 60, Date.now() / 1000 - 60);
    rmSync(join(product.base, "auth.json"));
    const { err } = await product.auth(["sync"]);
    expect(err).toContain(`auth.json of ${BOB} was deleted, not logged out: to have it back: codex-auth switch ${BOB}`);
    expect((await product.current()).account).toBeNull();
    expect(await lost(product, [BOB, "ada@example.com"])).toEqual([]);
    await product.auth(["switch", BOB]);
    expect(await billedIn(product, product.work)).toBe(BOB);

    await product.codex(["logout"], traced(product));
    expect((await product.auth(["sync"])).err).toContain(`${BOB} is logged out; try: codex-auth login`);
    expect(product.fake.tokens.revoked).toEqual([BOB]);
  },
);

codexTest("codex logout of a key in its account home: the next pin mends it", async () => {
  await using product = await bobAndAda();
  await product.auth(["exec", "--", "codex", "logout"], { cwd: acme(product) });
  await product.auth(["sync"]);
  expect(await lost(product, ["ada@example.com"])).toEqual([]);
  await product.auth(["pin", "ada@example.com"], { cwd: acme(product) });
  expect(await billedIn(product, acme(product))).toBe("ada");
});

for (const shell of [
  ["bash", "--norc", "-i"],
  ["zsh", "-f", "-i"],
]) {
  const [name = ""] = shell;
  codexTest(
    `${name}: the next prompt shows who has logged in or out`,
    async () => {
      await using product = await bobAndAda();
      const typed = [
        `eval "$(command codex-auth init ${name} --no-prompt)"`,
        'echo "[$CODEX_AUTH_EMAIL]"',
        `printf %s '${eve.key}' | command codex login --with-api-key`,
        'echo "[$CODEX_AUTH_EMAIL]"',
        "command codex logout",
        'echo "[${CODEX_AUTH_EMAIL-none}]"',
      ];
      const ran = await product.run(shell, { stdin: typed.map((line) => `${line}\n`).join("") });
      expect(ran.out.match(/\[.*@.*\]|\[none\]/g)).toEqual([`[${BOB}]`, "[eve@example.com]", "[none]"]);
    },
    { needs: [name] },
  );
}

codexTest("a token that Codex refreshes in an account home is the one the base home uses, each used once", async () => {
  await using product = await createProduct({ keys: [ada] });
  await product.addLogin({ email: BOB });
  await product.addKey(ada);
  const lab = product.directory("lab");
  await product.auth(["pin", BOB, lab]);
  const home = await product.accountHome(BOB);
  const credential = realpathSync(join(home, "auth.json"));

  expireAuth(credential);
  expect(await billedIn(product, lab)).toBe(BOB);
  await product.auth(["switch", BOB]);
  expect(realpathSync(join(product.base, "auth.json"))).toBe(credential);
  expireAuth(credential);
  expect(await billedIn(product, product.work)).toBe(BOB);
  expireAuth(credential);
  expect(await billedIn(product, lab)).toBe(BOB);

  expect(product.fake.tokens).toMatchObject({ refreshed: [BOB, BOB, BOB], reused: [] });
  expect(loginOfToken(readAuth(credential).tokens.refresh_token)?.serial).toBe(3);
  expect([isLink(join(home, "auth.json")), isLink(join(product.base, "auth.json"))]).toEqual([true, true]);
});
