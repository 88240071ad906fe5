import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { User } from "../commands/user.ts";
import { ALICE } from "../commands/credentials.ts";
import { testWith } from "../needs.ts";
import { mustSucceed, run } from "../run.ts";
import { hostile } from "./hostile.ts";

// the shim in a stranger's directory, which a linked worktree makes one of the user's pins

testWith("strace", "a shim becomes codex, reads nothing of a directory but .git, and runs nothing of it", async () => {
  await using user = new User();
  await user.add(ALICE);
  const { cwd, mark } = hostile(user, '{"name":"x","main":"./trap.ts"}');
  const gitDir = join(user.home, "repo/.git/worktrees/hostile");
  user.write("hostile/.git", `gitdir: ${gitDir}\n`);
  user.write("repo/.git/worktrees/hostile/gitdir", `${join(cwd, ".git")}\n`);
  await user.auth(["pin", ALICE.email, join(user.home, "repo")]);
  await user.auth(["shim", "install"]);
  const codex = user.write("bin/codex", '#!/bin/sh\necho "$CODEX_AUTH_EMAIL $PWD"\n', 0o755);
  const trace = join(user.home, "trace");
  const path = [".", "", "node_modules/.bin", join(cwd, "node_modules/.bin"), cwd, join(user.home, "bin")].join(":");
  const shim = join(user.home, ".local/bin/codex");
  const strace = ["strace", "-f", "-y", "-e", "trace=file,process,getdents64", "-o", trace];
  const env = { HOME: user.home, PATH: path };
  const ran = await run([Bun.which("strace") ?? "", ...strace.slice(1), shim, "exec", "hi"], { cwd, env });
  expect(mustSucceed("the shim", ran)).toEqual({ code: 0, out: `${ALICE.email} ${cwd}\n`, err: "" });
  expect(existsSync(mark)).toBe(false);

  const lines = (await Bun.file(trace).text()).split("\n");
  const end = lines.findIndex((line) => line.includes(`execve("${codex}"`));
  const before = lines.slice(0, end);
  // one process from beginning to end; what else there is are threads
  expect(lines[end]?.split(" ")[0]).toBe(lines[0]?.split(" ")[0] ?? "");
  expect(before.filter((line) => /\b(?:v?fork|clone3?)\(/.test(line) && !line.includes("CLONE_THREAD"))).toEqual([]);
  // O_PATH opens nothing: it only asks where a name leads
  const opened = before
    .filter((line) => !line.includes("O_PATH"))
    .flatMap((line) => /\bopen(?:at2?)?\(.* = \d+<(.+)>$/.exec(line)?.[1] ?? []);
  expect([...new Set(opened.filter((file) => file.startsWith(`${cwd}/`)))]).toEqual([join(cwd, ".git")]);
  expect(before.filter((line) => line.includes("getdents64(") && line.includes(`<${cwd}`))).toEqual([]);
});
