import { expect, test } from "bun:test";
import { SHELLS } from "../../src/shell.ts";
import { Home } from "../home.ts";
import { NASTY } from "./nasty.ts";
import { Session } from "./session.ts";
import { describeShells, findShell, KINDS } from "./shells.ts";

describeShells("the harness", (shell) => {
  const kind = KINDS[shell];

  test("runs commands and reads variables to the byte", async () => {
    using home = Home.forShells();
    await using session = await Session.start(shell, home, { rc: kind.export("FROM_RC", "yes") });
    expect(session.greeting).toBe("");
    expect(session.prompt).toBe(">");
    expect(await session.run("echo one")).toBe("one");
    expect(await session.run('sh -c \'printf "a\\nb\\n"; printf "\\033[31mc\\033[m\\n" >&2\'')).toBe("a\nb\nc");
    await session.run(kind.fail(7));
    expect(session.status).toBe(7);
    await session.export("EXPORTED", NASTY);
    await session.set("PLAIN", NASTY);
    const env = await session.env();
    expect(session.status).toBe(0);
    expect(env.EXPORTED).toBe(NASTY);
    expect(env.PLAIN).toBeUndefined();
    expect(env.FROM_RC).toBe("yes");
    expect(env.HOME).toBe(home.path);
    expect(await session.variable("PLAIN")).toBe(NASTY);
    expect(await session.variable("NOTHING")).toBeUndefined();
    await session.unset("EXPORTED");
    expect((await session.env()).EXPORTED).toBeUndefined();
    const strange = await home.mkdir("-a $(touch x) `y` [z]* 'q' \"r\" é\nline");
    await session.cd(strange);
    await session.run("sh -c 'pwd -P >here'");
    expect(await Bun.file(`${strange}/here`).text()).toBe(`${strange}\n`);
  });

  test("follows into nested shells and back", async () => {
    using home = Home.forShells();
    await using session = await Session.start(shell, home);
    for (const inner of SHELLS.filter((each) => each !== shell && findShell(each))) {
      expect(await session.run(KINDS[inner].typed)).toBe("");
      expect(session.shell).toBe(inner);
      expect(await session.run("echo inside")).toBe("inside");
      await session.run("exit");
      expect(session.shell).toBe(shell);
    }
  });
});
