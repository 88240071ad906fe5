import { expect } from "bun:test";
import { readdirSync, readFileSync, realpathSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as v from "valibot";
import { chatgptAuth, type ChatgptOptions, fakeKey } from "../fake/accounts.ts";
import { startAppServer } from "./app-server.ts";
import { codexTest, findCodex } from "./find-codex.ts";
import { startIssuer } from "./issuer.ts";
import { createProduct, type Product } from "./product.ts";

// At a login in the browser Codex asks the issuer for an API key too, and keeps it beside the tokens: what is billed is the login.

const CAROL = { email: "carol@example.com", accountId: "acct-one" };
const OTHER = { ...CAROL, accountId: "acct-two" };
const [first, second] = [fakeKey("minted one", { email: CAROL.email }), fakeKey("minted two", { email: CAROL.email })];

/** Signs in at the browser: goes on from where Codex sends it to where it waits for it. */
async function comeBack(url: string): Promise<void> {
  const { searchParams } = new URL(url);
  const back = new URL(searchParams.get("redirect_uri") ?? "");
  back.searchParams.set("code", "code");
  back.searchParams.set("state", searchParams.get("state") ?? "");
  await fetch(back);
}

/** A login as editors have it done. */
async function loginOfEditor(product: Product, who: ChatgptOptions): Promise<void> {
  product.fake.signIn(who);
  await using issuer = await startIssuer(product.fake.url);
  await using server = await startAppServer(product, issuer.env);
  const completed = server.notified("account/login/completed");
  const { authUrl } = v.parse(
    v.object({ authUrl: v.string() }),
    await server.request("account/login/start", { type: "chatgpt" }),
  );
  await comeBack(authUrl);
  expect(await completed).toMatchObject({ success: true });
  product.fake.signIn(null);
}

/** `codex login`, with somebody at the browser. */
async function login(product: Product, who: ChatgptOptions, env: Record<string, string> = {}): Promise<void> {
  product.fake.signIn(who);
  await using issuer = await startIssuer(product.fake.url);
  const child = Bun.spawn([findCodex() ?? "codex", "login"], {
    cwd: product.work,
    env: { ...product.env, ...issuer.env, BROWSER: "/bin/true", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let said = "";
  let isBack = false;
  for await (const chunk of child.stderr) {
    said += new TextDecoder().decode(chunk);
    const url = /http\S+\/oauth\/authorize\?\S+/.exec(said)?.[0];
    if (url === undefined || isBack) continue;
    isBack = true;
    await comeBack(url);
  }
  expect({ code: await child.exited, said }).toMatchObject({ code: 0 });
  product.fake.signIn(null);
}

codexTest(
  "a browser login with a key beside its tokens: one account, billed as the login, whichever key it gets",
  async () => {
    await using product = await createProduct({ keys: [first, second] });
    const accounts = async () => JSON.parse((await product.auth(["list", "--skip-api", "--json"])).out).accounts;
    const billed = async (cwd: string) => (await product.execIn(cwd)).out.trim();
    for (const key of [first, second]) {
      product.fake.mint(key);
      await login(product, CAROL);
      expect(JSON.parse(readFileSync(join(product.base, "auth.json"), "utf8"))).toMatchObject({
        auth_mode: "chatgpt",
        OPENAI_API_KEY: key.key,
        tokens: { account_id: CAROL.accountId },
      });
      await product.auth(["sync"]);
      expect(await accounts()).toMatchObject([{ email: CAROL.email, auth_mode: "chatgpt", plan: "plus" }]);
      expect(await billed(product.work)).toBe(`hello from ${CAROL.email}`);
    }
    // a pinned account logs in again: it is the same one
    const lab = product.directory("lab");
    await product.auth(["pin", CAROL.email, lab]);
    product.fake.mint(first);
    await login(product, CAROL, { CODEX_HOME: await product.accountHome(CAROL.email) });
    await product.auth(["sync"]);
    expect(await accounts()).toHaveLength(1);
    expect(await billed(lab)).toBe(`hello from ${CAROL.email}`);
    const { set } = JSON.parse((await product.auth(["env", CAROL.email, "--json"])).out);
    expect(set.OPENAI_API_KEY).toBeUndefined();
    // so is it where an editor has it done
    product.fake.mint(second);
    await loginOfEditor(product, CAROL);
    expect(readFileSync(join(product.base, "auth.json"), "utf8")).toContain(second.key);
    await product.auth(["sync"]);
    expect(await accounts()).toHaveLength(1);
    expect(await billed(product.work)).toBe(`hello from ${CAROL.email}`);
    // another workspace with the very same key is another account
    await login(product, OTHER);
    await product.auth(["sync"]);
    expect((await accounts()).map((one: any) => one.account_key).toSorted()).toEqual([
      "user-carol::acct-one",
      "user-carol::acct-two",
    ]);
  },
  { needs: ["openssl"] },
);

codexTest(
  "what an older version took for the key's account bills the login before and after it is put right",
  async () => {
    await using product = await createProduct({ keys: [first] });
    await product.addKey(first);
    const lab = product.directory("lab");
    await product.auth(["pin", CAROL.email, lab]);
    const text = JSON.stringify({ ...chatgptAuth(CAROL), OPENAI_API_KEY: first.key }, null, 2);
    const credential = realpathSync(join(product.base, "auth.json"));
    for (const path of [credential, join(product.base, "codex-auth/backup", basename(credential))]) {
      writeFileSync(path, text);
      utimesSync(path, 1_760_000_000, 1_760_000_000);
    }
    const home = join(product.homes, readdirSync(product.homes)[0] ?? "");
    await product.exec({ codexHome: home });
    // a server that is at it in the old home goes on in the new one
    await using server = await startAppServer(product, { CODEX_HOME: home });
    const thread = await server.startThread();
    await server.turn(thread, "hi");
    await product.auth(["sync"]);
    await server.turn(thread, "again");
    for (const cwd of [lab, product.work]) await product.execIn(cwd);
    expect([...new Set(product.fake.billed())]).toEqual([CAROL.email]);
    const { account } = await product.current({ cwd: lab });
    expect(account).toMatchObject({ account_key: "user-carol::acct-one", email: CAROL.email });
  },
);
