#!/usr/bin/env -S bun --no-env-file --config=/dev/null --no-install --tsconfig-override=/dev/null
import { refusal } from "./runtime.ts";
import { makeContext } from "./context.ts";
import { givenWords } from "./io/given.ts";
import { openOutput } from "./io/output.ts";
import { codeOf } from "./io/system-error.ts";
import { connectTerminal } from "./io/terminal.ts";
import { main } from "./main.ts";

// in a function, as bytecode knows no `await` outside of one
async function start(): Promise<void> {
  const output = openOutput();
  const terminal = connectTerminal(process, output.write);
  const refused = refusal(Bun.version, process.execArgv, Bun.main);
  if (refused) {
    terminal.log.error(refused);
    process.exitCode = 1;
    return;
  }
  process.exitCode = await main(givenWords(process.argv.slice(2)), {
    terminal,
    makeContext: (command) => makeContext(Bun.main, terminal, command),
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
}

void start();
