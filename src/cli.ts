#!/usr/bin/env -S bun --no-env-file --config=/dev/null --no-install
import { makeContext } from "./context.ts";
import { connectTerminal } from "./io/terminal.ts";
import { main } from "./main.ts";

process.exitCode = await main(process.argv.slice(2), {
  terminal: connectTerminal(process),
  makeContext: () => makeContext(import.meta.path),
});
