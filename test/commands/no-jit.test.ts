import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { chatgptAuth } from "../fake/accounts.ts";
import { testWith } from "../needs.ts";
import { ALICE, BOB, storeOf } from "./credentials.ts";
import { User } from "./user.ts";

// Where nothing may be compiled at run time (a hardened kernel, a container), Bun calls no function of the C library.

let user: User;
beforeEach(async () => {
  user = new User();
  await user.add(ALICE);
});
afterEach(() => user[Symbol.asyncDispose]());

/** PATH with these programs alone. */
function pathOf(...programs: string[]): string {
  const directory = join(user.home, programs.join("-") || "none");
  mkdirSync(directory, { recursive: true });
  for (const name of programs) symlinkSync(Bun.which(name) ?? "", join(directory, name));
  return directory;
}
const without = (PATH: string) => ({ env: { BUN_JSC_useJIT: "0", PATH } });
const lock = () => join(user.base, "codex-auth/lock");

for (const program of ["flock", "perl"])
  // flock is who has the lock, too
  testWith(
    Bun.which("flock") ? program : "flock",
    `without a JIT ${program} locks, and waits for who has the lock`,
    async () => {
      const where = without(pathOf(program));
      const file = user.write("bob.json", JSON.stringify(chatgptAuth(BOB)));
      await user.auth(["import", file], where);
      await user.auth(["switch", "bob"], where);
      expect(storeOf(user).registry().active_account_key).toBe("user-bob::acct-bob");
      const holder = Bun.spawn(["flock", lock(), "sh", "-c", "echo held; sleep 1"], { stdout: "pipe" });
      await holder.stdout.getReader().read();
      const start = performance.now();
      await user.auth(["switch", "alice"], where);
      expect(performance.now() - start).toBeGreaterThan(800);
      // it is free again
      expect(Bun.spawnSync(["flock", "-n", lock(), "true"]).exitCode).toBe(0);
    },
  );

test("without any of them nothing is changed, and it is said why", async () => {
  const before = storeOf(user).registry();
  for (const words of [["sync"], ["pin", "alice"], ["switch", "alice"]])
    expect(await user.run(words, without(pathOf()))).toMatchObject({
      code: 1,
      err: expect.stringMatching(/files cannot be locked: .*\n {2}try: .*flock/),
    });
  expect(storeOf(user).registry()).toEqual(before);
  const { findings } = JSON.parse((await user.run(["doctor", "--json"], without(pathOf()))).out);
  expect(findings).toContainEqual(
    expect.objectContaining({ id: "lock", level: "fail", message: expect.stringContaining("cannot be locked") }),
  );
  // what only reads needs none
  expect(await user.auth(["list", "--skip-api"], without(pathOf()))).toContain(ALICE.email);
});

test("a program of that name in a directory that PATH names relatively is not run", async () => {
  user.write("here/flock", "#!/bin/sh\nexit 0\n", 0o755);
  const ran = await user.run(["sync"], { ...without("here:."), cwd: user.home });
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining("files cannot be locked") });
});
