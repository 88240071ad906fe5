import { expect } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fakeKey } from "../fake/accounts.ts";
import { codexTest } from "./find-codex.ts";
import { createProduct, type Product } from "./product.ts";

// the README's recipes for what starts Codex without the snippet, as they stand there: copied and run

const README = readFileSync(resolve(import.meta.dir, "../../README.md"), "utf8");
const SECTION = README.slice(README.indexOf("\n## Editors, agents, scripts\n"), README.indexOf("\n## How it works\n"));

/** Returns the code blocks of a language; "" for those without one. */
const blocks = (language: string) =>
  [...SECTION.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].filter(([, of]) => of === language).map(([, , text = ""]) => text);

const home = fakeKey("home");
const work = fakeKey("work");

/** A user as the section has it: default account, an account `work`, which ~/work/acme is pinned to. */
async function user(): Promise<Product> {
  const product = await createProduct({ keys: [home, work] });
  await product.addKey(work);
  await product.auth(["alias", "set", "work@example.com", "work"]);
  await product.addKey(home);
  for (const directory of ["work/acme", ".local/bin", "elsewhere"])
    mkdirSync(join(product.home, directory), { recursive: true });
  await product.auth(["pin", "work", join(product.home, "work/acme")]);
  return product;
}

const ofUser = (product: Product, text: string) => text.replaceAll("/home/me", product.home);
const withShim = (product: Product) => `${product.home}/.local/bin:${product.env["PATH"]}`;

codexTest("the shim's lines", async () => {
  await using product = await user();
  const env = { PATH: withShim(product) };
  const sh = (script: string, cwd = "elsewhere") =>
    product.run(["sh", "-ec", script], { cwd: join(product.home, cwd), env });
  const lines = (blocks("sh")[0] ?? "").trim().split("\n");
  expect(lines.map((line) => line.split(/ {2,}#/)[0]?.trim())).toEqual([
    "codex-auth shim install",
    "codex-auth shim",
    "codex-auth shim install --account work --as codex-work",
    "codex-auth shim remove",
  ]);
  const remove = lines.pop() ?? "";
  expect(await sh(lines.join("\n"))).toMatchObject({ code: 0, err: expect.not.stringContaining("not in PATH") });
  await sh('codex exec --skip-git-repo-check "hi"');
  await sh('codex exec --skip-git-repo-check "hi"', "work/acme");
  await sh('codex-work exec --skip-git-repo-check "hi"');
  expect(product.fake.billed()).toEqual(["home", "work", "work"]);
  expect((await sh(remove)).code).toBe(0);
  await sh('codex exec --skip-git-repo-check "hi"', "work/acme");
  expect(product.fake.billed().at(-1)).toBe("home");
});

codexTest(
  "direnv",
  async () => {
    await using product = await user();
    const directory = product.directory("elsewhere");
    const line = blocks("sh")[1] ?? "";
    expect(line).toContain("codex-auth env work");
    writeFileSync(join(directory, ".envrc"), line);
    await product.run(["direnv", "allow", directory]);
    await product.run(["direnv", "exec", directory, "codex", "exec", "--skip-git-repo-check", "hi"], {
      cwd: directory,
    });
    expect(product.fake.billed()).toEqual(["work"]);
  },
  { needs: ["direnv"] },
);

codexTest("cron", async () => {
  await using product = await user();
  await product.auth(["shim", "install"], { env: { PATH: withShim(product) } });
  const [path = "", job = ""] = ofUser(product, blocks("")[0] ?? "").split("\n");
  const command = job.replace(/^(\S+ ){5}/, "").replace("codex exec", "codex exec --skip-git-repo-check");
  expect(command).toStartWith("cd ~/work/acme && codex exec");
  // where this machine has codex, behind what the job names; and a cron's own environment
  const own = `${path.replace("PATH=", "")}:${product.env["PATH"]}`;
  const ran = await product.run([
    "env",
    "-i",
    `HOME=${product.home}`,
    "LOGNAME=me",
    `PATH=${own}`,
    "/bin/sh",
    "-c",
    command,
  ]);
  expect({ code: ran.code, billed: product.fake.billed() }).toEqual({ code: 0, billed: ["work"] });
});

codexTest("CI, and a container: a key from a secret", async () => {
  await using product = await createProduct({ keys: [work] });
  const runs = [...(blocks("yaml")[0] ?? "").matchAll(/^- run: (.*)$/gm)].map(([, line = ""]) => line);
  expect(runs).toHaveLength(2);
  const git = (line: string) => line.replace("codex exec", "codex exec --skip-git-repo-check");
  for (const [at, line] of runs.entries()) {
    const ran = await product.run(["bash", "-ec", git(line)], { env: at === 0 ? { OPENAI_API_KEY: work.key } : {} });
    expect({ line, code: ran.code }).toEqual({ line, code: 0 });
  }
  expect(product.fake.billed()).toEqual(["work"]);
  // its container has a HOME of its own
  await using other = await createProduct({ keys: [work] });
  await other.auth(["shim", "install"], { env: { PATH: withShim(other) } });
  const secret = join(other.home, "secret");
  writeFileSync(secret, `${work.key}\n`);
  const inner = /sh -c '([^']*)'/.exec(blocks("sh")[2] ?? "")?.[1] ?? "";
  expect(inner).toContain("codex-auth pin work");
  const script = git(inner.replace("/run/secrets/openai", secret));
  const ran = await other.run(["sh", "-c", script], { env: { PATH: withShim(other) } });
  expect({ code: ran.code, billed: other.fake.billed() }).toEqual({ code: 0, billed: ["work"] });
});
