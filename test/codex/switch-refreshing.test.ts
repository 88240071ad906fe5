import { expect } from "bun:test";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fakeKey, loginOfToken } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct } from "./product.ts";
import { until } from "./tui.ts";
import { expireAuth } from "./world.ts";

const BOB = "bob@example.com";
const ada = fakeKey("ada");

// Codex drops what a refresh brings when it finds another login in its home by then, and the token on disk is used up.
codexTest("switch while a Codex of the base home refreshes its login: the login is not lost", async () => {
  await using product = await createProduct({ keys: [ada] });
  await product.addKey(ada);
  await product.addLogin({ email: BOB });
  await product.auth(["switch", BOB]);
  const lab = product.directory("lab");
  await product.auth(["pin", BOB, lab]);
  const credential = realpathSync(join(product.base, "auth.json"));
  expireAuth(credential);

  product.fake.behave("token", { delay: 1000 });
  const running = product.exec();
  await until(
    () => product.fake.requestsTo("token").length > 0,
    10_000,
    () => "no refresh",
  );
  await product.auth(["switch", ada.email ?? ""]);
  await running;
  product.fake.behave("token", null);

  // the tokens that came are the ones on disk
  expect(loginOfToken(JSON.parse(readFileSync(credential, "utf8")).tokens.refresh_token)?.serial).toBe(1);
  product.fake.forget();
  await product.execIn(lab);
  await product.exec();
  expect(product.fake.billed()).toEqual([BOB, "ada"]);
});
