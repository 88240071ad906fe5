import { expect, test } from "bun:test";
import { User } from "./user.ts";

test.each([
  ["share", "ALL"],
  ["share", ""],
  ["export_api_key", "yes"],
  ["label_width", "7"],
  ["interval", "4"],
  ["interval", "05"],
  ["interval", "3601"],
])("config %s %p is refused, and stays what it was", async (key, value) => {
  await using user = new User();
  const before = await user.auth(["config", key]);
  expect(await user.run(["config", key, value])).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining(`${key} cannot be "${value}"`),
  });
  expect(await user.auth(["config", key])).toBe(before);
});
