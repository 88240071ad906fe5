import { expect } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeKey } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct } from "./product.ts";

// `codex-auth env` in an .envrc: direnv and the hook, in both orders, and the real Codex behind each prompt

const ada = fakeKey("ada");
const bob = fakeKey("bob");
const eve = fakeKey("eve");

const WAYS: [from: string, to: string][] = [
  ["out", "envrc"],
  ["same", "envrc"],
  ["same", "same/envrc"],
  ["other", "envrc"],
  ["other", "other/envrc"],
  ["out", "same/envrc"],
];

const ORDERS = ["_direnv_hook; __codex_auth_hook", "__codex_auth_hook; _direnv_hook"];

for (const order of ORDERS) {
  codexTest(
    `direnv, prompts run ${order}: the label is who is billed, or has a mark`,
    async () => {
      await using product = await createProduct({ keys: [ada, bob, eve], behave: { responses: { status: 400 } } });
      for (const key of [bob, eve, ada]) await product.addKey(key);
      await product.auth(["pin", "eve@example.com", product.directory("same")]);
      await product.auth(["pin", "bob@example.com", product.directory("other")]);
      product.directory("out");
      for (const name of ["envrc", "same/envrc", "other/envrc"]) {
        const directory = product.directory(name);
        writeFileSync(join(directory, ".envrc"), 'eval "$(codex-auth env eve@example.com)"\n');
        await product.run(["direnv", "allow", directory]);
      }
      const script = `
        eval "$(direnv hook bash)"; eval "$(command codex-auth init bash --no-prompt)"
        prompt() { ${order}; }
        ask() { prompt; prompt; echo "$CODEX_AUTH_LABEL"; command codex exec --skip-git-repo-check hi >&2; }
        cd "$HOME/$1"; prompt; cd "$HOME/$2"; ask; cd "$HOME/out"; ask`;
      for (const [from, to] of WAYS) {
        const before = product.fake.requestsTo("responses").length;
        const ran = await product.run(["bash", "-c", script, "bash", from, to]);
        const labels = ran.out.trim().split("\n");
        const bearers = product.fake
          .requestsTo("responses")
          .slice(before)
          .filter(({ upgrade }) => !upgrade)
          .map((request) => request.as ?? "nobody");
        const shown = labels.map((label, index) => (label.endsWith(" !") ? bearers[index] : label.split("@")[0]));
        expect({ from, to, inside: bearers[0], shown }).toEqual({ from, to, inside: "eve", shown: bearers });
      }
    },
    { needs: ["direnv"], milliseconds: 600_000 },
  );
}
