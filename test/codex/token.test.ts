import { expect } from "bun:test";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeKey, fakeToken, tokenAuth } from "../fake/accounts.ts";
import { codexTest, findCodex } from "./find-codex.ts";
import { createProduct, type Product } from "./product.ts";

const PAT = fakeToken("pat");
const ada = fakeKey("ada");

/** The variable that leads Codex to the fake is one that an account takes away: the real one is asked without it. */
async function withToken(): Promise<Product> {
  const product = await createProduct({ keys: [ada], tokens: [PAT] });
  const codex = join(product.home, "bin/codex");
  const leading = `CODEX_AUTHAPI_BASE_URL='${product.fake.url}/api/accounts' exec '${findCodex() ?? "codex"}' "$@"`;
  writeFileSync(codex, `#!/bin/sh\n${leading}\n`);
  chmodSync(codex, 0o755);
  return product;
}

codexTest(
  "a personal access token: auth.json alone logs Codex in, as the default account, pinned, and beside another",
  async () => {
    await using product = await withToken();
    await product.auth(["login", "--with-access-token"], { stdin: PAT.token });
    await product.execIn(product.work);
    await product.addKey(ada);
    await product.auth(["pin", PAT.email, product.directory("ci")]);
    await product.execIn(join(product.home, "ci"));
    await product.execIn(product.work);
    expect(product.fake.billed()).toEqual(["pat", "pat", "ada"]);
  },
);

codexTest("codex login --with-access-token in the base home is taken up, to the byte", async () => {
  await using product = await withToken();
  const ran = await product.run(["codex", "login", "--with-access-token"], { stdin: PAT.token });
  expect(ran.code).toBe(0);
  expect(readFileSync(join(product.base, "auth.json"), "utf8")).toBe(JSON.stringify(tokenAuth(PAT), null, 2));
  await product.auth(["sync"]);
  expect((await product.current()).account?.account_key).toStartWith(`token::${PAT.userId}::${PAT.accountId}::`);
  await product.execIn(product.work);
  expect(product.fake.billed()).toEqual(["pat"]);
});
