import { expect } from "bun:test";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fakeKey, loginOfToken } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct } from "./product.ts";
import { until } from "./tui.ts";
import { expireAuth } from "./world.ts";

// Every command that moves a link, or asks Codex, at any moment of a refresh by the real Codex: the server sees each token once, and the newest
// is live. CODEX_AUTH_TEST_ROUNDS=20 takes some minutes.

const ROUNDS = Number(process.env.CODEX_AUTH_TEST_ROUNDS ?? 1);
const BOB = "bob@example.com";
const [ada, eve] = [fakeKey("ada"), fakeKey("eve")];

/** What is run beside the refresh; behind it bob is the default account again where `back` says so. */
const COMMANDS: { words: string[]; stdin?: string; back?: boolean }[] = [
  { words: ["switch", "ada@example.com"], back: true },
  { words: ["login", "--with-api-key"], stdin: eve.key, back: true },
  { words: ["list"] },
  { words: ["list", "--active"] },
  { words: ["check"] },
  { words: [] },
  { words: ["sync"] },
  { words: ["clean"] },
  { words: ["alias", "set", BOB, "mine"] },
  { words: ["alias", "clear", "mine"] },
  { words: ["pin", BOB, "other"] },
  { words: ["unpin", "other"] },
  { words: ["exec", "--account", "ada@example.com", "--", "true"] },
  { words: ["config", "announce", "true"] },
  { words: ["import", "--purge"] },
];

for (const at of ["base home", "account home"] as const)
  codexTest(
    `${ROUNDS} rounds of each command while a Codex of the ${at} refreshes`,
    async () => {
      await using product = await createProduct({ keys: [ada, eve] });
      await product.addKey(ada);
      await product.addLogin({ email: BOB });
      const credential = realpathSync(join(product.base, "auth.json"));
      const lab = product.directory("lab");
      product.directory("other");
      await product.auth(["pin", BOB, lab]);
      if (at === "account home") await product.auth(["switch", "ada@example.com"]);
      const before = product.fake.tokens.refreshed.length;
      let rounds = 0;
      for (let round = 0; round < ROUNDS; round++)
        for (const { words, stdin, back = false } of COMMANDS) {
          rounds++;
          expireAuth(credential);
          product.fake.forget(); // also the requests of this very login
          const answered = Promise.withResolvers<void>();
          product.fake.behave("token", { delay: answered.promise });
          const codex = ["codex-auth", "exec", "--", "codex", "exec", "--skip-git-repo-check", "hi"];
          const running = product.run(codex, { cwd: at === "base home" ? product.work : lab });
          await until(
            () => product.fake.requestsTo("token").length > 0,
            30_000,
            () => `no refresh beside ${words.join(" ")}`,
          );
          const ran = product.auth(words, { cwd: product.home, ...(stdin !== undefined && { stdin }) });
          await Bun.sleep(Math.random() * 600);
          answered.resolve();
          await Promise.all([ran, running]);
          const { refresh_token: token } = JSON.parse(readFileSync(credential, "utf8")).tokens;
          const { refreshed, reused } = product.fake.tokens;
          expect({ words, serial: loginOfToken(token)?.serial, times: refreshed.length - before, reused }).toEqual({
            words,
            serial: rounds,
            times: rounds,
            reused: [],
          });
          if (back && at === "base home") await product.auth(["switch", BOB]);
        }
      console.log(`${at}: ${rounds} refreshes, each token once`);
    },
    { milliseconds: 1_800_000 },
  );
