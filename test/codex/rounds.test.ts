import { expect } from "bun:test";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { ADA, BESIDE, BOB, bobsToken, EVE, type Rounds, toDefault } from "../beside-refresh.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct } from "./product.ts";
import { until } from "./tui.ts";
import { expireAuth } from "./world.ts";

// Every command that moves a link, or asks Codex, at any moment of a refresh by the real Codex: the server sees each token once, and the newest
// is live. CODEX_AUTH_TEST_ROUNDS=20 takes some minutes.

const ROUNDS = Number(process.env.CODEX_AUTH_TEST_ROUNDS ?? 1);

for (const at of ["base home", "account home"] as const)
  codexTest(
    `${ROUNDS} rounds of each command while a Codex of the ${at} refreshes`,
    async () => {
      await using product = await createProduct({ keys: [ADA, EVE] });
      const lab = product.directory("lab");
      product.directory("other");
      const rounds: Rounds = {
        at,
        base: product.base,
        lab,
        auth: (words, options = {}) => product.auth(words, { cwd: product.home, ...options }),
        addBob: () => product.addLogin({ email: BOB }),
        addKey: (key) => product.addKey(key),
        knows: (key) => product.fake.addKey(key),
      };
      await rounds.addKey(ADA);
      await rounds.addBob();
      await rounds.auth(["pin", BOB, lab]);
      await toDefault(rounds);
      const cwd = at === "base home" ? product.work : lab;
      const before = product.fake.tokens.refreshed.length;
      let refreshes = 0;
      for (let round = 0; round < ROUNDS; round++)
        for (const { words, stdin, back, endsBob = false, dropsHome = false } of BESIDE) {
          refreshes++;
          const typed = stdin && { stdin: stdin(rounds) };
          const old = bobsToken(product.base);
          expireAuth(
            realpathSync(join(at === "base home" ? product.base : await product.accountHome(BOB), "auth.json")),
          );
          product.fake.forget(); // also the requests of this very login
          const answered = Promise.withResolvers<void>();
          product.fake.behave("token", { delay: answered.promise });
          const patience = dropsHome && at === "account home" ? ["timeout", "8"] : [];
          const codex = ["codex-auth", "exec", "--", ...patience, "codex", "exec", "--skip-git-repo-check", "hi"];
          const running = product.run(codex, { cwd });
          await until(
            () => product.fake.requestsTo("token").length > 0,
            30_000,
            () => `no refresh beside ${words.join(" ")}`,
          );
          const ran = rounds.auth(words, typed);
          await Bun.sleep(Math.random() * 600);
          answered.resolve();
          await Promise.all([ran, running]);
          const { refreshed, reused } = product.fake.tokens;
          const serial = bobsToken(product.base)?.serial;
          expect({ words, serial, times: refreshed.length - before, reused }).toEqual({
            words,
            serial: endsBob ? undefined : (old?.serial ?? 0) + 1,
            times: refreshes,
            reused: [],
          });
          await back?.(rounds);
        }
      console.log(`${at}: ${refreshes} refreshes, each token once`);
    },
    { milliseconds: 1_800_000 },
  );
