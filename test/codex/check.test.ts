import { expect } from "bun:test";
import { login, stock } from "../commands/stock.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct, type Product } from "./product.ts";
import type { Ran } from "../run.ts";

const exp = Math.floor(Date.now() / 1000) - 60;
const expired = (email: string) => login({ email, exp, lastRefresh: "2026-01-01T00:00:00Z" });

/** What `check` says; Codex has 5 s for an answer, and where the machine is too slow for that it is asked again. */
async function checked(product: Product): Promise<Ran> {
  for (let tries = 1; ; tries++) {
    const ran = await product.tryAuth(["check"]);
    if (tries === 4 || !ran.out.includes("could not be asked")) return ran;
  }
}

codexTest("check has Codex refresh logins that have expired", async () => {
  await using product = await createProduct();
  stock(
    product.base,
    ["alice", "bob"].map((name) => expired(`${name}@example.com`)),
  );
  const ran = await checked(product);
  expect(ran.out.split("\n").map((line) => line.replace(/^\d\d (\S+)@example.com +/, "$1 "))).toEqual([
    "alice works",
    "bob works",
    "",
  ]);
  expect(ran.code).toBe(0);
  expect(product.fake.requestsTo("token").map(({ bearer }) => bearer)).toHaveLength(2);
});

codexTest("check of a login that Codex cannot refresh", async () => {
  await using product = await createProduct();
  stock(product.base, [expired("alice@example.com")]);
  product.fake.behave("token", { status: 401, body: { error: { code: "refresh_token_reused" } } });
  const ran = await checked(product);
  expect(ran).toMatchObject({ code: 1, out: "01 alice@example.com  expired  Codex could not refresh it\n" });
});
