import { expect } from "bun:test";
import { readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeKey } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct, sessionsIn } from "./product.ts";

// the promise: what codex-auth names is what Codex bills

const ada = fakeKey("ada");
const eve = fakeKey("eve");
const BOB = "bob@example.com";

/** Default: ada; ~/acme is pinned to eve, ~/lab to bob; ~/play to nobody. */
async function pinned() {
  const product = await createProduct({ keys: [ada, eve] });
  await product.addLogin({ email: BOB });
  await product.addKey(eve);
  await product.addKey(ada);
  for (const name of ["acme/deep", "lab", "play"]) product.directory(name);
  await product.auth(["pin", "eve@example.com", join(product.home, "acme")]);
  await product.auth(["pin", BOB, join(product.home, "lab")]);
  return product;
}

/** A walk through a shell: what is typed, and whose account it is then. `run` says how Codex is started, default: plainly. */
const WALK: { type: string; as: string; run?: string }[] = [
  { type: "cd ~/acme", as: "eve" },
  { type: "cd deep", as: "eve" },
  { type: "cd ~/lab", as: BOB, run: "sh -c 'CODEX'" },
  { type: "cd ~/play", as: "ada" },
  { type: "codex-auth use eve@example.com", as: "eve" },
  { type: "cd ~/lab", as: "eve", run: "command codex-auth exec -- CODEX" },
  { type: "codex-auth use -", as: BOB },
  { type: "cd ~/acme", as: "eve", run: "command codex-auth exec -- CODEX" },
  { type: "cd ~/play && codex-auth pin eve@example.com", as: "eve" },
  { type: `codex-auth switch ${BOB}`, as: "eve" },
  { type: "codex-auth unpin", as: BOB },
];

const SHELLS = {
  bash: 'eval "$(command codex-auth init bash --no-prompt)"',
  zsh: 'eval "$(command codex-auth init zsh --no-prompt)"',
  fish: "command codex-auth init fish --no-prompt | source",
} as const;

for (const [shell, setup] of Object.entries(SHELLS)) {
  codexTest(
    `${shell}: Codex bills the account that codex-auth has just named`,
    async () => {
      await using product = await pinned();
      const out = product.directory("out");
      const steps = WALK.map(({ type, run = "CODEX" }, index) => {
        const codex = run.replace("CODEX", "codex exec --skip-git-repo-check hi");
        return [type, `codex-auth current --json >${out}/${index}.json`, `${codex} >${out}/${index}.txt`].join("\n");
      });
      const ran = await product.run([shell, "-c", [setup, ...steps].join("\n")], { cwd: product.home });
      const walked = WALK.map(({ type }, index) => ({
        type,
        named: JSON.parse(readFileSync(join(out, `${index}.json`), "utf8")).account?.email,
        billed: readFileSync(join(out, `${index}.txt`), "utf8").trim(),
      }));
      const expected = WALK.map(({ type, as }) => ({
        type,
        named: as === BOB ? BOB : `${as}@example.com`,
        billed: `hello from ${as}`,
      }));
      expect(walked).toEqual(expected);
      expect(ran.code).toBe(0);
      expect(product.fake.billed()).toEqual(WALK.map(({ as }) => as));
      expect(sessionsIn(product.base)).toHaveLength(WALK.length);
    },
    { needs: [shell] },
  );
}

codexTest("a session started in one account goes on in another", async () => {
  await using product = await pinned();
  await product.execIn(join(product.home, "acme"));
  await product.execIn(join(product.home, "lab"), ["resume", "--last", "--all"]);
  await product.execIn(join(product.home, "play"), ["resume", "--last", "--all"]);
  expect(product.fake.billed()).toEqual(["eve", BOB, "ada"]);
  expect(sessionsIn(product.base)).toHaveLength(1);
  expect(product.fake.requestsTo("responses").at(-1)?.body).toContain(`hello from ${BOB}`);
});

codexTest("two terminals in two directories use two accounts at once", async () => {
  await using product = await pinned();
  const places = ["acme", "lab", "play", "acme", "lab", "play"].map((name) => join(product.home, name));
  const said = (await Promise.all(places.map((cwd) => product.execIn(cwd)))).map(({ out }) => out.trim());
  expect(said).toEqual(["eve", BOB, "ada", "eve", BOB, "ada"].map((name) => `hello from ${name}`));
  expect(sessionsIn(product.base)).toHaveLength(6);
});

codexTest("a pin whose account is gone stops Codex in place of billing the default account", async () => {
  await using product = await pinned();
  const acme = join(product.home, "acme");
  await product.auth(["remove", "eve@example.com"]);
  expect((await product.tryAuth(["exec", "--", "codex", "exec", "hi"], { cwd: acme })).code).toBe(1);
  const shell = `eval "$(command codex-auth init bash --no-prompt)"\ncodex exec --skip-git-repo-check hi`;
  const ran = await product.run(["bash", "-c", shell], { cwd: acme });
  expect(ran.code).not.toBe(0);
  expect(product.fake.billed()).toEqual([]);
});

codexTest("a key whose file is gone or damaged is billed again: it comes back from its backup", async () => {
  await using product = await pinned();
  const home = await product.accountHome("eve@example.com");
  const file = realpathSync(join(home, "auth.json"));
  const damages: (() => void)[] = [
    () => rmSync(file),
    () => writeFileSync(file, ""),
    () => writeFileSync(file, "{}"),
    () => writeFileSync(file, '{"OPENAI_API_KEY": "sk-'),
    () => writeFileSync(file, '{"agent_identity": "x"}'),
  ];
  for (const damage of damages) {
    damage();
    await product.execIn(join(product.home, "acme"));
  }
  expect(product.fake.billed()).toEqual(damages.map(() => "eve"));
});
