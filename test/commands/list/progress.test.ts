import { afterAll, beforeAll, expect, test } from "bun:test";
import { fakeEnvironment } from "../../fake/config.ts";
import { PROGRAM } from "../../shells/program.ts";
import { Terminal } from "../../shells/terminal.ts";
import { login, stock } from "../stock.ts";
import { User } from "../user.ts";

let user: User;
beforeAll(() => {
  user = new User();
  stock(user.base, [login({ email: "alice@example.com" }), login({ email: "carol@example.com" })]);
  user.fake.behave("usage", { delay: 3500 });
});
afterAll(() => user[Symbol.asyncDispose]());

test("on a terminal it tells from 2 s on how far it is, and wipes it", async () => {
  await using terminal = new Terminal([...PROGRAM, "list"], {
    cwd: user.home,
    env: { HOME: user.home, PATH: "/usr/bin:/bin", TERM: "xterm-256color", ...fakeEnvironment(user.fake) },
  });
  await terminal.waitFor("asking OpenAI for the usage: 0 of 2");
  expect(await terminal.exited).toBe(0);
  expect(terminal.screen()[0]).toMatch(/^ +ACCOUNT /);
}, 20_000);

test("in a pipe it does not", async () => {
  const { code, err } = await user.run(["list"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
}, 20_000);
