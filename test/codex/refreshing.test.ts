import { expect } from "bun:test";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fakeKey, loginOfToken } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct, type Product } from "./product.ts";
import { until } from "./tui.ts";
import { expireAuth } from "./world.ts";

// A refresh token is good once, and Codex drops what a refresh brings when it finds another login in its home by then. Whatever is run beside a
// Codex that is at it, the server sees each token once, and the newest tokens are on disk.

const BOB = "bob@example.com";
const ada = fakeKey("ada");
const eve = fakeKey("eve");

interface Row {
  /** What is run meanwhile. */
  command: string[];
  stdin?: string;
  /** Where Codex runs as bob: the base home, or the account home of a pinned directory. */
  at?: "home";
  /** Where the login is afterwards, if not in `accounts/`. */
  kept?: boolean;
}

const ROWS: Row[] = [
  { command: ["switch", "ada@example.com"] },
  { command: ["login", "--with-api-key"], stdin: eve.key },
  { command: ["remove", BOB, "--keep"], kept: true },
  { command: ["remove", BOB, "--keep"], at: "home", kept: true },
  { command: ["eject"], at: "home" },
  { command: ["list"] },
  { command: ["list"], at: "home" },
];

/** ada's key and bob's login, which has expired; returns where his credential lies. */
async function bobHasExpired(product: Product, at: Row["at"]): Promise<string> {
  await product.addKey(ada);
  await product.addLogin({ email: BOB });
  const credential = realpathSync(join(product.base, "auth.json"));
  await product.auth(["pin", BOB, product.directory("lab")]);
  if (at === "home") await product.auth(["switch", "ada@example.com"]);
  expireAuth(credential);
  return credential;
}

const serialIn = (path: string) => loginOfToken(JSON.parse(readFileSync(path, "utf8")).tokens.refresh_token)?.serial;

for (const { command, stdin, at, kept } of ROWS) {
  codexTest(`${command.join(" ")} while a Codex of the ${at ?? "base home"} refreshes its login`, async () => {
    await using product = await createProduct({ keys: [ada, eve] });
    const credential = await bobHasExpired(product, at);
    product.fake.forget(); // logging in asks for tokens too
    const answered = Promise.withResolvers<void>();
    product.fake.behave("token", { delay: answered.promise });
    // where its home goes Codex waits for longer than anybody needs to
    const words = ["codex-auth", "exec", "--", "timeout", "20", "codex", "exec", "--skip-git-repo-check", "hi"];
    const running = product.run(words, { cwd: at === "home" ? join(product.home, "lab") : product.work });
    await until(
      () => product.fake.requestsTo("token").length > 0,
      20_000,
      () => "no refresh",
    );
    const ran = product.auth(command, stdin === undefined ? {} : { stdin });
    await Bun.sleep(2000); // time enough for a command that does not wait
    answered.resolve();
    await ran;
    await running;

    const directory = join(product.base, "codex-auth", "kept");
    const [path = credential] = kept ? readdirSync(directory).map((name) => join(directory, name)) : [];
    expect({ serial: serialIn(path), ...tokensOf(product) }).toEqual({ serial: 1, refreshed: [BOB], reused: [] });
  });
}

const tokensOf = ({ fake }: Product) => ({ refreshed: fake.tokens.refreshed, reused: fake.tokens.reused });

codexTest("list twice at once, and switch beside it: one of them has the login refreshed", async () => {
  await using product = await createProduct({ keys: [ada] });
  const credential = await bobHasExpired(product, undefined);
  product.fake.behave("token", { delay: 300 });
  const ran = await Promise.all([
    product.auth(["list"]),
    product.auth(["list"]),
    product.auth(["switch", "ada@example.com"]),
  ]);
  expect({ serial: serialIn(credential), ...tokensOf(product) }).toEqual({ serial: 1, refreshed: [BOB], reused: [] });
  // who waits for the other one does so for some seconds only
  expect(ran.slice(0, 2).some(({ out }) => !out.includes("expired"))).toBe(true);
});
