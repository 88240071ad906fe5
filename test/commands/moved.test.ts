import { expect, test } from "bun:test";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ALICE, BOB } from "./credentials.ts";
import { User } from "./user.ts";

test("a pinned directory that was moved: current, overview and doctor say so, with the line that pins it again", async () => {
  await using user = new User();
  for (const who of [ALICE, BOB]) await user.add(who);
  await user.auth(["switch", "alice"]);
  const real = user.directory("real");
  mkdirSync(join(real, "sub"));
  await user.auth(["pin", "bob@example.com", real]);
  const moved = join(user.home, "moved");
  const says = `${moved} was pinned as ${real}: it has been moved, and its pin stayed behind`;
  const line = `codex-auth pin bob@example.com ${moved} && codex-auth unpin ${real}`;
  expect((await user.run(["current"], { cwd: real })).err).not.toContain("was pinned as");
  renameSync(real, moved);
  for (const cwd of [moved, join(moved, "sub")]) {
    for (const words of [["current"], ["overview"]]) {
      const { err } = await user.run(words, { cwd });
      expect(err).toContain(says);
      expect(err).toContain(line);
    }
    const { out } = await user.run(["doctor"], { cwd });
    expect(out).toContain(`FAIL  ${says}\n      try: ${line}`);
  }
  expect((await user.run(["doctor"])).out).toContain(`${real} is pinned but gone`);
  await user.auth(["pin", "bob@example.com", moved]);
  await user.auth(["unpin", real]);
  expect((await user.run(["current"], { cwd: moved })).err).not.toContain("was pinned as");
  expect((await user.json(["pins"])).pins).toMatchObject([{ path: moved, account: { email: BOB.email } }]);
});
