import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeLocks } from "../../src/io/lock.ts";
import { Home } from "../home.ts";

const late = () => new Error("late");

test("a lock file that is removed while somebody waits for it keeps the next ones apart all the same", async () => {
  using home = new Home();
  const path = join(home.path, "lock");
  const locks = makeLocks(process.platform, process.env.PATH);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const first = locks.hold([path], 0, late, async () => {
    await released;
    rmSync(path);
  });
  let inside = 0;
  let most = 0;
  const enter = async () => {
    most = Math.max(most, ++inside);
    await Bun.sleep(100);
    inside -= 1;
  };
  const waiting = locks.hold([path], 5000, late, enter);
  await Bun.sleep(50); // it waits for the first file now
  release();
  await first;
  await Promise.all([waiting, locks.hold([path], 5000, late, enter), locks.hold([path], 5000, late, enter)]);
  expect(most).toBe(1);
});

test("a lock that stays taken: what `late` makes, and nobody is let in", async () => {
  using home = new Home();
  const path = join(home.path, "lock");
  const locks = makeLocks(process.platform, process.env.PATH);
  const again = () => locks.hold([path], 0, late, () => "in");
  await locks.hold([path], 0, late, () => expect(again()).rejects.toThrow("late"));
  expect(await again()).toBe("in");
});

test("a file that is its own lock is never made", async () => {
  using home = new Home();
  const path = join(home.path, "gone");
  expect(makeLocks(process.platform, process.env.PATH).holdFile(path, 0, late, () => "in")).rejects.toThrow("ENOENT");
  expect(await Bun.file(path).exists()).toBe(false);
});
