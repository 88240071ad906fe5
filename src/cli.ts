#!/usr/bin/env -S bun --no-env-file --config=/dev/null --no-install --tsconfig-override=/dev/null
import { makeContext } from "./context.ts";
import { codeOf } from "./io/files.ts";
import { openOutput } from "./io/output.ts";
import { connectTerminal } from "./io/terminal.ts";
import { main } from "./main.ts";

const output = openOutput();
const terminal = connectTerminal(process, output.write);
process.exitCode = await main(process.argv.slice(2), {
  terminal,
  makeContext: () => makeContext(import.meta.path, terminal),
});
try {
  await output.end();
} catch (error) {
  // whoever read our output has seen enough: that is no failure
  if (codeOf(error) !== "EPIPE") {
    terminal.log.error(`the output could not be written: ${codeOf(error) ?? String(error)}`);
    process.exitCode = 1;
  }
}
