import { expect, test } from "bun:test";
import { connectTerminal } from "../../src/io/terminal.ts";

/** Returns a terminal and what it has written to either stream. */
function connect({ isTerminal = false, term = "xterm" } = {}) {
  const written = { out: "", err: "" };
  const fake = Object.create(process, { env: { value: { TERM: term } } });
  const write = (text: string) => void (written.out += text);
  const writeError = (text: string) => void (written.err += text);
  return { written, terminal: connectTerminal(fake, write, writeError, () => isTerminal) };
}

test.each([
  ["a terminal", { isTerminal: true }, "\r\u001b[K1 of 2 \ufffd[31m"],
  ["no terminal", { isTerminal: false }, ""],
  ["a terminal that cannot take a line back", { isTerminal: true, term: "dumb" }, ""],
])("progress on %s", (_what, how, shown) => {
  const { written, terminal } = connect(how);
  terminal.progress("1 of 2 \u001b[31m");
  expect(written).toEqual({ out: "", err: shown });
});

test("results and messages cannot steer a terminal; data goes out as it is", () => {
  const { written, terminal } = connect();
  const hostile = "d\u001b[31mred\u0007\u009b\u202e\r";
  terminal.out(`${hostile}\n`);
  terminal.log.info({ message: hostile, hint: hostile });
  expect(written.out).toBe("d\ufffd[31mred\ufffd\ufffd\ufffd\ufffd\n");
  expect(written.err).toBe(`codex-auth: ${written.out}  try: ${written.out}`);
  terminal.write(hostile);
  expect(written.out).toEndWith(hostile);
});

test("each kind of message has one shape, and the same one is said as often as it is told", () => {
  const { written, terminal } = connect();
  for (const say of [terminal.log.info, terminal.log.warn, terminal.log.error])
    say({ message: "it is so", hint: "do this" });
  for (let n = 0; n < 20; n++) terminal.log.info("again");
  terminal.log.log("  skipped   a line of a report");
  expect(written.err).toBe(
    "codex-auth: it is so\n  try: do this\n".repeat(3) +
      "codex-auth: again\n".repeat(20) +
      "  skipped   a line of a report\n",
  );
});
