import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fakeEnvironment } from "../fake/config.ts";
import { PROGRAM } from "../shells/program.ts";
import { Terminal } from "../shells/terminal.ts";
import { apiKey, login, savedRegistry, stock } from "./stock.ts";
import { User } from "./user.ts";

const now = Math.floor(Date.now() / 1000);
const window = (usedPercent: number) => ({ usedPercent, minutes: 300, resetAt: now + 7200 });
const users: User[] = [];
afterAll(async () => {
  for (const user of users) await user[Symbol.asyncDispose]();
});

/** A user with two logins and a key, and a terminal in which he has typed a command: by default `codex-auth list --live`. */
function open({ command = [...PROGRAM, "list", "--live"], interval = 60, columns = 90, rows = 14 } = {}) {
  const user = new User({ usage: { primary: window(12) } });
  users.push(user);
  const stocked = [login({ email: "alice@example.com" }), apiKey("bob"), login({ email: "carol@example.com" })];
  stock(user.base, stocked, { interval_seconds: interval });
  const env = { HOME: user.home, PATH: "/usr/bin:/bin", PS1: "prompt> ", ...fakeEnvironment(user.fake) };
  return { user, terminal: new Terminal(command, { cwd: user.home, env, columns, rows }) };
}
const quoted = PROGRAM.map((word) => `'${word}'`).join(" ");

describe("list --live", () => {
  test("draws on the alternate screen, refreshes, and leaves nothing behind", async () => {
    const { user, terminal } = open();
    await using _ = terminal;
    await terminal.waitFor(/→ \* 01 alice@example.com +Plus +88% \(/);
    await terminal.waitFor("refreshed at");
    expect(terminal.raw).toStartWith("\u001b[?1049h");
    user.fake.setUsage("alice@example.com", { primary: window(60) });
    terminal.write("r");
    await terminal.waitFor(/alice@example.com +Plus +40% \(/);
    expect(savedRegistry(user.base).accounts[0]).toMatchObject({ last_usage: { primary: { used_percent: 60 } } });
    terminal.write("q");
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw).toEndWith("\u001b[?7h\u001b[?25h\u001b[?1049l");
    expect(terminal.screen().join("")).toBe("");
  });

  test("is redrawn at the interval of the registry", async () => {
    const { user, terminal } = open({ interval: 5 });
    await using _ = terminal;
    await terminal.waitFor("88%");
    user.fake.setUsage("carol@example.com", { primary: window(99) });
    await terminal.waitFor(/carol@example.com +Plus +1% \(/, 10);
  }, 20_000);

  test("enter makes the marked account the default", async () => {
    const { user, terminal } = open();
    await using _ = terminal;
    await terminal.waitFor("88%");
    terminal.send("down", "down");
    await terminal.waitFor("→   03 carol");
    terminal.send("enter");
    await terminal.waitFor("the default account is carol@example.com");
    expect(terminal.screen().join("\n")).toMatch(/→ \* 03 carol/);
    expect(savedRegistry(user.base).active_account_key).toBe("user-carol::acct-carol");
  });

  test("what cannot be done is told in the status line", async () => {
    const { user, terminal } = open();
    await using _ = terminal;
    await terminal.waitFor("88%");
    user.write(".codex/config.toml", 'forced_login_method = "chatgpt"\n');
    terminal.send("down", "enter");
    await terminal.waitFor("forced_login_method");
    expect(savedRegistry(user.base).active_account_key).toBe("user-alice::acct-alice");
  });

  test("a resize is followed", async () => {
    const { terminal } = open();
    await using _ = terminal;
    await terminal.waitFor("LAST");
    await terminal.waitFor("88% (");
    terminal.resize(44, 8);
    await terminal.until("narrow", () => (terminal.shows("88%") && !terminal.shows("PLAN") ? true : undefined));
    // what is drawn fits by itself: the terminal would only cut it off
    const drawn = Bun.stripANSI(terminal.raw.slice(terminal.raw.lastIndexOf("\u001b[H"))).split("\r\n");
    for (const line of drawn) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(44);
    expect(drawn.join("\n")).toContain("88%");
    expect(terminal.screen()).toHaveLength(8);
  });

  test("q does not wait for an answer", async () => {
    const { user, terminal } = open();
    await using _ = terminal;
    user.fake.behave("usage", { delay: "never" });
    await terminal.waitFor("refreshing");
    const start = performance.now();
    terminal.write("q");
    expect(await terminal.exited).toBe(0);
    expect(performance.now() - start).toBeLessThan(1500);
  });

  test("without a terminal it says so", async () => {
    const { user, terminal } = open({ command: ["true"] });
    await using _ = terminal;
    const { code, out, err } = await user.run(["list", "--live"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("--live needs a terminal");
    expect((await user.run(["list", "--live", "--json"])).code).toBe(2);
  });
});

describe("the terminal is left as it was found", () => {
  const modes = (user: User, name: string) => readFileSync(join(user.home, name), "utf8");

  test.each([
    ["q", "q", 0],
    ["Esc", "\u001b", 0],
    ["Ctrl-C", "\u0003", 130],
  ])("after %s", async (_key, typed, code) => {
    const script = `stty -g > before; ${quoted} list --live; echo "exit $?"; stty -g > after; echo done`;
    const { user, terminal } = open({ command: ["bash", "--norc", "-c", script] });
    await using _ = terminal;
    await terminal.waitFor("88%");
    terminal.write(typed);
    await terminal.waitFor("done");
    expect(terminal.screen().filter(Boolean)).toEqual([`exit ${code}`, "done"]);
    expect(modes(user, "after")).toBe(modes(user, "before"));
    expect(terminal.raw.lastIndexOf("\u001b[?25h")).toBeGreaterThan(terminal.raw.lastIndexOf("\u001b[?25l"));
  });

  test("after a signal", async () => {
    const script = `stty -g > before; ${quoted} list --live & echo $! > pid; wait $!; stty -g > after; echo done`;
    const { user, terminal } = open({
      command: ["bash", "--norc", "-c", script.replace(" & echo $! > pid; wait $!", "")],
    });
    await using _ = terminal;
    await terminal.waitFor("88%");
    const { stdout } = Bun.spawnSync(["pgrep", "-P", String(terminal.pid)]);
    process.kill(Number(stdout.toString()), "SIGTERM");
    await terminal.waitFor("done");
    expect(modes(user, "after")).toBe(modes(user, "before"));
    expect(terminal.raw).toContain("\u001b[?1049l");
  });

  test("while it is stopped by Ctrl-Z; fg brings it back", async () => {
    const { user, terminal } = open({ command: ["bash", "--norc", "-i"] });
    await using _ = terminal;
    await terminal.waitFor("prompt>");
    terminal.type(`stty -g > before; ${quoted} list --live`);
    await terminal.waitFor("88%");
    terminal.write("\u001a");
    await terminal.waitFor("Stopped");
    expect(terminal.shows("88%")).toBe(false);
    terminal.type("stty -g > between; echo at the prompt");
    await terminal.waitFor("\nat the prompt");
    expect(modes(user, "between")).toBe(modes(user, "before"));
    terminal.type("fg");
    await terminal.waitFor(/→ \* 01 alice/);
    terminal.send("down");
    await terminal.waitFor("→   02 bob");
    terminal.write("q");
    await terminal.until("the prompt again", () => (terminal.shows("→") ? undefined : true));
    terminal.type("stty -g > after; echo bye");
    await terminal.waitFor("\nbye");
    expect(modes(user, "after")).toBe(modes(user, "before"));
  }, 20_000);
});
