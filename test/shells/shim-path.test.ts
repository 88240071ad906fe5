import { expect, test } from "bun:test";
import { Home } from "../home.ts";
import { run } from "../run.ts";
import { PROGRAM } from "./program.ts";
import { parseEnv } from "./session.ts";
import { describeServedShells, findShell, KIND_OF } from "./shells.ts";

describeServedShells("the line that shim install tells", (shell) => {
  test("puts its directory before all others in PATH", async () => {
    using home = Home.forShells();
    home.mkdir(".codex");
    const env = { ...home.env(), SHELL: `/bin/${shell}` };
    const { code, err } = await run([...PROGRAM, "shim", "install"], { env });
    const [, line = ""] = /^  try: (.*) as the last line of /m.exec(err) ?? [];
    expect({ code, line }).toEqual({ code: 0, line: expect.stringContaining(".local/bin") });
    const script = `${line}\n${KIND_OF[shell].call(["env-to", home.at("seen")])}`;
    // what makes PATH of fish_add_path is in the configuration that fish brings along
    const words = KIND_OF[shell].script(findShell(shell) ?? shell, script).filter((word) => word !== "--no-config");
    const ran = await run(words, { cwd: home.path, env: home.env() });
    expect(ran).toMatchObject({ code: 0, err: "" });
    const { PATH } = parseEnv(await Bun.file(home.at("seen")).bytes());
    const [first, ...others] = PATH?.split(":") ?? [];
    expect(first).toBe(home.at(".local/bin"));
    // PowerShell puts its own directory there too
    expect(others.join(":")).toEndWith(home.env().PATH ?? "-");
  }, 30_000);
});
