import { expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { treeOf } from "../tree.ts";
import { ALICE, auth } from "./credentials.ts";
import { User } from "./user.ts";

// What stands for nothing, as `"$dir"` with a variable that is not set, is no path: it would be the working directory.
test.each([
  [["pin", "work", ""]],
  [["unpin", ""]],
  [["import", ""]],
  [["import", "--json", ""]],
  [["import", "--cpa", ""]],
  [["import", "--purge", ""]],
  [["export", ""]],
  [["export", "--to", ""]],
  [["export", "work", "--to="]],
  [["shim", "install", ""]],
  [["shim", "remove", ""]],
])("%j: exit 2, and nothing has changed", async (words) => {
  await using user = new User();
  const here = user.directory("here");
  mkdirSync(`${here}/sub`);
  await user.auth(["import", user.write("a.json", auth(ALICE)), "--alias", "work"]);
  await user.auth(["pin", "work", here]);
  const before = treeOf(user.home);
  const { code, out, err } = await user.run(words, { cwd: here });
  expect({ code, said: out + err }).toEqual({ code: 2, said: expect.stringContaining("a path cannot be empty") });
  expect(treeOf(user.home)).toEqual(before);
});
